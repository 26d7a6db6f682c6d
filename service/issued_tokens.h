#ifndef SIGNET_SERVICE_ISSUED_TOKENS_H_
#define SIGNET_SERVICE_ISSUED_TOKENS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace signet {

// IssuedTokens counts the tokens that this server has signed, by key, until
// they expire. To the minute, and without knowing any of them; so a key takes
// at most as many numbers as there are minutes in the longest lifetime. May be
// used from many threads at once.
class IssuedTokens {
 public:
  // Add counts a token of this key.
  void Add(absl::string_view key_id, absl::Time expires, absl::Time now);

  // CountLive returns how many tokens of this key have not expired, up to a
  // minute ago.
  uint64_t CountLive(absl::string_view key_id, absl::Time now) const;

 private:
  // How many expire in which minute.
  using ByMinute = std::map<int64_t, uint64_t>;

  mutable std::mutex mutex_;
  absl::flat_hash_map<std::string, ByMinute> keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ISSUED_TOKENS_H_
