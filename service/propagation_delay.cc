#include "service/propagation_delay.h"

#include <algorithm>

namespace signet {

void PropagationDelay::Record(absl::Duration delay) {
  delay = std::max(delay, absl::ZeroDuration());
  const auto bucket = static_cast<size_t>(
      std::lower_bound(kBounds.begin(), kBounds.end(), delay) -
      kBounds.begin());
  const std::lock_guard lock(mutex_);
  ++totals_.count;
  totals_.sum += delay;
  totals_.max = std::max(totals_.max, delay);
  ++totals_.buckets[bucket];
}

PropagationDelay::Totals PropagationDelay::totals() const {
  const std::lock_guard lock(mutex_);
  return totals_;
}

}  // namespace signet
