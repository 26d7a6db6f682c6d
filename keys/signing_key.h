#ifndef SIGNET_KEYS_SIGNING_KEY_H_
#define SIGNET_KEYS_SIGNING_KEY_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/verification_key.h"

namespace signet {

// SigningKey makes signatures with the one algorithm it is bound to.
// Immutable, and may be used from many threads at once.
class SigningKey {
 public:
  // Create checks `material` (CheckPrivateMaterial). An empty `key_id` stands
  // for the key's JWK thumbprint (RFC 7638).
  static absl::StatusOr<SigningKey> Create(Algorithm algorithm,
                                           absl::string_view key_id,
                                           PrivateMaterial material,
                                           const KeyLimits& limits);

  // Generate makes a new key: RSA with 2048 bits and exponent 65537, HMAC with
  // as many bytes as the hash has. `key_id` is as for Create.
  static absl::StatusOr<SigningKey> Generate(Algorithm algorithm,
                                             absl::string_view key_id = "");

  Algorithm algorithm() const { return verification_key_.algorithm(); }
  const std::string& key_id() const { return verification_key_.key_id(); }
  const PrivateMaterial& material() const { return material_; }

  // verification_key verifies what this key signs.
  const VerificationKey& verification_key() const { return verification_key_; }

  // Sign returns the signature over `signing_input` in the form that JWS wants
  // (RFC 7518 section 3): raw bytes, for ECDSA r and s one after the other.
  // Constant-time in the key. Internal, if the system has no randomness.
  absl::StatusOr<std::string> Sign(absl::string_view signing_input) const;

 private:
  SigningKey(PrivateMaterial material, VerificationKey verification_key)
      : material_(std::move(material)),
        verification_key_(std::move(verification_key)) {}

  PrivateMaterial material_;
  VerificationKey verification_key_;
};

// SigningKeys are shared by all who sign with them.
using SigningKeys = std::vector<std::shared_ptr<const SigningKey>>;

}  // namespace signet

#endif  // SIGNET_KEYS_SIGNING_KEY_H_
