#ifndef SIGNET_KEYS_VERIFICATION_KEY_H_
#define SIGNET_KEYS_VERIFICATION_KEY_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_fingerprint.h"
#include "keys/key_material.h"

namespace signet {

// VerificationKey verifies signatures. It is bound to one algorithm for life:
// a token cannot choose how a key is used (RFC 8725 section 3.1). Immutable,
// and may be used from many threads at once.
class VerificationKey {
 public:
  // Create checks `material` (CheckPublicMaterial). An empty `key_id` stands
  // for the key's JWK thumbprint (RFC 7638).
  static absl::StatusOr<VerificationKey> Create(Algorithm algorithm,
                                                absl::string_view key_id,
                                                PublicMaterial material,
                                                const KeyLimits& limits);

  // Copy makes another owner of the same key.
  VerificationKey Copy() const {
    return VerificationKey(algorithm_, key_id_, ShareMaterial(material_),
                           fingerprint_);
  }

  Algorithm algorithm() const { return algorithm_; }
  const std::string& key_id() const { return key_id_; }
  const PublicMaterial& material() const { return material_; }

  // fingerprint tells keys apart by algorithm and material, whatever their ids.
  // Do not let it out: see KeyFingerprint.
  const KeyFingerprint& fingerprint() const { return fingerprint_; }

 private:
  VerificationKey(Algorithm algorithm, std::string key_id,
                  PublicMaterial material, const KeyFingerprint& fingerprint)
      : algorithm_(algorithm),
        key_id_(std::move(key_id)),
        material_(std::move(material)),
        fingerprint_(fingerprint) {}

  Algorithm algorithm_;
  std::string key_id_;
  PublicMaterial material_;
  KeyFingerprint fingerprint_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_VERIFICATION_KEY_H_
