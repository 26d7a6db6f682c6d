#include "keys/key_set.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace signet {

absl::StatusOr<KeySet> KeySet::Create(std::vector<VerificationKey> keys) {
  absl::flat_hash_map<std::string, size_t> index_by_id;
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto [first, inserted] = index_by_id.emplace(keys[i].key_id(), i);
    if (!inserted) {
      return absl::InvalidArgumentError(absl::StrCat(
          "keys ", first->second + 1, " and ", i + 1, " have the same kid"));
    }
  }
  return KeySet(std::move(keys), std::move(index_by_id));
}

const VerificationKey* KeySet::FindById(absl::string_view key_id) const {
  const auto found = index_by_id_.find(key_id);
  return found == index_by_id_.end() ? nullptr : &keys_[found->second];
}

const VerificationKey* KeySet::FindOnly(Algorithm algorithm) const {
  const VerificationKey* only = nullptr;
  for (const VerificationKey& key : keys_) {
    if (key.algorithm() != algorithm) continue;
    if (only != nullptr) return nullptr;
    only = &key;
  }
  return only;
}

void KeySet::SharePrepared(const KeySet& before) {
  for (VerificationKey& key : keys_) {
    const VerificationKey* const same = before.FindById(key.key_id());
    if (same != nullptr) key.SharePrepared(*same);
  }
}

}  // namespace signet
