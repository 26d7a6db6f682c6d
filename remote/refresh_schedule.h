#ifndef SIGNET_REMOTE_REFRESH_SCHEDULE_H_
#define SIGNET_REMOTE_REFRESH_SCHEDULE_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace signet {

// RefreshLimits say how often keys are fetched, and how long they are good for.
struct RefreshLimits {
  // Keys are used for as long as their server says, but for no shorter and no
  // longer than this; and for `default_interval`, if it does not say.
  absl::Duration min_interval = absl::Minutes(1);
  absl::Duration default_interval = absl::Minutes(10);
  absl::Duration max_interval = absl::Hours(1);
  // For how long keys are still used when they cannot be fetched anew.
  absl::Duration max_staleness = absl::Hours(24);
  // Between two fetches that are made because of tokens with an unknown key.
  absl::Duration unknown_key_cooldown = absl::Seconds(30);
};

// CheckRefreshLimits returns InvalidArgument, beginning with the field at
// fault, unless all are positive, and in order.
absl::Status CheckRefreshLimits(const RefreshLimits& limits);

// RefreshSchedule decides when the keys of one issuer are fetched. Times are
// those of a clock that nobody can set. `spread` is a number from 0 to 1,
// chosen at random, so that many issuers do not stay in step.
class RefreshSchedule {
 public:
  // The first fetch is due at once. `limits` must outlive the schedule.
  explicit RefreshSchedule(const RefreshLimits& limits) : limits_(limits) {}

  // due is when to fetch next.
  absl::Duration due() const { return due_; }

  // Succeeded says that the keys were those of their server at `now`, and may
  // be used for `fresh_for`. The next fetch is due ahead of the end of that.
  // May be about a moment in the past.
  void Succeeded(absl::Duration now, std::optional<absl::Duration> fresh_for,
                 double spread);

  // Failed has it tried again after a pause, which doubles each time.
  void Failed(absl::Duration now, double spread);

  // HasFailed reports whether the last attempt did.
  bool HasFailed() const { return failures_ > 0; }

  // Hasten makes the next fetch due now, because of a token with an unknown
  // key, and returns whether the cooldown lets it.
  bool Hasten(absl::Duration now);

  // HasKeys reports whether there are keys that may be used.
  bool HasKeys(absl::Duration now) const;

 private:
  const RefreshLimits& limits_;
  absl::Duration due_ = -absl::InfiniteDuration();
  std::optional<absl::Duration> succeeded_;
  std::optional<absl::Duration> hastened_;
  int failures_ = 0;
};

}  // namespace signet

#endif  // SIGNET_REMOTE_REFRESH_SCHEDULE_H_
