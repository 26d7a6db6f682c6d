#include "service/key_keeper.h"

#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "keys/signing_key.h"

namespace signet {
namespace {

// The one of two outcomes that somebody has to look after: Aborted passes by
// itself.
absl::Status Worse(const absl::Status& one, const absl::Status& other) {
  if (other.ok()) return one;
  return one.ok() || absl::IsAborted(one) ? other : one;
}

// Whether there is an algorithm that no key was ever generated for.
bool LacksKeys(const LiveIssuers& issuers, const IssuerPlan& plan) {
  AlgorithmSet known;
  for (const KeyRecord& key : issuers.Records(plan.issuer).keys) {
    known.Add(key.algorithm);
  }
  return absl::c_any_of(plan.signing.generated, [&](Algorithm algorithm) {
    return !known.Contains(algorithm);
  });
}

}  // namespace

KeyKeeper::KeyKeeper(Store& store, LiveIssuers& issuers,
                     const KeyEncryptionKey& sealer, Clock clock,
                     Elapsed elapsed)
    : store_(store),
      issuers_(&issuers),
      sealer_(sealer),
      clock_(std::move(clock)),
      elapsed_(std::move(elapsed)),
      time_seen_(elapsed_()) {}

absl::Status KeyKeeper::KeepUp() {
  absl::Status kept = AdvanceTime();
  if (!kept.ok()) return kept;
  for (const IssuerPlan* plan : issuers_->Plans()) {
    const AlgorithmSet algorithms = plan->signing.GeneratedSet();
    if (algorithms.empty()) continue;
    // One issuer's trouble is not another's.
    const absl::Status changed =
        Change(*issuers_, *plan, [&](const KeyTimeline& timeline) {
          return timeline.DueSteps(algorithms);
        }).status();
    kept = Worse(kept, changed);
  }
  return kept;
}

absl::Status KeyKeeper::Provide(LiveIssuers& issuers) {
  for (const IssuerPlan* plan : issuers.Plans()) {
    if (!LacksKeys(issuers, *plan)) continue;
    absl::Status provided = AdvanceTime();
    if (!provided.ok()) return provided;
    const AlgorithmSet algorithms = plan->signing.GeneratedSet();
    provided = Change(issuers, *plan, [&](const KeyTimeline& timeline) {
                 return timeline.DueSteps(algorithms);
               }).status();
    if (!provided.ok()) return provided;
  }
  return absl::OkStatus();
}

absl::Duration KeyKeeper::Time() const {
  const std::lock_guard lock(mutex_);
  return time_ + (elapsed_() - time_seen_);
}

absl::Duration KeyKeeper::SeenTime() const {
  const std::lock_guard lock(mutex_);
  return time_;
}

absl::Status KeyKeeper::AdvanceTime() {
  const absl::StatusOr<absl::Duration> time =
      store_.AdvanceTime(SeenTime(), Time());
  if (!time.ok()) return time.status();
  // What the call took is not counted: better too slow than too fast.
  const std::lock_guard lock(mutex_);
  time_ = *time;
  time_seen_ = elapsed_();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<KeyStep>> KeyKeeper::Rotate(
    const std::string& issuer, Algorithm algorithm) {
  return ChangeNow(issuer, [&](const KeyTimeline& timeline) {
    return timeline.RotationSteps(algorithm);
  });
}

absl::StatusOr<std::vector<KeyStep>> KeyKeeper::Revoke(
    const std::string& issuer, absl::string_view key_id) {
  return ChangeNow(issuer, [&](const KeyTimeline& timeline) {
    return timeline.RevocationSteps(key_id);
  });
}

absl::StatusOr<std::vector<KeyStep>> KeyKeeper::ChangeNow(
    const std::string& issuer, Planner planner) {
  const IssuerPlan* const plan = issuers_->FindPlan(issuer);
  if (plan == nullptr || plan->signing.generated.empty()) {
    return absl::NotFoundError(
        "issuer: Signet does not generate keys for this issuer");
  }
  const absl::Status advanced = AdvanceTime();
  if (!advanced.ok()) return advanced;
  return Change(*issuers_, *plan, planner);
}

absl::StatusOr<std::vector<KeyStep>> KeyKeeper::Change(LiveIssuers& issuers,
                                                       const IssuerPlan& plan,
                                                       Planner planner) {
  const absl::Duration time = SeenTime();
  IssuerKeyRecords records = issuers.Records(plan.issuer);
  absl::StatusOr<std::vector<KeyStep>> steps =
      planner(KeyTimeline(records.keys, plan.signing.schedule, time));
  if (!steps.ok() || steps->empty()) return steps;
  std::vector<std::string> new_ids;
  absl::StatusOr<std::vector<KeyRecord>> keys =
      TakeSteps(records.keys, *steps, time, clock_(), [&](Algorithm algorithm) {
        absl::StatusOr<GeneratedKey> key = Generate(plan.issuer, algorithm);
        if (key.ok()) new_ids.push_back(key->key_id);
        return key;
      });
  if (!keys.ok()) return keys.status();
  const absl::Status committed =
      Commit(issuers, std::move(records), *std::move(keys), time);
  if (!committed.ok()) return committed;
  auto id = new_ids.begin();
  for (KeyStep& step : *steps) {
    if (!step.from) step.key_id = *id++;
  }
  return steps;
}

absl::Status KeyKeeper::Commit(LiveIssuers& issuers, IssuerKeyRecords records,
                               std::vector<KeyRecord> keys,
                               absl::Duration time) {
  StoreChange change;
  // So that what begins now is not dated back.
  change.seen_time = time;
  change.issuer_keys.push_back({records.issuer, records.revision, keys});
  const absl::StatusOr<int64_t> revision = store_.Commit(change);
  if (!revision.ok()) return revision.status();
  records.revision = *revision;
  records.keys = std::move(keys);
  return issuers.Apply(records, sealer_);
}

absl::StatusOr<GeneratedKey> KeyKeeper::Generate(const std::string& issuer,
                                                 Algorithm algorithm) const {
  const absl::StatusOr<SigningKey> key = SigningKey::Generate(algorithm);
  if (!key.ok()) return key.status();
  return GeneratedKey{key->key_id(), sealer_.Seal(issuer, *key)};
}

}  // namespace signet
