#include "store/change_check.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace signet {
namespace {

absl::Status Refuse(absl::string_view problem) {
  return absl::InvalidArgumentError(problem);
}

bool IsName(const std::string& name) { return name.size() <= kMaxNameBytes; }

absl::Status CheckKeys(const std::vector<KeyRecord>& keys) {
  absl::flat_hash_set<absl::string_view> key_ids;
  for (const KeyRecord& key : keys) {
    if (!IsName(key.key_id)) return Refuse("a key id is too long to store");
    if (!key_ids.insert(key.key_id).second) {
      return Refuse("two keys of an issuer have the same id");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckChange(const StoreChange& change) {
  absl::flat_hash_set<absl::string_view> issuers;
  for (const StoreChange::IssuerKeys& set : change.issuer_keys) {
    if (!IsName(set.issuer)) return Refuse("an issuer is too long to store");
    if (!issuers.insert(set.issuer).second) {
      return Refuse("a change has the keys of an issuer twice");
    }
    absl::Status sound = CheckKeys(set.keys);
    if (!sound.ok()) return sound;
  }
  const bool revocations_fit =
      absl::c_all_of(change.revocations, [](const RevocationRecord& record) {
        return IsName(record.issuer) && IsName(record.value);
      });
  if (!revocations_fit) {
    return Refuse("what is revoked, or its issuer, is too long to store");
  }
  const bool jwk_sets_fit = absl::c_all_of(
      change.jwk_sets,
      [](const JwkSetRecord& record) { return IsName(record.issuer); });
  return jwk_sets_fit ? absl::OkStatus()
                      : Refuse("an issuer is too long to store");
}

absl::Status KeysHaveChanged() {
  return absl::AbortedError(
      "the keys of an issuer have changed meanwhile; read them again");
}

absl::Status TimeHasChanged() {
  return absl::AbortedError(
      "the store's time has changed meanwhile; read it again");
}

}  // namespace signet
