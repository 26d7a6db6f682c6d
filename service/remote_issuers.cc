#include "service/remote_issuers.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// A set that stays the same is kept again after this part of the time for which
// it may be used: that its server confirmed it is to count after a restart,
// too.
constexpr int kKeptPerStaleness = 8;

}  // namespace

RemoteIssuers::RemoteIssuers(std::vector<RemoteOptions> options,
                             std::shared_ptr<KeyCache> key_cache, Clock clock,
                             Elapsed elapsed)
    : key_cache_(std::move(key_cache)),
      clock_(std::move(clock)),
      elapsed_(std::move(elapsed)) {
  for (RemoteOptions& each : options) {
    const std::string name = each.issuer;
    issuers_.emplace(name, std::make_unique<Issuer>(std::move(each)));
  }
}

RemoteIssuers::Issuer* RemoteIssuers::Find(absl::string_view issuer) const {
  const auto found = issuers_.find(issuer);
  return found == issuers_.end() ? nullptr : found->second.get();
}

std::shared_ptr<const RemoteIssuers::Means> RemoteIssuers::means() const {
  const std::lock_guard lock(mutex_);
  return means_;
}

double RemoteIssuers::Spread() {
  const std::lock_guard lock(mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

void RemoteIssuers::Start(Fetcher& fetcher, EventLog& log, Keep keep) {
  {
    const std::lock_guard lock(mutex_);
    means_ =
        std::make_shared<const Means>(Means{&fetcher, &log, std::move(keep)});
  }
  FetchDue();
}

void RemoteIssuers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    means_ = nullptr;
  }
  for (const auto& [name, issuer] : issuers_) ReleaseWaiting(*issuer);
}

void RemoteIssuers::ReleaseWaiting(Issuer& issuer) {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(issuer.mutex);
    waiting = std::exchange(issuer.waiting, {});
  }
  for (const auto& done : waiting) done();
}

void RemoteIssuers::FetchDue() {
  for (const auto& [name, issuer] : issuers_) {
    {
      const std::lock_guard lock(issuer->mutex);
      if (issuer->keys.Expire(elapsed_())) {
        key_cache_->ReplaceIssuer(name, *KeySet::Create({}));
      }
    }
    Proceed(*issuer);
  }
}

void RemoteIssuers::Proceed(Issuer& issuer) {
  const std::shared_ptr<const Means> means = this->means();
  if (!means) return ReleaseWaiting(issuer);
  std::optional<FetchRequest> request;
  bool fetching = false;
  {
    const std::lock_guard lock(issuer.mutex);
    request = issuer.keys.NextRequest(elapsed_());
    fetching = issuer.keys.IsFetching();
  }
  if (!fetching) ReleaseWaiting(issuer);
  if (!request) return;
  expected_.fetch_add(1, std::memory_order_relaxed);
  means->fetcher->Fetch(*std::move(request),
                        [this, &issuer](absl::StatusOr<FetchAnswer> answer) {
                          Take(issuer, std::move(answer));
                          Came();
                        });
}

void RemoteIssuers::Take(Issuer& issuer, absl::StatusOr<FetchAnswer> answer) {
  const std::shared_ptr<const Means> means = this->means();
  const bool ended = absl::IsCancelled(answer.status());
  const double spread = Spread();
  std::optional<JwkSetRecord> record;
  {
    const std::lock_guard lock(issuer.mutex);
    absl::StatusOr<std::optional<KeySet>> keys =
        issuer.keys.Take(std::move(answer), elapsed_(), clock_(), spread);
    const absl::Status status = keys.status();
    Install(issuer, std::move(keys));
    if (means && !ended) {
      ++(status.ok() ? issuer.fetched : issuer.failed);
      Report(issuer, status, *means->log);
      record = RecordToKeep(issuer);
    }
  }
  if (record) KeepRecord(issuer, *std::move(record), means->keep);
  if (ended) return ReleaseWaiting(issuer);
  Proceed(issuer);
}

void RemoteIssuers::Adopt(const JwkSetRecord& record) {
  Issuer* const issuer = Find(record.issuer);
  if (issuer == nullptr) return;
  const double spread = Spread();
  const std::lock_guard lock(issuer->mutex);
  Install(*issuer, issuer->keys.Adopt(record, elapsed_(), clock_(), spread));
}

void RemoteIssuers::TakeOver(const RemoteIssuers& before) {
  for (const auto& [name, old] : before.issuers_) {
    std::optional<JwkSetRecord> record;
    {
      const std::lock_guard lock(old->mutex);
      record = old->keys.record();
    }
    if (record) Adopt(*record);
  }
}

void RemoteIssuers::Install(Issuer& issuer,
                            absl::StatusOr<std::optional<KeySet>> keys) {
  if (!keys.ok() || !*keys) return;
  key_cache_->ReplaceIssuer(issuer.keys.issuer(), **std::move(keys));
  issuer.kept = absl::InfinitePast();
}

std::optional<JwkSetRecord> RemoteIssuers::RecordToKeep(Issuer& issuer) {
  const std::optional<JwkSetRecord>& record = issuer.keys.record();
  if (!record) return std::nullopt;
  const absl::Duration interval =
      issuer.keys.max_staleness() / kKeptPerStaleness;
  if (record->fetched - issuer.kept < interval) return std::nullopt;
  issuer.kept = record->fetched;
  return record;
}

void RemoteIssuers::KeepRecord(Issuer& issuer, JwkSetRecord record,
                               const Keep& keep) {
  expected_.fetch_add(1, std::memory_order_relaxed);
  keep(std::move(record), [this, &issuer](const absl::Status& status) {
    if (!status.ok()) {
      const std::lock_guard lock(issuer.mutex);
      issuer.kept = absl::InfinitePast();  // Try again with the next answer.
    }
    Came();
  });
}

void RemoteIssuers::Report(Issuer& issuer, const absl::Status& status,
                           EventLog& log) {
  if (status == issuer.problem) return;
  issuer.problem = status;
  const std::string& name = issuer.keys.issuer();
  if (status.ok()) {
    log.Info("issuer.fetched", {{"issuer", LogText::Public(name)}});
  } else {
    log.Warning("issuer.not_fetched",
                {{"issuer", LogText::Public(name)}, {"problem", status}});
  }
}

Absence RemoteIssuers::Inquire(absl::string_view issuer,
                               absl::string_view key_id) {
  Issuer* const found = Find(issuer);
  if (found == nullptr) return Absence::kCertain;
  if (!means()) return Absence::kUnknown;
  Absence absence = Absence::kUnknown;
  {
    const std::lock_guard lock(found->mutex);
    absence = found->keys.Inquire(key_id, elapsed_());
  }
  if (absence == Absence::kFetching) Proceed(*found);
  return absence;
}

bool RemoteIssuers::AwaitFetch(absl::string_view issuer,
                               std::function<void()> done) {
  Issuer* const found = Find(issuer);
  if (found != nullptr) {
    const std::lock_guard lock(found->mutex);
    // Under the lock, because Stop comes by for those who wait only once.
    if (found->keys.IsFetching() && means() != nullptr) {
      if (found->waiting.size() >= kMaxWaiting) return false;
      found->waiting.push_back(std::move(done));
      return true;
    }
  }
  done();
  return true;
}

std::vector<RemoteIssuers::Figures> RemoteIssuers::figures() const {
  std::vector<Figures> all;
  all.reserve(issuers_.size());
  for (const auto& [name, issuer] : issuers_) {
    const std::lock_guard lock(issuer->mutex);
    Figures& figures =
        all.emplace_back(Figures{name, issuer->fetched, issuer->failed,
                                 std::nullopt, issuer->keys.unusable()});
    if (const std::optional<JwkSetRecord>& record = issuer->keys.record()) {
      figures.age = clock_() - record->fetched;
    }
  }
  return all;
}

}  // namespace signet
