#ifndef SIGNET_SERVICE_KEY_KEEPER_H_
#define SIGNET_SERVICE_KEY_KEEPER_H_

#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "keys/key_schedule.h"
#include "keys/key_sealing.h"
#include "service/clock.h"
#include "service/elapsed.h"
#include "service/live_issuers.h"
#include "store/store.h"

namespace signet {

// KeyKeeper takes the generated keys of all issuers through their lives, by the
// store's own time, which it also keeps going. Any number of servers may do so
// on one store: each step is made by one of them, and the others see it.
// Belongs to one thread.
//
// What it commits it has LiveIssuers apply before it returns. Calls fail as the
// store does; Aborted means that another server has changed the keys meanwhile,
// and that the same call is right once LiveIssuers know.
class KeyKeeper {
 public:
  // All of it must outlive the keeper.
  KeyKeeper(Store& store, LiveIssuers& issuers, const KeyEncryptionKey& sealer,
            Clock clock, Elapsed elapsed);

  // KeepUp lets the store's time go on, and has every key make the step that is
  // due. Call it every kKeepingInterval or so. Fails with Aborted only if
  // nothing else has failed for any issuer.
  absl::Status KeepUp();

  // Provide generates keys for those of `issuers`, which are to take the place
  // of the ones there are, that have none for an algorithm of theirs.
  absl::Status Provide(LiveIssuers& issuers);
  // Switch has the keys of `issuers` kept from now on, which must outlive the
  // keeper.
  void Switch(LiveIssuers& issuers) { issuers_ = &issuers; }

  // Rotate has the pending key of `algorithm` sign from now on, and Revoke ends
  // a key at once (KeyTimeline::RotationSteps and RevocationSteps). Returns
  // what was done. NotFound, if no keys are generated for the issuer.
  absl::StatusOr<std::vector<KeyStep>> Rotate(const std::string& issuer,
                                              Algorithm algorithm);
  absl::StatusOr<std::vector<KeyStep>> Revoke(const std::string& issuer,
                                              absl::string_view key_id);

  // Time returns the store's time, as it would be if AdvanceTime were called
  // now and nobody else were faster. May be asked by any thread.
  absl::Duration Time() const;

 private:
  using Planner = absl::FunctionRef<absl::StatusOr<std::vector<KeyStep>>(
      const KeyTimeline&)>;

  absl::Status AdvanceTime();
  // The time as it was seen last, for what is decided.
  absl::Duration SeenTime() const;
  absl::StatusOr<std::vector<KeyStep>> Change(LiveIssuers& issuers,
                                              const IssuerPlan& plan,
                                              Planner planner);
  absl::StatusOr<std::vector<KeyStep>> ChangeNow(const std::string& issuer,
                                                 Planner planner);
  // Makes `keys` those of the issuer whose `records` were seen at `time`.
  absl::Status Commit(LiveIssuers& issuers, IssuerKeyRecords records,
                      std::vector<KeyRecord> keys, absl::Duration time);
  absl::StatusOr<GeneratedKey> Generate(const std::string& issuer,
                                        Algorithm algorithm) const;

  Store& store_;
  LiveIssuers* issuers_;
  const KeyEncryptionKey& sealer_;
  const Clock clock_;
  const Elapsed elapsed_;
  // The store's time, and when it was that. At first one that no store has, so
  // that nothing is counted before it has been seen.
  absl::Duration time_ ABSL_GUARDED_BY(mutex_) = -absl::InfiniteDuration();
  absl::Duration time_seen_ ABSL_GUARDED_BY(mutex_);
  // Only for those who ask for the time: all else is one thread's.
  mutable std::mutex mutex_;
};

inline constexpr absl::Duration kKeepingInterval = absl::Seconds(10);

}  // namespace signet

#endif  // SIGNET_SERVICE_KEY_KEEPER_H_
