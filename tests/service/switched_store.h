#ifndef SIGNET_TESTS_SERVICE_SWITCHED_STORE_H_
#define SIGNET_TESTS_SERVICE_SWITCHED_STORE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/store.h"

namespace signet {

// SwitchedStore is a real store that a test can take away, or hold up.
class SwitchedStore final : public Store {
 public:
  explicit SwitchedStore(std::unique_ptr<Store> store)
      : store_(std::move(store)) {}

  void SetAway(bool away) { away_ = away; }

  // Block has every commit wait until Unblock.
  void Block() {
    const std::lock_guard lock(mutex_);
    blocked_ = true;
  }
  void Unblock() {
    const std::lock_guard lock(mutex_);
    blocked_ = false;
    changed_.notify_all();
  }

  absl::StatusOr<int64_t> Commit(const StoreChange& change) override {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !blocked_; });
    }
    if (away_) return Away();
    return store_->Commit(change);
  }
  absl::StatusOr<StoreMark> ReadSince(int64_t revision,
                                      StoreReader& reader) override {
    if (away_) return Away();
    return store_->ReadSince(revision, reader);
  }
  absl::Status AwaitChange(int64_t revision, absl::Duration at_most) override {
    if (away_) return Away();
    return store_->AwaitChange(revision, at_most);
  }
  void Wake() override { store_->Wake(); }
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to) override {
    if (away_) return Away();
    return store_->AdvanceTime(from, to);
  }
  absl::StatusOr<int64_t> DropExpired(absl::Time before,
                                      int64_t limit) override {
    if (away_) return Away();
    return store_->DropExpired(before, limit);
  }
  absl::StatusOr<std::string> Check() override { return store_->Check(); }

 private:
  static absl::Status Away() { return absl::UnavailableError("is away"); }

  const std::unique_ptr<Store> store_;
  std::atomic<bool> away_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool blocked_ = false;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_SWITCHED_STORE_H_
