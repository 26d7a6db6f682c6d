#ifndef SIGNET_REMOTE_ABSENT_KEYS_H_
#define SIGNET_REMOTE_ABSENT_KEYS_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace signet {

// AbsentKeys remembers for which keys an issuer's set was fetched in vain, so
// that tokens that keep naming one cause no further fetch. There are no more of
// them than there are such fetches in a lifetime.
class AbsentKeys {
 public:
  explicit AbsentKeys(absl::Duration lifetime) : lifetime_(lifetime) {}

  // Add remembers `key_id` for the lifetime.
  void Add(absl::string_view key_id, absl::Duration now);

  bool Contains(absl::string_view key_id, absl::Duration now) const;

  // Clear forgets all: the issuer's keys have changed.
  void Clear() { until_.clear(); }

 private:
  const absl::Duration lifetime_;
  absl::flat_hash_map<std::string, absl::Duration> until_;
};

}  // namespace signet

#endif  // SIGNET_REMOTE_ABSENT_KEYS_H_
