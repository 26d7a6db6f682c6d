#include "service/issued_tokens.h"

namespace signet {
namespace {

int64_t MinuteOf(absl::Time time) { return absl::ToUnixSeconds(time) / 60; }

}  // namespace

void IssuedTokens::Add(absl::string_view key_id, absl::Time expires,
                       absl::Time now) {
  const std::lock_guard lock(mutex_);
  ByMinute& minutes = keys_[key_id];
  minutes.erase(minutes.begin(), minutes.lower_bound(MinuteOf(now)));
  ++minutes[MinuteOf(expires)];
}

uint64_t IssuedTokens::CountLive(absl::string_view key_id,
                                 absl::Time now) const {
  const std::lock_guard lock(mutex_);
  const auto minutes = keys_.find(key_id);
  if (minutes == keys_.end()) return 0;
  uint64_t live = 0;
  for (auto minute = minutes->second.lower_bound(MinuteOf(now));
       minute != minutes->second.end(); ++minute) {
    live += minute->second;
  }
  return live;
}

}  // namespace signet
