#include "keys/verification_key.h"

#include "absl/strings/str_cat.h"
#include "jose/jose_header.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "keys/jwk_members.h"

namespace signet {

absl::StatusOr<VerificationKey> VerificationKey::Create(
    Algorithm algorithm, absl::string_view key_id, PublicMaterial material,
    const KeyLimits& limits) {
  if (key_id.size() > kMaxKeyIdBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("key id is longer than ", kMaxKeyIdBytes, " bytes"));
  }
  if (!JsonDocument::Parse(ToJsonString(key_id)).ok()) {
    return absl::InvalidArgumentError("key id is not UTF-8");
  }
  const absl::Status sound = CheckPublicMaterial(algorithm, material, limits);
  if (!sound.ok()) return sound;
  std::string id =
      key_id.empty() ? JwkThumbprint(material) : std::string(key_id);
  return VerificationKey(std::move(id),
                         PreparedKey::Create(algorithm, std::move(material)));
}

void VerificationKey::SharePrepared(const VerificationKey& other) {
  if (fingerprint() == other.fingerprint()) prepared_ = other.prepared_;
}

}  // namespace signet
