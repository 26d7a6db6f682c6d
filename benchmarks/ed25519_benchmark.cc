// How fast one core verifies Ed25519 with a prepared key, one signature at a
// time and in batches, against BoringSSL's ED25519_verify. Each benchmark
// alternates between the two in one loop, so that both see the same machine,
// and reports the ratio as `vs_baseline`.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "curves/ed25519_engine.h"
#include "curves/ed25519_table.h"
#include "curves/ed25519_verifier.h"
#include "keys/digest.h"
#include "keys/key_material.h"
#include "openssl/curve25519.h"

namespace signet {
namespace {

constexpr size_t kSignatures = 64;
constexpr size_t kMessageBytes = 700;

// Signed messages of a few keys, each prepared.
struct Fixture {
  explicit Fixture(size_t keys) {
    std::vector<std::array<uint8_t, 64>> private_keys(keys);
    public_keys.resize(keys);
    for (size_t i = 0; i < keys; ++i) {
      ED25519_keypair(public_keys[i].bytes.data(), private_keys[i].data());
      tables.push_back(Ed25519Table::Build(public_keys[i].bytes));
    }
    for (size_t i = 0; i < kSignatures; ++i) {
      messages.push_back(
          std::string(kMessageBytes, static_cast<char>('a' + i % 26)));
      signatures.emplace_back(ED25519_SIGNATURE_LEN, '\0');
      ED25519_sign(reinterpret_cast<uint8_t*>(signatures[i].data()),
                   AsBytes(messages[i]).data(), kMessageBytes,
                   private_keys[i % keys].data());
    }
    for (size_t i = 0; i < kSignatures; ++i) {
      tasks.push_back({tables[i % keys].get(), messages[i], signatures[i]});
    }
  }

  std::vector<Ed25519PublicKey> public_keys;
  std::vector<std::unique_ptr<const Ed25519Table>> tables;
  std::vector<std::string> messages;
  std::vector<std::string> signatures;
  std::vector<Ed25519Task> tasks;
};

bool VerifyWithBoringSsl(const Ed25519Task& task) {
  return ED25519_verify(AsBytes(task.message).data(), task.message.size(),
                        AsBytes(task.signature).data(),
                        task.table->key().data()) == 1;
}

template <class Function>
double SecondsOf(const Function& function) {
  const auto start = std::chrono::steady_clock::now();
  function();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

// Measures kSignatures verifications by `verify`, which returns how many were
// valid, and as many by BoringSSL. Takes the best of all rounds of each, which
// is what the machine can do when it is left alone.
template <class Verify>
void Compare(benchmark::State& state, const Fixture& fixture,
             const Verify& verify) {
  double best = std::numeric_limits<double>::infinity();
  double best_baseline = best;
  for (auto _ : state) {
    size_t valid = 0;
    const double seconds = SecondsOf([&] { valid += verify(); });
    best_baseline = std::min(best_baseline, SecondsOf([&] {
                               for (const Ed25519Task& task : fixture.tasks) {
                                 valid += VerifyWithBoringSsl(task) ? 1 : 0;
                               }
                             }));
    best = std::min(best, seconds);
    state.SetIterationTime(seconds);
    if (valid != 2 * kSignatures) {
      state.SkipWithError("a good signature was refused");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * kSignatures);
  state.counters["best_per_second"] = kSignatures / best;
  state.counters["baseline_per_second"] = kSignatures / best_baseline;
  state.counters["vs_baseline"] = best_baseline / best;
}

// Skips what this machine has not.
bool HasEngine(benchmark::State& state, Ed25519Engine engine) {
  if (AllowedEd25519Engine() == engine) return true;
  state.SkipWithError("this machine has no such engine");
  return false;
}

void BM_Single(benchmark::State& state, Ed25519Engine engine) {
  const LimitEd25519EngineForTesting limit(engine);
  if (!HasEngine(state, engine)) return;
  const Fixture fixture(/*keys=*/1);
  Compare(state, fixture, [&fixture] {
    size_t valid = 0;
    for (const Ed25519Task& task : fixture.tasks) {
      valid += VerifyEd25519(*task.table, task.message, task.signature) ? 1 : 0;
    }
    return valid;
  });
}
BENCHMARK_CAPTURE(BM_Single, portable, Ed25519Engine::kPortable)
    ->UseManualTime();
BENCHMARK_CAPTURE(BM_Single, vector, Ed25519Engine::kVector)->UseManualTime();

void BM_Batch(benchmark::State& state, Ed25519Engine engine) {
  const LimitEd25519EngineForTesting limit(engine);
  if (!HasEngine(state, engine)) return;
  const Fixture fixture(static_cast<size_t>(state.range(0)));
  const size_t size = static_cast<size_t>(state.range(1));
  Compare(state, fixture, [&fixture, size] {
    std::array<bool, kSignatures> valid;
    for (size_t i = 0; i < kSignatures; i += size) {
      VerifyEd25519Batch(absl::MakeSpan(fixture.tasks).subspan(i, size),
                         absl::MakeSpan(valid).subspan(i, size));
    }
    return static_cast<size_t>(std::count(valid.begin(), valid.end(), true));
  });
}
void BatchArguments(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"keys", "batch"})->UseManualTime();
  for (const int size : {1, 4, 16, 64}) benchmark->Args({1, size});
  benchmark->Args({8, 64});
}
BENCHMARK_CAPTURE(BM_Batch, portable, Ed25519Engine::kPortable)
    ->Apply(BatchArguments);
BENCHMARK_CAPTURE(BM_Batch, vector, Ed25519Engine::kVector)
    ->Apply(BatchArguments);

void BM_BuildTable(benchmark::State& state) {
  Ed25519PublicKey key;
  std::array<uint8_t, 64> private_key;
  ED25519_keypair(key.bytes.data(), private_key.data());
  // The first table brings the base point's with it.
  auto table = Ed25519Table::Build(key.bytes);
  if (table == nullptr) {
    state.SkipWithError("no tables on this machine");
    return;
  }
  for (auto _ : state) {
    table = Ed25519Table::Build(key.bytes);
    benchmark::DoNotOptimize(table);
  }
  state.counters["bytes"] = static_cast<double>(table->bytes());
  state.counters["base_bytes"] = static_cast<double>(table->base().bytes());
}
BENCHMARK(BM_BuildTable)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
