#include "service/store_follower.h"

namespace signet {
namespace {

// Without news, look at the store.
constexpr absl::Duration kLookInterval = absl::Seconds(1);
// After a failure, wait before the next attempt.
constexpr absl::Duration kPauseAfterFailure = absl::Milliseconds(200);

}  // namespace

StoreFollower::StoreFollower(Store& store, StateReplica& replica,
                             Freshness& freshness, EventLog& log)
    : store_(store),
      replica_(replica),
      freshness_(freshness),
      log_(log),
      thread_([this] { Run(); }) {}

StoreFollower::~StoreFollower() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  store_.Wake();
  thread_.join();
}

void StoreFollower::Run() {
  while (!Stopping()) {
    const absl::Status followed = FollowOnce();
    freshness_.Observe();
    Report(followed);
    if (!followed.ok()) Pause(kPauseAfterFailure);
  }
}

absl::Status StoreFollower::FollowOnce() {
  absl::Status news = store_.AwaitChange(replica_.revision(), kLookInterval);
  // Who cannot hear of changes can still look.
  absl::Status refreshed = replica_.Refresh(store_);
  if (!refreshed.ok()) return refreshed;
  freshness_.HeardAll();
  return news;
}

void StoreFollower::Report(const absl::Status& status) {
  if (status == problem_) return;
  problem_ = status;
  if (status.ok()) {
    log_.Info("store.followed");
  } else {
    log_.Warning("store.not_followed", {{"problem", status}});
  }
}

void StoreFollower::Pause(absl::Duration length) {
  std::unique_lock lock(mutex_);
  stop_.wait_for(lock, absl::ToChronoNanoseconds(length),
                 [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return stopping_; });
}

bool StoreFollower::Stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

}  // namespace signet
