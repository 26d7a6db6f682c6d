#ifndef SIGNET_TESTS_SERVICE_GENERATE_KEYS_H_
#define SIGNET_TESTS_SERVICE_GENERATE_KEYS_H_

#include "service/live_issuers.h"

namespace signet {

// GenerateKeys gives `issuers` the keys that a new store would: for each
// algorithm an active one and a pending one, which are kept nowhere.
void GenerateKeys(LiveIssuers& issuers);

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_GENERATE_KEYS_H_
