#ifndef SIGNET_SERVICE_PROPAGATION_DELAY_H_
#define SIGNET_SERVICE_PROPAGATION_DELAY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace signet {

// PropagationDelay keeps a histogram of how long commits took to reach this
// server. May be used from many threads at once.
class PropagationDelay {
 public:
  // A delay counts in the first bucket whose bound it does not exceed; the last
  // bucket has none.
  static constexpr std::array<absl::Duration, 13> kBounds = {
      absl::Milliseconds(1),   absl::Milliseconds(2),   absl::Milliseconds(5),
      absl::Milliseconds(10),  absl::Milliseconds(20),  absl::Milliseconds(50),
      absl::Milliseconds(100), absl::Milliseconds(200), absl::Milliseconds(500),
      absl::Seconds(1),        absl::Seconds(2),        absl::Seconds(5),
      absl::Seconds(10)};

  // Totals are since the start.
  struct Totals {
    int64_t count = 0;
    absl::Duration sum;
    absl::Duration max;
    std::array<int64_t, kBounds.size() + 1> buckets = {};
  };

  // Record adds a delay; one that is negative, because the clock of the store
  // was set back, as none.
  void Record(absl::Duration delay);

  Totals totals() const;

 private:
  mutable std::mutex mutex_;
  Totals totals_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_PROPAGATION_DELAY_H_
