#ifndef SIGNET_VERIFIER_EXAMINATION_H_
#define SIGNET_VERIFIER_EXAMINATION_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "jose/rejection.h"
#include "jose/unverified_jwt.h"
#include "keys/key_cache.h"
#include "keys/key_fingerprint.h"
#include "keys/verification_key.h"
#include "verifier/check.h"
#include "verifier/revocations.h"
#include "verifier/signature.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {

// Surroundings are where a token is examined: with which keys, in the light of
// which tokens that were verified before and of what is revoked, and when.
struct Surroundings {
  const KeyCache::Reader& issuers;
  TokenCache* tokens;              // Null for none.
  const Revocations* revocations;  // Null for none.
  absl::Time now;
};

// Examination is one token on its way through the checks: what was asked, and
// what has been found out so far. It belongs to one thread. It holds nothing
// alive that the reader of the keys or the request does not.
struct Examination {
  const Surroundings& surroundings;
  absl::string_view compact;
  const ValidationPolicyOptions& policy;
  const Tightening& tightening;

  // Set by the check of the format, of the issuer and of the key, in turn.
  std::optional<UnverifiedJwt> jwt;
  absl::string_view issuer = {};  // As the policy names it, if it does.
  std::optional<IssuerKeys> keys;
  const VerificationKey* key = nullptr;

  // Set by the check of the format if the signature in `compact` is known to
  // be good: the key that it is good for.
  std::optional<KeyFingerprint> known_signer;

  absl::Time now() const { return surroundings.now; }

  // claims are the registered claims of `jwt`.
  const RegisteredClaims& claims() const { return jwt->claims().registered(); }
};

// Check is a named step of an examination. `run` returns why the token is
// refused, or nothing if it passes.
struct Check {
  CheckName name;
  std::optional<Rejection> (*run)(Examination& examination);
};

// FirstRejection runs `checks` in order, up to the first that refuses the
// token.
inline std::optional<Rejection> FirstRejection(absl::Span<const Check> checks,
                                               Examination& examination) {
  for (const Check& check : checks) {
    if (auto rejection = check.run(examination)) return rejection;
  }
  return std::nullopt;
}

// KeyChecks establish which key must have signed the token: format, issuer,
// key, algorithm. Each stands on the one before.
absl::Span<const Check> KeyChecks();

// SignatureCheck establishes, after these, that it did. It is made of the three
// functions that follow, for those who have many signatures to check.
Check SignatureCheck();

// HasKnownSignature says that the signature need not be checked, since it has
// been, with the same key.
bool HasKnownSignature(const Examination& examination);

// SignatureOf returns what is to be checked. It views the examination, and may
// have to parse the token again.
SignatureTask SignatureOf(Examination& examination);

// ConcludeSignature draws the conclusion from a check of what SignatureOf
// returned: why the token is refused, or nothing.
std::optional<Rejection> ConcludeSignature(Examination& examination,
                                           bool is_valid);

// ClaimsChecks judge what the token says, once it is known who says so. They
// do not depend on each other.
absl::Span<const Check> ClaimsChecks();

}  // namespace signet

#endif  // SIGNET_VERIFIER_EXAMINATION_H_
