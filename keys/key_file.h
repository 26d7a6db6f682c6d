#ifndef SIGNET_KEYS_KEY_FILE_H_
#define SIGNET_KEYS_KEY_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"

namespace signet {

// KeyFile names a file of keys, and says what the file itself does not.
struct KeyFile {
  enum class Format { kJwk, kPem };

  std::string path;
  Format format = Format::kJwk;
  // For PEM; see PemOptions.
  std::string key_id;
  // For keys that do not determine one; see JwkOptions and PemOptions.
  std::optional<Algorithm> algorithm;
};

// LoadVerificationKeys reads a JWK, a JWK Set or a PEM file of public keys (or
// HMAC secrets, for which the file must be as private as for signing keys).
// Errors begin with the path.
absl::StatusOr<std::vector<VerificationKey>> LoadVerificationKeys(
    const KeyFile& file, const KeyLimits& limits);

// LoadSigningKeys reads private keys. A file that anyone but its owner and
// group may read, or anyone but its owner may write, is refused.
absl::StatusOr<std::vector<SigningKey>> LoadSigningKeys(
    const KeyFile& file, const KeyLimits& limits);

// SaveSigningKey writes a key as a private JWK to a new file that only its
// owner may read. AlreadyExists if there is a file; it is then unchanged. A
// crash leaves a complete file or none.
absl::Status SaveSigningKey(const SigningKey& key, const std::string& path);

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_FILE_H_
