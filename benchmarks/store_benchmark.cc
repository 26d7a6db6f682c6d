// How long a SQLite store takes to open and read at start-up, and to commit.
//
// Start: opens a store with a million revocations and 10,000 keys of 5,000
// issuers, and reads all there is. `revocations_per_second` counts revocations
// only.
//
// Commit: one revocation, or a thousand, made durable by the disk below
// TEST_TMPDIR or the folder for temporary files.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "jose/algorithm.h"
#include "store/records.h"
#include "store/sqlite_store.h"
#include "store/store.h"

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

  std::unique_ptr<Store> Open(const std::string& name) const {
    return SqliteStore::Open(path_ / name).value();
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

void BM_Start(benchmark::State& state) {
  const Folder folder;
  Fill(*folder.Open("store"));
  Counter counter;
  for (auto _ : state) {
    const std::unique_ptr<Store> store = folder.Open("store");
    store->ReadSince(0, counter).value();
  }
  if (counter.keys() != 2 * kIssuers * state.iterations()) std::abort();
  state.counters["revocations_per_second"] = benchmark::Counter(
      static_cast<double>(counter.revocations()), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_Start)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Commit(benchmark::State& state) {
  const Folder folder;
  const std::unique_ptr<Store> store = folder.Open("store");
  int64_t number = 0;
  for (auto _ : state) {
    StoreChange change;
    for (int64_t i = 0; i < state.range(0); ++i) {
      change.revocations.push_back(Revocation(number++));
    }
    store->Commit(change).value();
  }
  state.counters["revocations_per_second"] = benchmark::Counter(
      static_cast<double>(number), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_Commit)
    ->Arg(1)
    ->Arg(1'000)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
