#ifndef SIGNET_TESTS_SERVICE_MINT_H_
#define SIGNET_TESTS_SERVICE_MINT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "keys/signing_key.h"

namespace signet {

// Mint signs `claims` as they are. The header has the key's alg and kid, and
// `type` for a typ unless it is empty.
std::string Mint(const SigningKey& key, absl::string_view type,
                 absl::string_view claims);

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_MINT_H_
