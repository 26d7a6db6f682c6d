#include "service/rate/token_bucket.h"

#include <algorithm>

namespace signet {

absl::Duration TokenBucket::Take(const Rate& rate, absl::Time now) {
  const absl::Duration burst = rate.interval * rate.burst;
  // Further ahead it is only for a clock that was set back.
  unused_at_ = std::clamp(unused_at_, now, now + burst);
  const absl::Time next = unused_at_ + rate.interval;
  const absl::Duration wait = next - now - burst;
  if (wait > absl::ZeroDuration()) return wait;
  unused_at_ = next;
  return absl::ZeroDuration();
}

}  // namespace signet
