#ifndef SIGNET_SERVICE_FRESHNESS_H_
#define SIGNET_SERVICE_FRESHNESS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/elapsed.h"

namespace signet {

// WhenStale says what a server does that has not heard of the store for long.
enum class WhenStale {
  kVerify,  // By what it last knew.
  kRefuse,  // Rather than guess.
};

// Freshness knows how long ago this server last had all that the store has.
// Starts fresh. May be used from many threads at once.
class Freshness {
 public:
  Freshness(absl::Duration max_staleness, WhenStale when_stale, Elapsed elapsed)
      : max_staleness_(max_staleness),
        when_stale_(when_stale),
        elapsed_(std::move(elapsed)) {
    HeardAll();
  }

  // HeardAll says that nothing was missing just now.
  void HeardAll();

  // Age returns how long ago that was.
  absl::Duration Age() const;

  bool IsStale() const { return Age() > max_staleness_; }

  // SetListener has `changed` called, by whoever calls Observe, after IsStale
  // has become another; none, if it is empty. When it returns, the one before
  // is called no more. Observe is to be called every few seconds.
  void SetListener(std::function<void()> changed);
  void Observe();

  // CheckVerifying and CheckSigning return Unavailable if the server must not
  // do so now. Nobody signs for longer than kMaxSigningAge without news: the
  // key might be taken for retired elsewhere, and be gone before its tokens.
  absl::Status CheckVerifying() const;
  absl::Status CheckSigning() const;

 private:
  const absl::Duration max_staleness_;
  const WhenStale when_stale_;
  const Elapsed elapsed_;
  // In nanoseconds of `elapsed_`.
  std::atomic<int64_t> heard_{0};

  std::mutex mutex_;
  std::function<void()> listener_ ABSL_GUARDED_BY(mutex_);
  bool observed_stale_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_FRESHNESS_H_
