#include "service/state_replica.h"

#include "absl/time/time.h"
#include "service/elapsed.h"

namespace signet {
namespace {

// Takes over what the store tells. All of it is durable, so it can be applied
// before the whole has been read.
class Applier final : public StoreReader {
 public:
  Applier(LiveIssuers& issuers, Revocations& revocations,
          const KeyEncryptionKey& sealer)
      : issuers_(issuers), revocations_(revocations), sealer_(sealer) {}

  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    status_.Update(issuers_.Apply(keys, sealer_));
  }
  void ReadRevocation(const RevocationRecord& revocation) override {
    revocations_.Apply(revocation);
  }
  // No issuer's keys are fetched.
  void ReadJwkSet(const JwkSetRecord&) override {}

  const absl::Status& status() const { return status_; }

 private:
  LiveIssuers& issuers_;
  Revocations& revocations_;
  const KeyEncryptionKey& sealer_;
  absl::Status status_;
};

}  // namespace

absl::Status StateReplica::Refresh(Store& store) {
  const std::lock_guard refreshing(refreshing_);
  const int64_t before = revision();
  const absl::Duration begun = SteadyElapsed();
  Applier applier(issuers_, revocations_, sealer_);
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
