#ifndef SIGNET_SERVICE_STATE_REPLICA_H_
#define SIGNET_SERVICE_STATE_REPLICA_H_

#include <cstdint>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "keys/key_sealing.h"
#include "service/live_issuers.h"
#include "service/propagation_delay.h"
#include "service/remote_issuers.h"
#include "store/store.h"
#include "verifier/revocations.h"

namespace signet {

// StateReplica is this server's copy of what the store holds, in the form that
// verification and signing use. May be used from many threads at once.
class StateReplica {
 public:
  // All of it must outlive the replica.
  StateReplica(LiveIssuers& issuers, RemoteIssuers& remote,
               Revocations& revocations, const KeyEncryptionKey& sealer)
      : issuers_(issuers),
        remote_(remote),
        revocations_(revocations),
        sealer_(sealer) {}

  // Refresh takes over what has changed in `store` since the last time; or all
  // of it, if the store is an older one, restored from a backup (what has been
  // revoked since stays so on this server). Fails as the store does; or as
  // LiveIssuers::Apply, in which case everything else has been taken over, and
  // is read again the next time.
  absl::Status Refresh(Store& store);

  // revision is the last one that has been taken over whole.
  int64_t revision() const;

  // propagation_delay is how long changes took from their commit until Refresh
  // had taken them over; one delay for all that came together, that of the
  // first. What this server has committed itself counts, too, although it knew.
  const PropagationDelay& propagation_delay() const { return delay_; }

 private:
  LiveIssuers& issuers_;
  RemoteIssuers& remote_;
  Revocations& revocations_;
  const KeyEncryptionKey& sealer_;
  void SetRevision(int64_t revision);

  // One at a time.
  std::mutex refreshing_;
  mutable std::mutex mutex_;
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  PropagationDelay delay_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_STATE_REPLICA_H_
