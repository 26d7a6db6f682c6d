#include "service/state_replica.h"

#include "absl/time/time.h"
#include "service/elapsed.h"

namespace signet {
namespace {

// Takes over what the store tells. All of it is durable, so it can be applied
// before the whole has been read.
class Applier final : public StoreReader {
 public:
  Applier(LiveIssuers& issuers, RemoteIssuers& remote, Revocations& revocations,
          const KeyEncryptionKey& sealer)
      : issuers_(issuers),
        remote_(remote),
        revocations_(revocations),
        sealer_(sealer) {}

  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    status_.Update(issuers_.Apply(keys, sealer_));
  }
  void ReadRevocation(const RevocationRecord& revocation) override {
    revocations_.Apply(revocation);
  }
  void ReadJwkSet(const JwkSetRecord& jwk_set) override {
    remote_.Adopt(jwk_set);
  }

  const absl::Status& status() const { return status_; }

 private:
  LiveIssuers& issuers_;
  RemoteIssuers& remote_;
  Revocations& revocations_;
  const KeyEncryptionKey& sealer_;
  absl::Status status_;
};

}  // namespace

absl::Status StateReplica::Refresh(Store& store) {
  const std::lock_guard refreshing(refreshing_);
  const int64_t before = revision();
  const absl::Duration begun = SteadyElapsed();
  Applier applier(issuers_, remote_, revocations_, sealer_);
  absl::StatusOr<StoreMark> mark = store.ReadSince(before, applier);
  if (mark.ok() && mark->revision < before) {
    issuers_.ForgetRevisions();
    SetRevision(0);
    mark = store.ReadSince(0, applier);
  }
  if (!mark.ok()) return mark.status();
  if (!applier.status().ok()) return applier.status();
  SetRevision(mark->revision);
  // What reading took is counted whole: better too much than too little.
  if (mark->news_age) delay_.Record(*mark->news_age + SteadyElapsed() - begun);
  return absl::OkStatus();
}

void StateReplica::SetRevision(int64_t revision) {
  const std::lock_guard lock(mutex_);
  revision_ = revision;
}

int64_t StateReplica::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

}  // namespace signet
