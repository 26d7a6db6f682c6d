#ifndef SIGNET_SERVICE_DURABLE_STATE_H_
#define SIGNET_SERVICE_DURABLE_STATE_H_

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "keys/key_sealing.h"
#include "service/clock.h"
#include "service/elapsed.h"
#include "service/event_log.h"
#include "service/freshness.h"
#include "service/key_keeper.h"
#include "service/live_issuers.h"
#include "service/propagation_delay.h"
#include "service/remote_issuers.h"
#include "service/state_replica.h"
#include "service/store_follower.h"
#include "service/store_writer.h"
#include "store/store.h"
#include "verifier/revocations.h"

namespace signet {

// DurableStateOptions says what is kept the same as what.
struct DurableStateOptions {
  std::unique_ptr<Store> store;
  KeyEncryptionKey sealer;
  // This server's memory.
  std::shared_ptr<LiveIssuers> issuers;
  std::shared_ptr<RemoteIssuers> remote;
  std::shared_ptr<Revocations> revocations;
  std::shared_ptr<Freshness> freshness;
  std::shared_ptr<EventLog> log;
  Clock clock = [] { return absl::Now(); };
  Elapsed elapsed = SteadyElapsed;
};

// DurableState keeps this server's memory and the store the same, with two
// threads: one follows what others change, the other writes. Nobody who
// verifies waits for either.
class DurableState {
 public:
  // Start reads the whole store, and generates the keys that are missing. When
  // it returns, the server may serve. Fails as the store does, and as
  // KeyEncryptionKey::Open.
  static absl::StatusOr<std::unique_ptr<DurableState>> Start(
      DurableStateOptions options);

  // StoreTime is the time by which KeyRecord::state_since goes, as far as this
  // server knows.
  absl::Duration StoreTime() const { return keeper_.Time(); }

  // propagation_delay is how long changes of others took to reach this server
  // (StateReplica::propagation_delay).
  const PropagationDelay& propagation_delay() const {
    return replica_.propagation_delay();
  }

  // Switch has `issuers` and `remote`, of another configuration, take the place
  // of those there are. They take over what these know; keys that are missing
  // are generated; then `publish` is called. No key changes between the
  // beginning and its return, so that it can have both used from one moment on.
  // On failure, all stays as it is: as the store fails, if keys were to be
  // generated, and as LiveIssuers::TakeOver. Waits for the writer. One at a
  // time; calls that are running may still use the old ones.
  absl::Status Switch(std::shared_ptr<LiveIssuers> issuers,
                      std::shared_ptr<RemoteIssuers> remote,
                      const std::function<void()>& publish);

  // writer is whom to ask for changes.
  StoreWriter& writer() { return *writer_; }

 private:
  explicit DurableState(DurableStateOptions options);

  absl::Status CatchUp();

  DurableStateOptions options_;
  StateReplica replica_;
  KeyKeeper keeper_;
  // Last, so that the threads end first.
  std::optional<StoreFollower> follower_;
  std::optional<StoreWriter> writer_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_DURABLE_STATE_H_
