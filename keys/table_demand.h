#ifndef SIGNET_KEYS_TABLE_DEMAND_H_
#define SIGNET_KEYS_TABLE_DEMAND_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"

namespace signet {

class PreparedKey;

// TableDemand is where hot keys ask for a table, and KeyPreparer learns of it.
// Keys and the preparer share it, so that neither has to outlive the other.
// May be used from many threads at once.
class TableDemand {
 public:
  // How hot a key must be to ask. A table takes as long to build as 20
  // verifications without one take on P-256, so it has paid for itself soon
  // after; and keys that are used a few times each never ask.
  static constexpr uint32_t kHotEnough = 32;

  // era is the number of the current era, in which KeyHeat counts.
  uint32_t era() const {
    // Relaxed: a number. Who reads the old one counts in the old era.
    return era_.load(std::memory_order_relaxed);
  }

  // BeginEra ends an era: all keys cool by half.
  void BeginEra() { era_.fetch_add(1, std::memory_order_relaxed); }

  // Ask notes that a key wants a table. A key asks once, so this is rare enough
  // for a mutex.
  void Ask(std::weak_ptr<PreparedKey> key);

  // TakeAsked returns the keys that have asked since the last call.
  std::vector<std::weak_ptr<PreparedKey>> TakeAsked();

  // WaitForAsking returns when a key has asked that TakeAsked has not returned
  // yet, when `until` has come, or when StopWaiting has been called.
  void WaitForAsking(std::chrono::steady_clock::time_point until);

  // StopWaiting ends every WaitForAsking, for good.
  void StopWaiting();

 private:
  // From 1: the heat of a key that has never been used is of era 0.
  std::atomic<uint32_t> era_{1};

  // ThreadSanitizer knows these, and not Abseil's from a package.
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::weak_ptr<PreparedKey>> asked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_KEYS_TABLE_DEMAND_H_
