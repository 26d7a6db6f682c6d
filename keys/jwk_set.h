#ifndef SIGNET_KEYS_JWK_SET_H_
#define SIGNET_KEYS_JWK_SET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "keys/jwk.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"

namespace signet {

// ParsePublicJwkSet reads the keys of a JWK Set (RFC 7517 section 5), or of a
// lone JWK, with ParsePublicJwk. Keys that are for encryption ("use": "enc")
// are passed over; any other that cannot be used is an error that gives its
// place in the set, counted from 1. A set of both HMAC secrets and public keys
// is refused: published, it would give the secrets away.
absl::StatusOr<std::vector<VerificationKey>> ParsePublicJwkSet(
    absl::string_view json, const JwkOptions& options);

// ParsePrivateJwkSet is the same with ParsePrivateJwk.
absl::StatusOr<std::vector<SigningKey>> ParsePrivateJwkSet(
    absl::string_view json, const JwkOptions& options);

// ToPublicJwkSet writes the public halves of all keys that have one.
std::string ToPublicJwkSet(const std::vector<VerificationKey>& keys);

}  // namespace signet

#endif  // SIGNET_KEYS_JWK_SET_H_
