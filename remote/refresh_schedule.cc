#include "remote/refresh_schedule.h"

#include <algorithm>

namespace signet {
namespace {

constexpr absl::Duration kFirstPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Minutes(5);
// From here on the pause is the longest.
constexpr int kMaxDoublings = 9;

}  // namespace

absl::Status CheckRefreshLimits(const RefreshLimits& limits) {
  if (limits.min_interval <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("min_refresh_interval: must be positive");
  }
  if (limits.max_interval < limits.min_interval) {
    return absl::InvalidArgumentError(
        "max_refresh_interval: is shorter than min_refresh_interval");
  }
  if (limits.max_staleness < limits.max_interval) {
    return absl::InvalidArgumentError(
        "max_staleness: is shorter than max_refresh_interval");
  }
  if (limits.unknown_key_cooldown <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("unknown_key_cooldown: must be positive");
  }
  return absl::OkStatus();
}

void RefreshSchedule::Succeeded(absl::Duration now,
                                std::optional<absl::Duration> fresh_for,
                                double spread) {
  const absl::Duration interval =
      std::clamp(fresh_for.value_or(limits_.default_interval),
                 limits_.min_interval, limits_.max_interval);
  succeeded_ = now;
  failures_ = 0;
  due_ = now + std::max(limits_.min_interval, interval * (0.8 + 0.15 * spread));
}

void RefreshSchedule::Failed(absl::Duration now, double spread) {
  const int doublings = std::min(failures_++, kMaxDoublings);
  const absl::Duration pause =
      std::min(kLongestPause, kFirstPause * (int64_t{1} << doublings));
  due_ = now + pause * (0.5 + 0.5 * spread);
}

bool RefreshSchedule::Hasten(absl::Duration now) {
  if (hastened_ && now - *hastened_ < limits_.unknown_key_cooldown) {
    return false;
  }
  hastened_ = now;
  due_ = std::min(due_, now);
  return true;
}

bool RefreshSchedule::HasKeys(absl::Duration now) const {
  return succeeded_ && now - *succeeded_ <= limits_.max_staleness;
}

}  // namespace signet
