#ifndef SIGNET_KEYS_JWK_SET_H_
#define SIGNET_KEYS_JWK_SET_H_

#include <cstddef>
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

// UsableKeys are those of a set that somebody else publishes.
struct UsableKeys {
  // At least one; no two have the same id.
  std::vector<VerificationKey> keys;
  // How many others there are that should verify signatures, and cannot.
  size_t unusable = 0;
};

// kMaxPublishedKeys is how many keys a published set may have.
inline constexpr size_t kMaxPublishedKeys = 100;

// ParsePublishedJwkSet reads the keys of a JWK Set that somebody else
// publishes, and over whose faults one has no say: what ParsePublicJwk refuses
// is counted and left out, as are HMAC secrets, which are none once they are
// published, and all keys that share an id. InvalidArgument, if it is no JWK
// Set, is larger than kMaxPublishedKeys, or has no key that is usable.
absl::StatusOr<UsableKeys> ParsePublishedJwkSet(absl::string_view json,
                                                const JwkOptions& options);

// ParsePrivateJwkSet is ParsePublicJwkSet with ParsePrivateJwk.
absl::StatusOr<std::vector<SigningKey>> ParsePrivateJwkSet(
    absl::string_view json, const JwkOptions& options);

// ToPublicJwkSet writes the public halves of all keys that have one.
std::string ToPublicJwkSet(const std::vector<VerificationKey>& keys);

}  // namespace signet

#endif  // SIGNET_KEYS_JWK_SET_H_
