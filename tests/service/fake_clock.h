#ifndef SIGNET_TESTS_SERVICE_FAKE_CLOCK_H_
#define SIGNET_TESTS_SERVICE_FAKE_CLOCK_H_

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"
#include "service/clock.h"

namespace signet {

// FakeClock tells the time that it was told, and can hold up whoever asks. It
// must outlive the clocks that it gives out.
class FakeClock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}

  Clock AsClock() {
    return [this] { return Tell(); };
  }

  void Advance(absl::Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }

  // Stop makes everyone who asks from now on wait for Go.
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  void Go() {
    const std::lock_guard lock(mutex_);
    stopped_ = false;
    changed_.notify_all();
  }

  // AwaitAsker returns once somebody waits for Go.
  void AwaitAsker() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

 private:
  absl::Time Tell() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !stopped_; });
    --waiting_;
    return now_;
  }

  // Standard ones, because ThreadSanitizer cannot see into the system's Abseil.
  std::mutex mutex_;
  std::condition_variable changed_;
  absl::Time now_;
  bool stopped_ = false;
  int waiting_ = 0;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_FAKE_CLOCK_H_
