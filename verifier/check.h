#ifndef SIGNET_VERIFIER_CHECK_H_
#define SIGNET_VERIFIER_CHECK_H_

#include <optional>

#include "jose/rejection.h"

namespace signet {

// CheckName names a check. The order is the order in which checks are made.
// The contract documents each (proto/signet/v1/rejection.proto).
enum class CheckName {
  kFormat,
  kIssuer,
  kKey,
  kAlgorithm,
  kSignature,
  kTokenKind,
  kRequiredClaims,
  kExpiration,
  kNotBefore,
  kIssuedAt,
  kAudience,
  kScope,
  kNonce,
  kAuthorizedParty,
  kAccessTokenHash,
  kAuthenticationTime,
  kRevocation,
};

// CheckOutcome is how a check came out. kNotRun means that an earlier one
// failed, and this one would have had nothing to stand on.
enum class CheckOutcome { kPassed, kFailed, kNotRun };

// CheckReport is one check and its outcome.
struct CheckReport {
  CheckName name;
  CheckOutcome outcome;
  // Why it failed; nothing otherwise.
  std::optional<Rejection> rejection;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_CHECK_H_
