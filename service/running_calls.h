#ifndef SIGNET_SERVICE_RUNNING_CALLS_H_
#define SIGNET_SERVICE_RUNNING_CALLS_H_

#include <atomic>
#include <cstdint>

namespace signet {

// RunningCalls counts the calls of the service that are running: from when gRPC
// hands them over until their answers are on the wire.
class RunningCalls {
 public:
  // Mark is held by one call for as long as it runs.
  class Mark {
   public:
    explicit Mark(RunningCalls& calls) : calls_(calls) {
      // Relaxed: only the end of a call tells anyone anything.
      calls_.count_.fetch_add(1, std::memory_order_relaxed);
    }
    Mark(const Mark&) = delete;  // Counts once.
    Mark& operator=(const Mark&) = delete;
    ~Mark() {
      // What was answered happened before whoever sees no call.
      calls_.count_.fetch_sub(1, std::memory_order_release);
    }

   private:
    RunningCalls& calls_;
  };

  // count is how many are running, streams included.
  int64_t count() const { return count_.load(std::memory_order_relaxed); }

  bool none() const { return count_.load(std::memory_order_acquire) == 0; }

 private:
  std::atomic<int64_t> count_ = 0;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_RUNNING_CALLS_H_
