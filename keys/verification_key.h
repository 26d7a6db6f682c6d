#ifndef SIGNET_KEYS_VERIFICATION_KEY_H_
#define SIGNET_KEYS_VERIFICATION_KEY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_fingerprint.h"
#include "keys/key_material.h"
#include "keys/prepared_key.h"

namespace signet {

// VerificationKey verifies signatures. It is bound to one algorithm for life:
// a token cannot choose how a key is used (RFC 8725 section 3.1). What it
// says never changes; how fast it is, does (PreparedKey). May be used from many
// threads at once.
class VerificationKey {
 public:
  // Create checks `material` (CheckPublicMaterial). An empty `key_id` stands
  // for the key's JWK thumbprint (RFC 7638).
  static absl::StatusOr<VerificationKey> Create(Algorithm algorithm,
                                                absl::string_view key_id,
                                                PublicMaterial material,
                                                const KeyLimits& limits);

  // Every copy is made by name, with Copy.
  VerificationKey(const VerificationKey&) = delete;
  VerificationKey& operator=(const VerificationKey&) = delete;
  VerificationKey(VerificationKey&&) = default;
  VerificationKey& operator=(VerificationKey&&) = default;
  ~VerificationKey() = default;

  // Copy makes another owner of the same key, and of what it was prepared into.
  VerificationKey Copy() const { return VerificationKey(key_id_, prepared_); }

  Algorithm algorithm() const { return prepared_->algorithm(); }
  const std::string& key_id() const { return key_id_; }
  const PublicMaterial& material() const { return prepared_->material(); }

  // fingerprint tells keys apart by algorithm and material, whatever their ids.
  // Do not let it out: see KeyFingerprint.
  const KeyFingerprint& fingerprint() const { return prepared_->fingerprint(); }

  // prepared is what verifies with this key. Its lifetime is that of all
  // copies of the key together.
  PreparedKey& prepared() const { return *prepared_; }

  // SharePrepared makes this key another owner of what `other` was prepared
  // into, if the two have the same fingerprint. A key that is loaded again
  // keeps its table that way. Call it before other threads see this key.
  void SharePrepared(const VerificationKey& other);

 private:
  VerificationKey(std::string key_id, std::shared_ptr<PreparedKey> prepared)
      : key_id_(std::move(key_id)), prepared_(std::move(prepared)) {}

  std::string key_id_;
  std::shared_ptr<PreparedKey> prepared_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_VERIFICATION_KEY_H_
