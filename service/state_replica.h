#ifndef SIGNET_SERVICE_STATE_REPLICA_H_
#define SIGNET_SERVICE_STATE_REPLICA_H_

#include <cstdint>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "keys/key_sealing.h"
#include "service/live_issuers.h"
#include "service/propagation_delay.h"
#include "service/remote_issuers.h"
#include "store/records.h"
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
      : issuers_(&issuers),
        remote_(&remote),
        revocations_(revocations),
        sealer_(sealer) {}

  // Refresh takes over what has changed in `store` since the last time; or all
  // of it, if the store is an older one, restored from a backup (what has been
  // revoked since stays so on this server). Fails as the store does; or as
  // LiveIssuers::Apply, in which case everything else has been taken over, and
  // is read again the next time.
  absl::Status Refresh(Store& store);

  // Switch has `issuers` and `remote` take the place of those there are, which
  // from then on are left alone. They take over all keys that these have and
  // the store is known to have; then `publish` is called, and nothing changes
  // in between. If it fails, or the keys do not go with those from files
  // (LiveIssuers::TakeOver), all stays as it is.
  absl::Status Switch(LiveIssuers& issuers, RemoteIssuers& remote,
                      absl::FunctionRef<absl::Status()> publish);

  // revision is the last one that has been taken over whole.
  int64_t revision() const;

  // propagation_delay is how long changes took from their commit until Refresh
  // had taken them over; one delay for all that came together, that of the
  // first. What this server has committed itself counts, too, although it knew.
  const PropagationDelay& propagation_delay() const { return delay_; }

 private:
  class Applier;

  void SetRevision(int64_t revision);

  // One at a time.
  std::mutex refreshing_;
  LiveIssuers* issuers_ ABSL_GUARDED_BY(refreshing_);
  RemoteIssuers* remote_ ABSL_GUARDED_BY(refreshing_);
  // What the store was last seen to have, also of issuers that are not
  // configured: another configuration may have them.
  absl::flat_hash_map<std::string, IssuerKeyRecords> keys_
      ABSL_GUARDED_BY(refreshing_);
  absl::flat_hash_map<std::string, JwkSetRecord> jwk_sets_
      ABSL_GUARDED_BY(refreshing_);
  Revocations& revocations_;
  const KeyEncryptionKey& sealer_;
  mutable std::mutex mutex_;
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  PropagationDelay delay_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_STATE_REPLICA_H_
