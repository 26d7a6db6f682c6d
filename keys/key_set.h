#ifndef SIGNET_KEYS_KEY_SET_H_
#define SIGNET_KEYS_KEY_SET_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/verification_key.h"

namespace signet {

// KeySet is the verification keys of one issuer. Immutable; keys are found by
// their id, which no two of them share.
class KeySet {
 public:
  // Create refuses two keys with the same id: which one a token meant would be
  // anyone's guess.
  static absl::StatusOr<KeySet> Create(std::vector<VerificationKey> keys);

  // FindById returns the key with this `kid`, or null. It lives as long as the
  // set.
  const VerificationKey* FindById(absl::string_view key_id) const;

  // FindOnly returns the key for `algorithm`, for a token that names no key;
  // null, unless there is exactly one.
  const VerificationKey* FindOnly(Algorithm algorithm) const;

  // SharePrepared has every key that is in `before` under the same id, and is
  // the same, share what was prepared there, so that it is not done again. Call
  // it before other threads see this set.
  void SharePrepared(const KeySet& before);

  // keys are all of them, in the order of creation.
  const std::vector<VerificationKey>& keys() const { return keys_; }

 private:
  KeySet(std::vector<VerificationKey> keys,
         absl::flat_hash_map<std::string, size_t> index_by_id)
      : keys_(std::move(keys)), index_by_id_(std::move(index_by_id)) {}

  std::vector<VerificationKey> keys_;
  absl::flat_hash_map<std::string, size_t> index_by_id_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_SET_H_
