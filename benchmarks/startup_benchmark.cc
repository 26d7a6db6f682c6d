// How long a server takes until it may serve: from the text of its
// configuration to DurableState::Start's return, from a SQLite store with a
// million revocations and 10,000 keys, of 2,500 issuers that sign with EdDSA or
// ES256. Each has an active key, a pending one, and two that are retiring.
//
// `setup_s` is the share of the configuration, which is before the store's.
// StartWithKeys has a store without revocations.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "jose/algorithm.h"
#include "keys/key_sealing.h"
#include "keys/signing_key.h"
#include "service/durable_state.h"
#include "service/event_log.h"
#include "service/live_issuers.h"
#include "service/server_setup.h"
#include "service/yaml/yaml_config.h"
#include "store/open_store.h"
#include "store/records.h"
#include "store/store.h"

namespace signet {
namespace {

constexpr int64_t kRevocations = 1'000'000;
constexpr int64_t kIssuers = 2'500;
constexpr size_t kKeysPerIssuer = 4;
constexpr int64_t kRevocationsPerCommit = 10'000;
// base64url of 32 zeros.
const std::string kSealer(43, 'A');

std::string IssuerName(int64_t number) {
  return absl::StrCat("https://issuer.example/tenants/", number);
}

Algorithm AlgorithmOf(int64_t issuer) {
  return issuer % 2 == 0 ? Algorithm::kEdDsa : Algorithm::kEs256;
}

// A folder that goes with the process, with a store in it.
class StoreFolder {
 public:
  StoreFolder() {
    std::string path = std::filesystem::temp_directory_path() / "signet-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) std::abort();
    path_ = path;
  }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;
  ~StoreFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::unique_ptr<Store> Open() const {
    return OpenStore(absl::StrCat("sqlite:", path_.string(), "/store")).value();
  }

 private:
  std::filesystem::path path_;
};

void FillRevocations(Store& store) {
  const absl::Time expires = absl::Now() + absl::Hours(1'000);
  for (int64_t i = 0; i < kRevocations; i += kRevocationsPerCommit) {
    StoreChange change;
    for (int64_t j = i; j < i + kRevocationsPerCommit; ++j) {
      change.revocations.push_back(
          {.target = RevocationTarget::kTokenId,
           .issuer = IssuerName(j % kIssuers),
           .value = absl::StrCat("0f8fad5b-d9cb-469f-a165-", j),
           .expires = expires});
    }
    store.Commit(change).value();
  }
}

void FillKeys(Store& store) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Parse(kSealer).value();
  StoreChange change;
  for (int64_t i = 0; i < kIssuers; ++i) {
    StoreChange::IssuerKeys keys = {IssuerName(i), 0, {}};
    for (const KeyState state : {KeyState::kActive, KeyState::kPending,
                                 KeyState::kRetiring, KeyState::kRetiring}) {
      const SigningKey key = SigningKey::Generate(AlgorithmOf(i)).value();
      keys.keys.push_back(
          {.key_id = key.key_id(),
           .algorithm = key.algorithm(),
           .state = state,
           .state_since = absl::ZeroDuration(),
           .created = absl::Now(),
           .sealed_private_key = sealer.Seal(keys.issuer, key)});
    }
    change.issuer_keys.push_back(std::move(keys));
  }
  store.Commit(change).value();
}

std::string Config() {
  std::string issuers;
  std::string names;
  for (int64_t i = 0; i < kIssuers; ++i) {
    const std::string name = IssuerName(i);
    absl::StrAppend(&issuers, "  - {issuer: \"", name,
                    "\", signing: {generate: [", AlgorithmName(AlgorithmOf(i)),
                    "]}}\n");
    absl::StrAppend(&names, "      - \"", name, "\"\n");
  }
  return absl::StrCat("issuers:\n", issuers,
                      "policies:\n  - name: any\n    kind: JWT\n"
                      "    any_audience: true\n    issuers:\n",
                      names);
}

// A server that had not found its keys would have made others, and fewer.
void CheckKeys(const LiveIssuers& issuers) {
  for (int64_t i = 0; i < kIssuers; ++i) {
    if (issuers.Records(IssuerName(i)).keys.size() != kKeysPerIssuer) {
      std::abort();
    }
  }
}

void Start(benchmark::State& state, const StoreFolder& folder) {
  using Clock = std::chrono::steady_clock;
  const std::string config = Config();
  std::chrono::duration<double> setup_time{};
  while (state.KeepRunning()) {
    const Clock::time_point begin = Clock::now();
    const ServerSetup setup =
        BuildServerSetup(ParseServerConfig(config, "signet.yaml").value(),
                         "/nowhere")
            .value();
    setup_time += Clock::now() - begin;
    auto started =
        DurableState::Start({.store = folder.Open(),
                             .sealer = KeyEncryptionKey::Parse(kSealer).value(),
                             .issuers = setup.issuers,
                             .remote = setup.remote,
                             .revocations = setup.revocations,
                             .freshness = setup.freshness,
                             .log = std::make_shared<EventLog>()})
            .value();
    state.PauseTiming();
    CheckKeys(*setup.issuers);
    started.reset();
    state.ResumeTiming();
  }
  state.counters["setup_s"] = benchmark::Counter(
      setup_time.count(), benchmark::Counter::kAvgIterations);
}

void BM_Start(benchmark::State& state) {
  const StoreFolder folder;
  FillRevocations(*folder.Open());
  FillKeys(*folder.Open());
  Start(state, folder);
}
BENCHMARK(BM_Start)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(5);

void BM_StartWithKeys(benchmark::State& state) {
  const StoreFolder folder;
  FillKeys(*folder.Open());
  Start(state, folder);
}
BENCHMARK(BM_StartWithKeys)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(5);

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
