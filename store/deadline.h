#ifndef SIGNET_STORE_DEADLINE_H_
#define SIGNET_STORE_DEADLINE_H_

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace signet {

// Deadline is a moment by a clock that cannot jump, at most a day away.
class Deadline {
 public:
  explicit Deadline(absl::Duration from_now)
      : end_(Clock::now() +
             absl::ToChronoNanoseconds(std::min(from_now, absl::Hours(24)))) {}

  // Left is how long it is until then, and zero afterwards.
  absl::Duration Left() const {
    return std::max(absl::ZeroDuration(),
                    absl::FromChrono(end_ - Clock::now()));
  }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point end_;
};

}  // namespace signet

#endif  // SIGNET_STORE_DEADLINE_H_
