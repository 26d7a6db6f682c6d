#ifndef SIGNET_TESTS_SERVICE_FAKE_FETCHER_H_
#define SIGNET_TESTS_SERVICE_FAKE_FETCHER_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "fetch/fetcher.h"

namespace signet {

// FakeFetcher fetches what the test gives it. May be used from many threads at
// once.
class FakeFetcher final : public Fetcher {
 public:
  ~FakeFetcher() override {
    while (waiting() > 0) Answer(absl::CancelledError("the test has ended"));
  }

  void Fetch(FetchRequest, Done done) override {
    std::unique_lock lock(mutex_);
    ++asked_;
    if (const auto always = always_) {
      lock.unlock();
      done(*always);
      return;
    }
    waiting_.push_back(std::move(done));
    changed_.notify_all();
  }

  // Answer answers the oldest request, on this thread; AwaitRequest returns
  // once there is one.
  void Answer(absl::StatusOr<FetchAnswer> answer) {
    Done done;
    {
      const std::lock_guard lock(mutex_);
      done = std::move(waiting_.at(0));
      waiting_.pop_front();
    }
    done(std::move(answer));
  }
  // AnswerAlways answers what waits and whatever comes, once and for all.
  void AnswerAlways(const absl::StatusOr<FetchAnswer>& answer) {
    {
      const std::lock_guard lock(mutex_);
      always_ = answer;
    }
    while (waiting() > 0) Answer(answer);
  }
  void AwaitRequest() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
      return !waiting_.empty();
    });
  }

  // asked counts the requests that there ever were.
  int asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Done> waiting_ ABSL_GUARDED_BY(mutex_);
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<absl::StatusOr<FetchAnswer>> always_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_FAKE_FETCHER_H_
