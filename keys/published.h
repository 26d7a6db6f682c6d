#ifndef SIGNET_KEYS_PUBLISHED_H_
#define SIGNET_KEYS_PUBLISHED_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "keys/read_section.h"

namespace signet {

// Published is a value that is replaced as a whole while any number of threads
// read it, without locks and without writing to memory that another reader
// touches. Each value is immutable, and hangs on one pointer: to replace it is
// one store. What was replaced is let go of when no reader can stand on it any
// more (ReadSection): by the call itself if possible, otherwise by a later one.
template <typename T>
class Published {
 public:
  // Reader stands on the value that was there when it was made, for as long as
  // it lives: all that it says belongs together. It belongs to the thread that
  // made it and to one call: while it lives, nothing that is replaced in this
  // process can be freed. It must not outlive what it reads.
  class Reader {
   public:
    // Acquire, to read the value as it was written; and sequentially
    // consistent, as ReadSection demands.
    explicit Reader(const Published& published)
        : value_(*published.current_.load(std::memory_order_seq_cst)) {}

    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }

   private:
    friend class Published;

    ReadSection section_;  // First: it must have begun when the value is read.
    const std::shared_ptr<const T>& value_;
  };

  // Never null.
  explicit Published(std::shared_ptr<const T> first)
      : current_(new std::shared_ptr<const T>(std::move(first))) {}
  // Readers hold its address.
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;
  // No reader may be alive. Relaxed: whoever destroys it has come after all its
  // users.
  ~Published() { delete current_.load(std::memory_order_relaxed); }

  // Share returns the value of the moment, to be kept for longer than a reader
  // may live.
  std::shared_ptr<const T> Share() const { return Reader(*this).value_; }

  // Replace has every reader that begins after its return find `next`, which is
  // not null. It waits for other writers and for the kernel
  // (OldestEpochInReach), never for readers.
  void Replace(std::shared_ptr<const T> next) {
    std::vector<Replaced> out_of_reach;  // Goes without the mutex.
    const std::lock_guard lock(mutex_);
    Value old(
        current_.exchange(new std::shared_ptr<const T>(std::move(next)),
                          // Release, so that readers see what is in it; and
                          // sequentially consistent, as AdvanceEpoch demands.
                          std::memory_order_seq_cst));
    replaced_.push_back({AdvanceEpoch(), std::move(old)});
    out_of_reach = TakeOutOfReach();
  }

  // FreeReplaced lets go of what is out of reach by now, and returns how many
  // values still are in reach.
  size_t FreeReplaced() {
    std::vector<Replaced> out_of_reach;
    const std::lock_guard lock(mutex_);
    out_of_reach = TakeOutOfReach();
    return replaced_.size();
  }

 private:
  using Value = std::unique_ptr<const std::shared_ptr<const T>>;
  // What has been unlinked in `epoch`.
  struct Replaced {
    uint64_t epoch;
    Value value;
  };

  std::vector<Replaced> TakeOutOfReach() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (replaced_.empty()) return {};
    const uint64_t oldest = OldestEpochInReach();
    const auto in_reach = absl::c_partition_point(
        replaced_,
        [oldest](const Replaced& each) { return each.epoch < oldest; });
    std::vector<Replaced> out_of_reach(
        std::make_move_iterator(replaced_.begin()),
        std::make_move_iterator(in_reach));
    replaced_.erase(replaced_.begin(), in_reach);
    return out_of_reach;
  }

  std::atomic<const std::shared_ptr<const T>*> current_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  std::mutex mutex_;
  // In the order of their epochs.
  std::vector<Replaced> replaced_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_KEYS_PUBLISHED_H_
