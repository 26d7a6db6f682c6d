#ifndef SIGNET_SERVICE_STORE_WRITER_H_
#define SIGNET_SERVICE_STORE_WRITER_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "keys/key_schedule.h"
#include "service/clock.h"
#include "service/event_log.h"
#include "service/key_keeper.h"
#include "service/state_replica.h"
#include "store/store.h"
#include "verifier/revocations.h"

namespace signet {

// StoreWriter is the one thread of this server that changes the store: it makes
// revocations durable, keeps the keys (KeyKeeper), and drops what has expired.
// It runs from construction to destruction, which first does what waits, and
// keeps the keys once more.
//
// What is asked of it is done in the order of the calls, and `done` called on
// its thread, once; with ResourceExhausted at once, on the caller's, if too
// much waits. Failures are those of the store: with Unavailable it may have
// happened or not, and is to be asked again.
class StoreWriter {
 public:
  // All of it must outlive the writer.
  StoreWriter(Store& store, StateReplica& replica, Revocations& revocations,
              KeyKeeper& keeper, EventLog& log, Clock clock);
  // Its thread holds its address.
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;
  ~StoreWriter();

  // Revoke makes revocations durable, and this server honour them, before it
  // calls `done`. Those that wait share a commit.
  void Revoke(std::vector<RevocationRecord> records,
              std::function<void(absl::Status)> done);

  // KeepJwkSet makes a fetched set durable.
  void KeepJwkSet(JwkSetRecord record, std::function<void(absl::Status)> done);

  using StepsDone =
      std::function<void(const absl::StatusOr<std::vector<KeyStep>>& steps)>;
  // RotateKey and RevokeKey are KeyKeeper's.
  void RotateKey(std::string issuer, Algorithm algorithm, StepsDone done);
  void RevokeKey(std::string issuer, std::string key_id, StepsDone done);

  using KeyChange = std::function<absl::StatusOr<std::vector<KeyStep>>()>;
  // ChangeKeys has `change` called, on the writer's thread, and again whenever
  // another server was faster (Aborted).
  void ChangeKeys(std::string issuer, KeyChange change, StepsDone done);

 private:
  // Either of the two.
  struct Job {
    StoreChange records;
    KeyChange change;
    // To whom the outcome matters.
    std::function<void(absl::Status)> records_done;
    StepsDone change_done;
    std::string issuer;
  };

  void Run();
  void Enqueue(Job job);
  // Waits until there is something to do, for at most `length`, and takes it.
  std::deque<Job> TakeJobs(absl::Duration length);
  void Do(std::deque<Job> jobs);
  void Commit(const std::vector<Job>& jobs);
  void Change(const Job& job);
  // Repeats `change` for as long as another server is faster.
  absl::StatusOr<std::vector<KeyStep>> Insist(const KeyChange& change);
  void KeepUp();
  absl::Status DropExpired();
  bool Stopping() const;

  Store& store_;
  StateReplica& replica_;
  Revocations& revocations_;
  KeyKeeper& keeper_;
  EventLog& log_;
  const Clock clock_;
  // Of the thread alone: what was wrong with keeping the last time.
  absl::Status problem_;
  absl::Time next_drop_ = absl::InfinitePast();

  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_STORE_WRITER_H_
