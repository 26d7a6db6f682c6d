#ifndef SIGNET_SERVICE_REMOTE_ISSUERS_H_
#define SIGNET_SERVICE_REMOTE_ISSUERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fetch/fetcher.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "remote/remote_keys.h"
#include "service/clock.h"
#include "service/elapsed.h"
#include "service/event_log.h"
#include "store/records.h"

namespace signet {

// RemoteIssuers keeps the keys of issuers elsewhere in the key cache, as they
// publish them. Which issuers there are does not change: another configuration
// makes others, which take over what was fetched. May be used from many threads
// at once; none ever waits for the network.
class RemoteIssuers {
 public:
  // Keep is told of a set that was fetched, for the store, and calls `done`
  // when it is there, or could not be. Must not block.
  using Keep = std::function<void(JwkSetRecord record,
                                  std::function<void(absl::Status)> done)>;

  // kMaxWaiting is how many callers may wait for an issuer's keys at a time.
  static constexpr size_t kMaxWaiting = 4096;

  RemoteIssuers(std::vector<RemoteOptions> options,
                std::shared_ptr<KeyCache> key_cache, Clock clock,
                Elapsed elapsed);
  // A fetcher's threads hold its address.
  RemoteIssuers(const RemoteIssuers&) = delete;
  RemoteIssuers& operator=(const RemoteIssuers&) = delete;

  bool empty() const { return issuers_.empty(); }

  // Start has keys fetched with `fetcher` from now on, whenever somebody calls
  // FetchDue or asks for a key. All of it must live until Stop has returned and
  // the fetcher is gone.
  void Start(Fetcher& fetcher, EventLog& log, Keep keep);
  // Stop ends that: those who wait are told, and nothing that is answered later
  // has an effect. May be called again. Destroy the fetcher before this.
  void Stop();

  // FetchDue begins what is due, and takes keys out of use that are too old.
  // Call it every kFetchInterval or so.
  void FetchDue();

  // Adopt takes over a set that another server has fetched, or this one in an
  // earlier life. One that cannot be used changes nothing.
  void Adopt(const JwkSetRecord& record);

  // TakeOver adopts what `before` has in use.
  void TakeOver(const RemoteIssuers& before);

  // IsIdle reports that no fetcher and no store holds its address: once it has
  // been stopped, it may go.
  bool IsIdle() const {
    // Acquire: what they did to it comes before its end.
    return expected_.load(std::memory_order_acquire) == 0;
  }

  // Inquire says what it means that the set of `issuer` has no key `key_id`
  // (RemoteKeys::Inquire), and has the set fetched if that may help. Certain,
  // if the issuer is not one of these.
  Absence Inquire(absl::string_view issuer, absl::string_view key_id);

  // AwaitFetch calls `done` once the set of `issuer` is not being fetched (any
  // more), perhaps before it returns, on any thread; at the latest at Stop, and
  // at once after that. It must not block. Returns false, and does not call it,
  // if too many wait.
  bool AwaitFetch(absl::string_view issuer, std::function<void()> done);

  // Figures is how it stands with one issuer.
  struct Figures {
    std::string issuer;
    // Answers, since the start, that something could be learned from, and
    // others.
    uint64_t fetched = 0;
    uint64_t failed = 0;
    // How long ago the set in use was fetched, or confirmed; nothing, if there
    // is none.
    std::optional<absl::Duration> age;
    // Keys of that set that cannot be used.
    size_t unusable = 0;
  };

  // figures are those of all issuers.
  std::vector<Figures> figures() const;

 private:
  struct Issuer {
    explicit Issuer(RemoteOptions options) : keys(std::move(options)) {}

    std::mutex mutex;
    RemoteKeys keys ABSL_GUARDED_BY(mutex);
    // What the last fetch came to, so that the same is not logged twice.
    absl::Status problem ABSL_GUARDED_BY(mutex);
    uint64_t fetched ABSL_GUARDED_BY(mutex) = 0;
    uint64_t failed ABSL_GUARDED_BY(mutex) = 0;
    // When the set in use that was given to `keep` last was fetched.
    absl::Time kept ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
    std::vector<std::function<void()>> waiting ABSL_GUARDED_BY(mutex);
  };
  // What Start was given.
  struct Means {
    Fetcher* fetcher;
    EventLog* log;
    Keep keep;
  };

  Issuer* Find(absl::string_view issuer) const;
  // Null, unless started.
  std::shared_ptr<const Means> means() const;
  // Has fetched what is due; if nothing is being fetched, tells who waits.
  void Proceed(Issuer& issuer);
  static void ReleaseWaiting(Issuer& issuer);
  void Take(Issuer& issuer, absl::StatusOr<FetchAnswer> answer);
  // Puts what a fetch brought into use.
  void Install(Issuer& issuer, absl::StatusOr<std::optional<KeySet>> keys)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(issuer.mutex);
  // The set in use, if it is to be kept now.
  static std::optional<JwkSetRecord> RecordToKeep(Issuer& issuer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(issuer.mutex);
  void KeepRecord(Issuer& issuer, JwkSetRecord record, const Keep& keep);
  // Says that a call that was expected has come, and will not use this any
  // more.
  void Came() {
    // Release: see IsIdle.
    expected_.fetch_sub(1, std::memory_order_release);
  }
  static void Report(Issuer& issuer, const absl::Status& status, EventLog& log)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(issuer.mutex);
  double Spread();

  const std::shared_ptr<KeyCache> key_cache_;
  const Clock clock_;
  const Elapsed elapsed_;
  absl::flat_hash_map<std::string, std::unique_ptr<Issuer>> issuers_;

  // Calls of a fetcher or the store that are still to come. Relaxed, where it
  // grows: whoever has it grow keeps this alive meanwhile.
  std::atomic<int> expected_{0};

  mutable std::mutex mutex_;
  std::shared_ptr<const Means> means_ ABSL_GUARDED_BY(mutex_);
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_){std::random_device{}()};
};

inline constexpr absl::Duration kFetchInterval = absl::Milliseconds(500);

}  // namespace signet

#endif  // SIGNET_SERVICE_REMOTE_ISSUERS_H_
