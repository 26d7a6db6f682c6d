#include "service/state_replica.h"

#include "absl/time/time.h"
#include "service/elapsed.h"

namespace signet {

// Takes over what the store tells. All of it is durable, so it can be applied
// before the whole has been read. It belongs to whoever refreshes.
class StateReplica::Applier final : public StoreReader {
 public:
  explicit Applier(StateReplica& replica) : replica_(replica) {}

  void ReadIssuerKeys(const IssuerKeyRecords& keys) override
      ABSL_NO_THREAD_SAFETY_ANALYSIS {
    replica_.keys_[keys.issuer] = keys;
    status_.Update(replica_.issuers_->Apply(keys, replica_.sealer_));
  }
  void ReadRevocation(const RevocationRecord& revocation) override {
    replica_.revocations_.Apply(revocation);
  }
  void ReadJwkSet(const JwkSetRecord& jwk_set) override
      ABSL_NO_THREAD_SAFETY_ANALYSIS {
    replica_.jwk_sets_[jwk_set.issuer] = jwk_set;
    replica_.remote_->Adopt(jwk_set);
  }

  const absl::Status& status() const { return status_; }

 private:
  StateReplica& replica_;
  absl::Status status_;
};

absl::Status StateReplica::Refresh(Store& store) {
  const std::lock_guard refreshing(refreshing_);
  const int64_t before = revision();
  const absl::Duration begun = SteadyElapsed();
  Applier applier(*this);
  absl::StatusOr<StoreMark> mark = store.ReadSince(before, applier);
  if (mark.ok() && mark->revision < before) {
    issuers_->ForgetRevisions();
    keys_.clear();
    jwk_sets_.clear();
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

absl::Status StateReplica::Switch(LiveIssuers& issuers, RemoteIssuers& remote,
                                  absl::FunctionRef<absl::Status()> publish) {
  const std::lock_guard refreshing(refreshing_);
  absl::Status taken = issuers.TakeOver(*issuers_);
  for (const auto& [name, keys] : keys_) {
    taken.Update(issuers.Apply(keys, sealer_));
  }
  if (!taken.ok()) return taken;
  remote.TakeOver(*remote_);
  for (const auto& [name, jwk_set] : jwk_sets_) remote.Adopt(jwk_set);
  absl::Status published = publish();
  if (!published.ok()) return published;
  issuers_ = &issuers;
  remote_ = &remote;
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
