#include "service/durable_state.h"

#include <future>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"

namespace signet {
namespace {

// Servers that start together on a new store compete for its first keys.
constexpr int kMaxAttempts = 20;

}  // namespace

DurableState::DurableState(DurableStateOptions options)
    : options_(std::move(options)),
      replica_(*options_.issuers, *options_.remote, *options_.revocations,
               options_.sealer),
      keeper_(*options_.store, *options_.issuers, options_.sealer,
              options_.clock, options_.elapsed) {}

absl::StatusOr<std::unique_ptr<DurableState>> DurableState::Start(
    DurableStateOptions options) {
  auto state = absl::WrapUnique(new DurableState(std::move(options)));
  const absl::Status ready = state->CatchUp();
  if (!ready.ok()) return ready;
  DurableStateOptions& its = state->options_;
  its.freshness->HeardAll();
  state->follower_.emplace(*its.store, state->replica_, *its.freshness,
                           *its.log);
  state->writer_.emplace(*its.store, state->replica_, *its.revocations,
                         state->keeper_, *its.log, its.clock);
  return state;
}

absl::Status DurableState::Switch(std::shared_ptr<LiveIssuers> issuers,
                                  std::shared_ptr<RemoteIssuers> remote,
                                  const std::function<void()>& publish) {
  std::promise<absl::Status> outcome;
  // The keeper belongs to the writer's thread.
  writer_->ChangeKeys(
      "",
      [&]() -> absl::StatusOr<std::vector<KeyStep>> {
        const absl::Status switched = replica_.Switch(*issuers, *remote, [&] {
          absl::Status provided = keeper_.Provide(*issuers);
          if (provided.ok()) publish();
          return provided;
        });
        if (!switched.ok()) return switched;
        keeper_.Switch(*issuers);
        return std::vector<KeyStep>();
      },
      [&](const absl::StatusOr<std::vector<KeyStep>>& steps) {
        outcome.set_value(steps.status());
      });
  absl::Status switched = outcome.get_future().get();
  if (!switched.ok()) return switched;
  const std::shared_ptr<LiveIssuers> before =
      std::exchange(options_.issuers, std::move(issuers));
  options_.remote = std::move(remote);
  for (const LiveIssuers* live : {before.get(), options_.issuers.get()}) {
    for (const IssuerPlan* plan : live->Plans()) {
      live->TellWatchers(plan->issuer);
    }
  }
  return absl::OkStatus();
}

absl::Status DurableState::CatchUp() {
  for (int attempt = 1;; ++attempt) {
    absl::Status refreshed = replica_.Refresh(*options_.store);
    if (!refreshed.ok()) return refreshed;
    absl::Status kept = keeper_.KeepUp();
    if (!absl::IsAborted(kept) || attempt == kMaxAttempts) return kept;
  }
}

}  // namespace signet
