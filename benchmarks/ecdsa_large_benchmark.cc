// How fast one core verifies ECDSA signatures of P-384 and P-521 with a table:
// one by one, in batches, and beside them BoringSSL. Every round of a benchmark
// also times BoringSSL's own call, so that the counter vs_baseline, the ratio
// of the best rounds, compares like with like on a machine whose speed changes.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_table.h"
#include "curves/ecdsa_verifier.h"
#include "openssl/bn.h"
#include "openssl/ec_key.h"
#include "openssl/ecdsa.h"
#include "openssl/rand.h"

namespace signet {
namespace {

template <typename Curve>
struct Signed {
  std::array<uint8_t, Curve::kDigestBytes> digest;
  std::array<uint8_t, 2 * Curve::kBytes> bytes;
  bssl::UniquePtr<ECDSA_SIG> pair;
};

template <typename Curve>
Signed<Curve> Sign(const EC_KEY& key) {
  Signed<Curve> result;
  RAND_bytes(result.digest.data(), result.digest.size());
  result.pair.reset(
      ECDSA_do_sign(result.digest.data(), result.digest.size(), &key));
  BN_bn2bin_padded(result.bytes.data(), Curve::kBytes,
                   ECDSA_SIG_get0_r(result.pair.get()));
  BN_bn2bin_padded(result.bytes.data() + Curve::kBytes, Curve::kBytes,
                   ECDSA_SIG_get0_s(result.pair.get()));
  return result;
}

template <typename Curve>
struct Key {
  Key() : key(EC_KEY_new_by_curve_name(Curve::kNid)) {
    EC_KEY_generate_key(key.get());
    table = EcdsaTable<Curve>::Build(*key);
  }

  bssl::UniquePtr<EC_KEY> key;
  std::unique_ptr<const EcdsaTable<Curve>> table;
};

// Tasks of `keys` keys in turn.
template <typename Curve>
struct Fixture {
  Fixture(size_t keys_count, size_t tasks_count) : keys(keys_count) {
    for (size_t i = 0; i < tasks_count; ++i) {
      signatures.push_back(Sign<Curve>(*keys[i % keys_count].key));
    }
    for (size_t i = 0; i < tasks_count; ++i) {
      const Key<Curve>& key = keys[i % keys_count];
      tasks.push_back({key.table.get(), key.key.get(), signatures[i].digest,
                       signatures[i].bytes});
    }
  }

  std::vector<Key<Curve>> keys;
  std::vector<Signed<Curve>> signatures;
  std::vector<EcdsaTask<Curve>> tasks;
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
    best_ = std::min(best_, elapsed.count() / static_cast<double>(signatures));
    return all_valid;
  }
  double seconds() const { return best_; }

 private:
  double best_ = std::numeric_limits<double>::infinity();
};

template <typename Curve>
bool VerifyWithBoringSsl(const Fixture<Curve>& fixture) {
  bool all_valid = true;
  for (size_t i = 0; i < fixture.tasks.size(); ++i) {
    const Signed<Curve>& signature = fixture.signatures[i];
    all_valid &=
        ECDSA_do_verify(signature.digest.data(), signature.digest.size(),
                        signature.pair.get(), fixture.tasks[i].key) == 1;
  }
  return all_valid;
}

template <typename Curve>
bool VerifyOneByOne(const Fixture<Curve>& fixture) {
  bool all_valid = true;
  for (const EcdsaTask<Curve>& task : fixture.tasks) {
    all_valid &=
        VerifyEcdsa(*task.table, *task.key, task.digest, task.signature);
  }
  return all_valid;
}

template <typename Curve>
bool VerifyTogether(const Fixture<Curve>& fixture) {
  static thread_local std::array<bool, 64> valid;
  const auto verdicts = absl::MakeSpan(valid.data(), fixture.tasks.size());
  VerifyEcdsaBatch<Curve>(fixture.tasks, verdicts);
  return std::all_of(verdicts.begin(), verdicts.end(),
                     [](bool is_valid) { return is_valid; });
}

template <typename Curve, bool (*verify)(const Fixture<Curve>&)>
void Compare(benchmark::State& state) {
  const Fixture<Curve> fixture(static_cast<size_t>(state.range(0)),
                               static_cast<size_t>(state.range(1)));
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
  state.counters["best_per_second"] = 1 / ours.seconds();
  state.counters["boringssl_per_second"] = 1 / baseline.seconds();
  state.counters["vs_baseline"] = baseline.seconds() / ours.seconds();
}

template <typename Curve>
void BM_Single(benchmark::State& state) {
  Compare<Curve, VerifyOneByOne<Curve>>(state);
}

template <typename Curve>
void BM_Batch(benchmark::State& state) {
  Compare<Curve, VerifyTogether<Curve>>(state);
}

template <typename Curve>
void BM_BuildTable(benchmark::State& state) {
  const Key<Curve> key;
  for (auto _ : state) {
    benchmark::DoNotOptimize(EcdsaTable<Curve>::Build(*key.key));
  }
  if (key.table != nullptr) {
    state.counters["bytes"] = static_cast<double>(key.table->bytes());
  }
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"keys", "tasks"});
  for (const int64_t keys : {1, 16, 64}) benchmark->Args({keys, 64});
  for (const int64_t tasks : {32, 16, 8, 4, 3, 2, 1})
    benchmark->Args({1, tasks});
}

BENCHMARK_TEMPLATE(BM_Single, P384)->ArgNames({"keys", "tasks"})->Args({1, 64});
BENCHMARK_TEMPLATE(BM_Batch, P384)->Apply(Sizes);
BENCHMARK_TEMPLATE(BM_BuildTable, P384)->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(BM_Single, P521)->ArgNames({"keys", "tasks"})->Args({1, 64});
BENCHMARK_TEMPLATE(BM_Batch, P521)->Apply(Sizes);
BENCHMARK_TEMPLATE(BM_BuildTable, P521)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
