// How long a SQLite store takes to open and read at start-up, and to commit.
//
// Start: opens a store with a million revocations and 10,000 keys of 5,000
// issuers, and reads all there is. `revocations_per_second` counts revocations
// only.
//
// Commit: one revocation, or a thousand, made durable by the disk of the folder
// for temporary files. PostgreSQL's server is a private one that syncs nothing
// (tests/store/postgres_server.h), so its times are without a disk.
//
// Notice: from when a commit has returned until another Store object has read
// what it did.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "jose/algorithm.h"
#include "store/open_store.h"
#include "store/records.h"
#include "store/store.h"
#include "tests/store/postgres_server.h"

namespace signet {
namespace {

constexpr int64_t kRevocations = 1'000'000;
constexpr int64_t kIssuers = 5'000;
constexpr int64_t kRevocationsPerCommit = 10'000;

// A folder that goes with the process.
class Folder {
 public:
  Folder() {
    std::string path = std::filesystem::temp_directory_path() / "signet-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) std::abort();
    path_ = path;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  // Address is that of a SQLite store in the folder.
  std::string Address() const {
    return absl::StrCat("sqlite:", path_.string(), "/store");
  }

 private:
  std::filesystem::path path_;
};

class Counter : public StoreReader {
 public:
  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    keys_ += static_cast<int64_t>(keys.keys.size());
  }
  void ReadRevocation(const RevocationRecord&) override { ++revocations_; }
  void ReadJwkSet(const JwkSetRecord&) override {}

  int64_t keys() const { return keys_; }
  int64_t revocations() const { return revocations_; }

 private:
  int64_t keys_ = 0;
  int64_t revocations_ = 0;
};

RevocationRecord Revocation(int64_t number) {
  return {.target = RevocationTarget::kTokenId,
          .issuer = "https://issuer.example/tenants/main",
          .value = absl::StrCat("0f8fad5b-d9cb-469f-a165-", number),
          .expires = absl::FromUnixSeconds(1'800'000'000 + number)};
}

KeyRecord Key(const std::string& key_id) {
  // As long as a sealed private key for ES256.
  return {.key_id = key_id,
          .algorithm = Algorithm::kEs256,
          .state = KeyState::kActive,
          .state_since = absl::Hours(1),
          .created = absl::FromUnixSeconds(1'700'000'000),
          .sealed_private_key = std::string(320, 's')};
}

void Fill(Store& store) {
  for (int64_t i = 0; i < kRevocations; i += kRevocationsPerCommit) {
    StoreChange change;
    for (int64_t j = 0; j < kRevocationsPerCommit; ++j) {
      change.revocations.push_back(Revocation(i + j));
    }
    store.Commit(change).value();
  }
  StoreChange change;
  for (int64_t i = 0; i < kIssuers; ++i) {
    change.issuer_keys.push_back(
        {.issuer = absl::StrCat("https://issuer.example/tenants/", i),
         .seen_revision = 0,
         .keys = {Key("2026-01"), Key("2026-02")}});
  }
  store.Commit(change).value();
}

std::string NewPostgresAddress() {
  PostgresServer& server = PostgresServer::Shared();
  return "postgres:" + server.ConnectionString(server.NewDatabase());
}

void BM_Start(benchmark::State& state) {
  const Folder folder;
  const std::string address = folder.Address();
  Fill(*OpenStore(address).value());
  Counter counter;
  while (state.KeepRunning()) {
    const std::unique_ptr<Store> store = OpenStore(address).value();
    store->ReadSince(0, counter).value();
  }
  if (counter.keys() != 2 * kIssuers * state.iterations()) std::abort();
  state.counters["revocations_per_second"] = benchmark::Counter(
      static_cast<double>(counter.revocations()), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_Start)->Unit(benchmark::kMillisecond)->UseRealTime();

void Commit(benchmark::State& state, const std::string& address) {
  const std::unique_ptr<Store> store = OpenStore(address).value();
  int64_t number = 0;
  while (state.KeepRunning()) {
    StoreChange change;
    for (int64_t i = 0; i < state.range(0); ++i) {
      change.revocations.push_back(Revocation(number++));
    }
    store->Commit(change).value();
  }
  state.counters["revocations_per_second"] = benchmark::Counter(
      static_cast<double>(number), benchmark::Counter::kIsRate);
}

void BM_CommitSqlite(benchmark::State& state) {
  const Folder folder;
  Commit(state, folder.Address());
}
BENCHMARK(BM_CommitSqlite)
    ->Arg(1)
    ->Arg(1'000)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

void BM_CommitPostgres(benchmark::State& state) {
  Commit(state, NewPostgresAddress());
}
BENCHMARK(BM_CommitPostgres)
    ->Arg(1)
    ->Arg(1'000)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

// Reads what is committed as soon as it hears of it, on a thread of its own.
class Follower {
 public:
  explicit Follower(const std::string& address)
      : store_(OpenStore(address).value()), thread_([this] { Follow(); }) {}
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  ~Follower() {
    stop_ = true;
    store_->Wake();
    thread_.join();
  }

  // Waits, without sleeping, until it has read `revision`.
  void Await(int64_t revision) const {
    while (revision_ < revision) std::this_thread::yield();
  }

 private:
  void Follow() {
    Counter counter;
    while (!stop_) {
      store_->AwaitChange(revision_, absl::Minutes(1)).IgnoreError();
      revision_ = store_->ReadSince(revision_, counter).value().revision;
    }
  }

  const std::unique_ptr<Store> store_;
  std::atomic<int64_t> revision_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

void Notice(benchmark::State& state, const std::string& address) {
  using Clock = std::chrono::steady_clock;
  const std::unique_ptr<Store> store = OpenStore(address).value();
  const Follower follower(address);
  std::vector<double> times;
  while (state.KeepRunning()) {
    const int64_t revision =
        store->Commit({.revocations = {Revocation(state.iterations())}})
            .value();
    const auto acknowledged = Clock::now();
    follower.Await(revision);
    const std::chrono::duration<double> took = Clock::now() - acknowledged;
    state.SetIterationTime(took.count());
    times.push_back(took.count() * 1e3);
  }
  std::sort(times.begin(), times.end());
  state.counters["half_ms"] = times[times.size() / 2];
  state.counters["p99_ms"] = times[times.size() * 99 / 100];
}

void BM_NoticeSqlite(benchmark::State& state) {
  const Folder folder;
  Notice(state, folder.Address());
}
BENCHMARK(BM_NoticeSqlite)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(100);

void BM_NoticePostgres(benchmark::State& state) {
  Notice(state, NewPostgresAddress());
}
BENCHMARK(BM_NoticePostgres)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(1'000);

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
