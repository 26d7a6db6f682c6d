#ifndef SIGNET_VERIFIER_REVOCATION_CHECK_H_
#define SIGNET_VERIFIER_REVOCATION_CHECK_H_

#include <optional>

#include "jose/rejection.h"
#include "verifier/examination.h"

namespace signet {

// CheckRevocation refuses what is revoked. It goes by what the token says and
// by the key that was found for it, so a token that is known from the cache, or
// that comes with the other signature of ECDSA, is refused all the same.
std::optional<Rejection> CheckRevocation(Examination& examination);

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATION_CHECK_H_
