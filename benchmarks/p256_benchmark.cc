// How fast one core verifies ECDSA P-256 signatures with a table: one by one,
// in batches, and beside them BoringSSL. Every round of a benchmark also times
// BoringSSL's own call, so that the counter vs_baseline, the ratio of the best
// rounds, compares like with like on a machine whose speed changes.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "curves/p256_table.h"
#include "curves/p256_verifier.h"
#include "openssl/bn.h"
#include "openssl/ec_key.h"
#include "openssl/ecdsa.h"
#include "openssl/nid.h"
#include "openssl/rand.h"

namespace signet {
namespace {

struct Signed {
  std::array<uint8_t, 32> digest;
  std::array<uint8_t, 64> bytes;
  bssl::UniquePtr<ECDSA_SIG> pair;
};

struct Key {
  bssl::UniquePtr<EC_KEY> key;
  std::unique_ptr<const P256Table> table;
};

Key MakeKey() {
  Key key;
  key.key.reset(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  EC_KEY_generate_key(key.key.get());
  key.table = P256Table::Build(*key.key);
  return key;
}

Signed Sign(const EC_KEY& key) {
  Signed result;
  RAND_bytes(result.digest.data(), result.digest.size());
  result.pair.reset(
      ECDSA_do_sign(result.digest.data(), result.digest.size(), &key));
  BN_bn2bin_padded(result.bytes.data(), 32,
                   ECDSA_SIG_get0_r(result.pair.get()));
  BN_bn2bin_padded(result.bytes.data() + 32, 32,
                   ECDSA_SIG_get0_s(result.pair.get()));
  return result;
}

// Tasks of `keys` keys in turn.
struct Fixture {
  Fixture(size_t keys_count, size_t tasks_count) {
    for (size_t i = 0; i < keys_count; ++i) keys.push_back(MakeKey());
    for (size_t i = 0; i < tasks_count; ++i) {
      signatures.push_back(Sign(*keys[i % keys_count].key));
    }
    for (size_t i = 0; i < tasks_count; ++i) {
      const Key& key = keys[i % keys_count];
      tasks.push_back({key.table.get(), key.key.get(), signatures[i].digest,
                       signatures[i].bytes});
    }
  }

  std::vector<Key> keys;
  std::vector<Signed> signatures;
  std::vector<P256Task> tasks;
};

// The best time of any round, in seconds for one signature.
class BestTime {
 public:
  template <typename Round>
  bool Measure(size_t signatures, const Round& round) {
    const auto start = std::chrono::steady_clock::now();
    const bool all_valid = round();
    const std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    best_ = std::min(best_, elapsed.count() / signatures);
    return all_valid;
  }
  double seconds() const { return best_; }

 private:
  double best_ = std::numeric_limits<double>::infinity();
};

bool VerifyWithBoringSsl(const Fixture& fixture) {
  bool all_valid = true;
  for (size_t i = 0; i < fixture.tasks.size(); ++i) {
    all_valid &= ECDSA_do_verify(fixture.signatures[i].digest.data(), 32,
                                 fixture.signatures[i].pair.get(),
                                 fixture.tasks[i].key) == 1;
  }
  return all_valid;
}

bool VerifyOneByOne(const Fixture& fixture) {
  bool all_valid = true;
  for (const P256Task& task : fixture.tasks) {
    all_valid &=
        VerifyP256(*task.table, *task.key, task.digest, task.signature);
  }
  return all_valid;
}

bool VerifyTogether(const Fixture& fixture) {
  static thread_local std::array<bool, 64> valid;
  const auto verdicts = absl::MakeSpan(valid.data(), fixture.tasks.size());
  VerifyP256Batch(fixture.tasks, verdicts);
  return std::all_of(verdicts.begin(), verdicts.end(),
                     [](bool is_valid) { return is_valid; });
}

void Compare(benchmark::State& state, bool (*verify)(const Fixture&)) {
  const Fixture fixture(state.range(0), state.range(1));
  if (fixture.keys.front().table == nullptr) {
    state.SkipWithError("this build or CPU has no table");
    return;
  }
  BestTime baseline, ours;
  const size_t size = fixture.tasks.size();
  for (auto _ : state) {
    state.PauseTiming();
    bool all_valid =
        baseline.Measure(size, [&] { return VerifyWithBoringSsl(fixture); });
    state.ResumeTiming();
    all_valid &= ours.Measure(size, [&] { return verify(fixture); });
    if (!all_valid) state.SkipWithError("a good signature was refused");
  }
  state.SetItemsProcessed(state.iterations() * size);
  state.counters["best_per_second"] = 1 / ours.seconds();
  state.counters["boringssl_per_second"] = 1 / baseline.seconds();
  state.counters["vs_baseline"] = baseline.seconds() / ours.seconds();
}

void BM_Single(benchmark::State& state) { Compare(state, VerifyOneByOne); }
void BM_Batch(benchmark::State& state) { Compare(state, VerifyTogether); }

void BM_BuildTable(benchmark::State& state) {
  const Key key = MakeKey();
  for (auto _ : state) benchmark::DoNotOptimize(P256Table::Build(*key.key));
  if (key.table != nullptr) state.counters["bytes"] = key.table->bytes();
}

BENCHMARK(BM_Single)
    ->ArgNames({"keys", "tasks"})
    ->Args({1, 64})
    ->Args({16, 64});
BENCHMARK(BM_Batch)
    ->ArgNames({"keys", "tasks"})
    ->Args({1, 64})
    ->Args({4, 64})
    ->Args({16, 64})
    ->Args({64, 64})
    ->Args({1, 32})
    ->Args({1, 16})
    ->Args({1, 8})
    ->Args({1, 4})
    ->Args({1, 3})
    ->Args({1, 2});
BENCHMARK(BM_BuildTable)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
