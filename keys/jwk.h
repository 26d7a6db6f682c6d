#ifndef SIGNET_KEYS_JWK_H_
#define SIGNET_KEYS_JWK_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "jose/algorithm.h"
#include "jose/json.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"

namespace signet {

// JwkOptions says how a JWK is read.
struct JwkOptions {
  // The algorithm of a key that neither names one nor has only one.
  std::optional<Algorithm> default_algorithm;
  KeyLimits limits;
};

// ParsePublicJwk reads a JSON Web Key (RFC 7517) that verifies signatures: kty
// RSA, EC, OKP with Ed25519, or oct. A key that could serve several algorithms
// and names none is refused, as is a private key: it would be one that too
// many have seen. InvalidArgument says what is wrong, without key material.
absl::StatusOr<VerificationKey> ParsePublicJwk(JsonObject jwk,
                                               const JwkOptions& options);

// ParsePrivateJwk reads a JWK that makes signatures. RSA keys must have all of
// d, p, q, dp, dq and qi, and two primes.
absl::StatusOr<SigningKey> ParsePrivateJwk(JsonObject jwk,
                                           const JwkOptions& options);

// ToPublicJwk writes the public half of a key, with kid, alg and use. Nothing,
// if there is no public half.
std::optional<std::string> ToPublicJwk(const VerificationKey& key);

// ToPrivateJwk writes the whole key. The result is a secret.
std::string ToPrivateJwk(const SigningKey& key);

}  // namespace signet

#endif  // SIGNET_KEYS_JWK_H_
