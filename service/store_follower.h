#ifndef SIGNET_SERVICE_STORE_FOLLOWER_H_
#define SIGNET_SERVICE_STORE_FOLLOWER_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/event_log.h"
#include "service/freshness.h"
#include "service/state_replica.h"
#include "store/store.h"

namespace signet {

// StoreFollower is a thread that has a replica take over what changes in the
// store, as soon as it hears of it, and says in the log when the store goes out
// of reach and when it is back. It runs from construction to destruction.
class StoreFollower {
 public:
  // All of it must outlive the follower.
  StoreFollower(Store& store, StateReplica& replica, Freshness& freshness,
                EventLog& log);
  // Its thread holds its address.
  StoreFollower(const StoreFollower&) = delete;
  StoreFollower& operator=(const StoreFollower&) = delete;
  ~StoreFollower();

 private:
  void Run();
  absl::Status FollowOnce();
  void Report(const absl::Status& status);
  // Waits for `length`, or until it is time to stop.
  void Pause(absl::Duration length);
  bool Stopping() const;

  Store& store_;
  StateReplica& replica_;
  Freshness& freshness_;
  EventLog& log_;
  // Of the thread alone: what was wrong the last time.
  absl::Status problem_;

  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_STORE_FOLLOWER_H_
