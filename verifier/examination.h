#ifndef SIGNET_VERIFIER_EXAMINATION_H_
#define SIGNET_VERIFIER_EXAMINATION_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "jose/rejection.h"
#include "jose/unverified_jwt.h"
#include "keys/key_cache.h"
#include "keys/verification_key.h"
#include "verifier/check.h"
#include "verifier/validation_policy.h"

namespace signet {

// Examination is one token on its way through the checks: what was asked, and
// what has been found out so far. It belongs to one thread, and keeps the keys
// that it found alive.
struct Examination {
  absl::string_view compact;
  KeyCache::Reader issuers;
  const ValidationPolicyOptions& policy;
  const Tightening& tightening;
  absl::Time now;

  // Set by the check of the format, of the issuer and of the key, in turn.
  std::optional<UnverifiedJwt> jwt;
  std::optional<IssuerKeys> keys;
  const VerificationKey* key = nullptr;

  // claims are the registered claims of `jwt`.
  const RegisteredClaims& claims() const { return jwt->claims().registered(); }
};

// Check is a named step of an examination. `run` returns why the token is
// refused, or nothing if it passes.
struct Check {
  CheckName name;
  std::optional<Rejection> (*run)(Examination& examination);
};

// TrustChecks establish who made the token: format, issuer, key, algorithm,
// signature. Each stands on the one before.
absl::Span<const Check> TrustChecks();

// ClaimsChecks judge what the token says, once it is known who says so. They
// do not depend on each other.
absl::Span<const Check> ClaimsChecks();

}  // namespace signet

#endif  // SIGNET_VERIFIER_EXAMINATION_H_
