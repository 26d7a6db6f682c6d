#include "service/store_writer.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "store/stored_values.h"

namespace signet {
namespace {

// How much may wait for the store. Who comes later is told at once.
constexpr size_t kMaxWaiting = 4096;
// Records in one commit: so many that its cost is spread thin, so few that
// nobody waits long for the others'.
constexpr size_t kMaxTogether = 1000;
// How often another server may be faster before we give up.
constexpr int kMaxAttempts = 5;
// Expired revocations are dropped from the store so many at a time, because
// others want to write; and as often in a row, if there are so many.
constexpr int64_t kMaxDropped = 1000;
constexpr int kMaxDrops = 20;
// How often memory is looked through for them.
constexpr absl::Duration kDropInterval = absl::Minutes(5);

void LogSteps(EventLog& log, const std::string& issuer,
              const std::vector<KeyStep>& steps) {
  for (const KeyStep& step : steps) {
    if (!step.to) continue;
    log.Info("key.changed",
             {{"issuer", LogText::Public(issuer)},
              {"kid", LogText::Public(step.key_id)},
              {"algorithm", LogText::Public(AlgorithmName(step.algorithm))},
              {"state", LogText::Public(KeyStateName(*step.to))}});
  }
}

template <typename Record>
void Append(const std::vector<Record>& more, std::vector<Record>& all) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

StoreWriter::StoreWriter(Store& store, StateReplica& replica,
                         Revocations& revocations, KeyKeeper& keeper,
                         EventLog& log, Clock clock)
    : store_(store),
      replica_(replica),
      revocations_(revocations),
      keeper_(keeper),
      log_(log),
      clock_(std::move(clock)),
      thread_([this] { Run(); }) {}

StoreWriter::~StoreWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void StoreWriter::Revoke(std::vector<RevocationRecord> records,
                         std::function<void(absl::Status)> done) {
  Enqueue({.records = {.revocations = std::move(records)},
           .records_done = std::move(done)});
}

void StoreWriter::KeepJwkSet(JwkSetRecord record,
                             std::function<void(absl::Status)> done) {
  StoreChange change;
  change.jwk_sets.push_back(std::move(record));
  Enqueue({.records = std::move(change), .records_done = std::move(done)});
}

void StoreWriter::RotateKey(std::string issuer, Algorithm algorithm,
                            StepsDone done) {
  KeyChange change = [this, issuer, algorithm] {
    return keeper_.Rotate(issuer, algorithm);
  };
  ChangeKeys(std::move(issuer), std::move(change), std::move(done));
}

void StoreWriter::RevokeKey(std::string issuer, std::string key_id,
                            StepsDone done) {
  KeyChange change = [this, issuer, id = std::move(key_id)] {
    return keeper_.Revoke(issuer, id);
  };
  ChangeKeys(std::move(issuer), std::move(change), std::move(done));
}

void StoreWriter::ChangeKeys(std::string issuer, KeyChange change,
                             StepsDone done) {
  Enqueue({.change = std::move(change),
           .change_done = std::move(done),
           .issuer = std::move(issuer)});
}

void StoreWriter::Enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() < kMaxWaiting) {
      jobs_.push_back(std::move(job));
      news_.notify_one();
      return;
    }
  }
  const absl::Status full = absl::ResourceExhaustedError(
      "too many changes wait for the store; try again later");
  if (job.change) {
    job.change_done(full);
  } else {
    job.records_done(full);
  }
}

void StoreWriter::Run() {
  auto next_keeping = std::chrono::steady_clock::now();
  for (;;) {
    const auto left = next_keeping - std::chrono::steady_clock::now();
    std::deque<Job> jobs = TakeJobs(absl::FromChrono(left));
    if (jobs.empty() && Stopping()) {
      // So that the time until now counts at the next start.
      KeepUp();
      return;
    }
    Do(std::move(jobs));
    if (std::chrono::steady_clock::now() < next_keeping) continue;
    KeepUp();
    next_keeping = std::chrono::steady_clock::now() +
                   absl::ToChronoNanoseconds(kKeepingInterval);
  }
}

std::deque<StoreWriter::Job> StoreWriter::TakeJobs(absl::Duration length) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, absl::ToChronoNanoseconds(length),
                 [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
                   return !jobs_.empty() || stopping_;
                 });
  return std::exchange(jobs_, {});
}

void StoreWriter::Do(std::deque<Job> jobs) {
  std::vector<Job> together;
  for (Job& job : jobs) {
    if (job.change) {
      Commit(std::exchange(together, {}));
      Change(job);
      continue;
    }
    together.push_back(std::move(job));
    if (together.size() == kMaxTogether) {
      Commit(std::exchange(together, {}));
    }
  }
  Commit(together);
}

void StoreWriter::Commit(const std::vector<Job>& jobs) {
  if (jobs.empty()) return;
  StoreChange change;
  for (const Job& job : jobs) {
    Append(job.records.revocations, change.revocations);
    Append(job.records.jwk_sets, change.jwk_sets);
  }
  const absl::Status committed = store_.Commit(change).status();
  if (committed.ok()) {
    for (const RevocationRecord& record : change.revocations) {
      revocations_.Apply(record);
    }
  }
  for (const Job& job : jobs) job.records_done(committed);
}

void StoreWriter::Change(const Job& job) {
  const absl::StatusOr<std::vector<KeyStep>> steps = Insist(job.change);
  if (steps.ok()) LogSteps(log_, job.issuer, *steps);
  job.change_done(steps);
}

absl::StatusOr<std::vector<KeyStep>> StoreWriter::Insist(
    const KeyChange& change) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::vector<KeyStep>> steps = change();
    if (!absl::IsAborted(steps.status()) || attempt == kMaxAttempts) {
      return steps;
    }
    // Makes way for reading, if somebody waits for changes.
    store_.Wake();
    const absl::Status refreshed = replica_.Refresh(store_);
    if (!refreshed.ok()) return refreshed;
  }
}

void StoreWriter::KeepUp() {
  absl::Status kept = keeper_.KeepUp();
  // Another server was faster, and this one will see it.
  if (absl::IsAborted(kept)) kept = absl::OkStatus();
  kept.Update(DropExpired());
  if (kept == problem_) return;
  problem_ = kept;
  if (kept.ok()) {
    log_.Info("keys.kept");
  } else {
    log_.Warning("keys.not_kept", {{"problem", kept}});
  }
}

absl::Status StoreWriter::DropExpired() {
  const absl::Time now = clock_();
  if (now >= next_drop_) {
    next_drop_ = now + kDropInterval;
    revocations_.DropExpired(now);
  }
  for (int i = 0; i < kMaxDrops; ++i) {
    const absl::StatusOr<int64_t> dropped =
        store_.DropExpired(now - Revocations::kKeptAfterExpiry, kMaxDropped);
    if (!dropped.ok()) return dropped.status();
    if (*dropped < kMaxDropped) break;
  }
  return absl::OkStatus();
}

bool StoreWriter::Stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

}  // namespace signet
