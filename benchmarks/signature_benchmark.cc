// How fast one core checks signatures of 700-byte tokens, with every algorithm
// and keys that are prepared: VerifySignature one by one, and VerifySignatures
// in batches. Every round also times BoringSSL's own ordinary call on the same
// tokens, so that both see the same machine; the counter vs_baseline is the
// ratio of the best rounds.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "curves/ed25519_engine.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/key_preparer.h"
#include "keys/key_table.h"
#include "keys/signing_key.h"
#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/digest.h"
#include "openssl/ecdsa.h"
#include "openssl/hmac.h"
#include "openssl/mem.h"
#include "verifier/signature.h"

namespace signet {
namespace {

constexpr size_t kSignatures = 64;
constexpr size_t kInputBytes = 700;
constexpr size_t kBudget = 64 << 20;

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

const EVP_MD* HashFunctionOf(Algorithm algorithm) {
  const absl::string_view name = AlgorithmName(algorithm);
  if (absl::EndsWith(name, "256")) return EVP_sha256();
  return absl::EndsWith(name, "384") ? EVP_sha384() : EVP_sha512();
}

// BoringSslCall is how a program without Signet would verify.
struct BoringSslCall {
  const SignatureTask& task;

  bool operator()(const SecretBytes& secret) const {
    std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
    unsigned size = 0;
    HMAC(HashFunctionOf(task.key->algorithm()), secret.bytes().data(),
         secret.size(), Bytes(task.signing_input), task.signing_input.size(),
         mac.data(), &size);
    return size == task.signature.size() &&
           CRYPTO_memcmp(mac.data(), task.signature.data(), size) == 0;
  }
  bool operator()(const bssl::UniquePtr<RSA>& rsa) const {
    const EVP_MD* const hash = HashFunctionOf(task.key->algorithm());
    const Hashed hashed(hash, task.signing_input);
    if (FamilyOf(task.key->algorithm()) == AlgorithmFamily::kRsaPss) {
      return RSA_verify_pss_mgf1(rsa.get(), hashed.bytes, hashed.size, hash,
                                 hash, -1, Bytes(task.signature),
                                 task.signature.size()) == 1;
    }
    return RSA_verify(EVP_MD_type(hash), hashed.bytes, hashed.size,
                      Bytes(task.signature), task.signature.size(),
                      rsa.get()) == 1;
  }
  bool operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    const Hashed hashed(HashFunctionOf(task.key->algorithm()),
                        task.signing_input);
    const size_t half = task.signature.size() / 2;
    const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
    ECDSA_SIG_set0(pair.get(), BN_bin2bn(Bytes(task.signature), half, nullptr),
                   BN_bin2bn(Bytes(task.signature) + half, half, nullptr));
    return ECDSA_do_verify(hashed.bytes, hashed.size, pair.get(), key.get()) ==
           1;
  }
  bool operator()(const Ed25519PublicKey& key) const {
    return ED25519_verify(Bytes(task.signing_input), task.signing_input.size(),
                          Bytes(task.signature), key.bytes.data()) == 1;
  }

 private:
  struct Hashed {
    Hashed(const EVP_MD* hash, absl::string_view text) {
      EVP_Digest(text.data(), text.size(), bytes, &size, hash, nullptr);
    }
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
  };
};

// kSignatures tokens of `keys` keys in turn, each of which has a table if there
// is one for its algorithm.
class Fixture {
 public:
  Fixture(Algorithm algorithm, size_t keys) : preparer_(kBudget) {
    for (size_t i = 0; i < keys; ++i) {
      keys_.push_back(*SigningKey::Generate(algorithm));
      PreparedKey& key = keys_[i].verification_key().prepared();
      key.DemandTablesFrom(preparer_.demand());
      for (uint32_t j = 0; j < TableDemand::kHotEnough; ++j) key.CountUse();
    }
    while (preparer_.PrepareOne() == KeyPreparer::Progress::kMoreToDo) {
    }
    for (size_t i = 0; i < kSignatures; ++i) {
      const SigningKey& key = keys_[i % keys_.size()];
      inputs_.emplace_back(kInputBytes, static_cast<char>('a' + i));
      signatures_.push_back(*key.Sign(inputs_[i]));
      tasks_.push_back({&key.verification_key(), inputs_[i], signatures_[i]});
    }
  }

  absl::Span<const SignatureTask> tasks() const { return tasks_; }
  size_t tables() const { return preparer_.figures().tables; }

 private:
  KeyPreparer preparer_;
  // None of these moves what it holds.
  std::deque<SigningKey> keys_;
  std::deque<std::string> inputs_, signatures_;
  std::vector<SignatureTask> tasks_;
};

size_t VerifyWithBoringSsl(const Fixture& fixture) {
  size_t valid = 0;
  for (const SignatureTask& task : fixture.tasks()) {
    valid += std::visit(BoringSslCall{task}, task.key->material()) ? 1 : 0;
  }
  return valid;
}

size_t VerifyOneByOne(const Fixture& fixture) {
  size_t valid = 0;
  for (const SignatureTask& task : fixture.tasks()) {
    valid +=
        VerifySignature(*task.key, task.signing_input, task.signature) ? 1 : 0;
  }
  return valid;
}

size_t VerifyInBatches(const Fixture& fixture, size_t batch) {
  std::array<bool, kSignatures> valid;
  for (size_t i = 0; i < kSignatures; i += batch) {
    VerifySignatures(fixture.tasks().subspan(i, batch),
                     absl::MakeSpan(valid).subspan(i, batch));
  }
  return std::count(valid.begin(), valid.end(), true);
}

template <typename Function>
double SecondsOf(const Function& function) {
  const auto start = std::chrono::steady_clock::now();
  function();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

// Measures rounds of `verify`, each beside one by BoringSSL.
template <typename Verify>
void Compare(benchmark::State& state, const Fixture& fixture,
             const Verify& verify) {
  double best = std::numeric_limits<double>::infinity();
  double best_baseline = best;
  for ([[maybe_unused]] const auto _ : state) {
    size_t valid = 0;
    const double seconds = SecondsOf([&] { valid += verify(fixture); });
    const double baseline =
        SecondsOf([&] { valid += VerifyWithBoringSsl(fixture); });
    best = std::min(best, seconds);
    best_baseline = std::min(best_baseline, baseline);
    state.SetIterationTime(seconds);
    if (valid != 2 * kSignatures) {
      state.SkipWithError("a good signature was refused");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * int64_t{kSignatures});
  state.counters["best_per_second"] = kSignatures / best;
  state.counters["baseline_per_second"] = kSignatures / best_baseline;
  state.counters["vs_baseline"] = best_baseline / best;
  state.counters["tables"] = static_cast<double>(fixture.tables());
}

void BM_Single(benchmark::State& state, Algorithm algorithm) {
  const Fixture fixture(algorithm, /*keys=*/1);
  Compare(state, fixture, VerifyOneByOne);
}

// Arguments: how many keys, and how many signatures in a batch.
void BM_Batch(benchmark::State& state, Algorithm algorithm) {
  const Fixture fixture(algorithm, state.range(0));
  Compare(state, fixture, [&state](const Fixture& made) {
    return VerifyInBatches(made, state.range(1));
  });
}

// EdDSA on processors without AVX512_IFMA.
void BM_PortableSingle(benchmark::State& state) {
  const LimitEd25519EngineForTesting limit(Ed25519Engine::kPortable);
  BM_Single(state, Algorithm::kEdDsa);
}
void BM_PortableBatch(benchmark::State& state) {
  const LimitEd25519EngineForTesting limit(Ed25519Engine::kPortable);
  BM_Batch(state, Algorithm::kEdDsa);
}

void BM_BuildTable(benchmark::State& state, Algorithm algorithm) {
  const SigningKey key = *SigningKey::Generate(algorithm);
  const PublicMaterial& material = key.verification_key().material();
  // The first table of a process brings with it what all of them share.
  auto table = KeyTable::Build(algorithm, material);
  if (table == nullptr) {
    state.SkipWithError("no tables on this machine");
    return;
  }
  for ([[maybe_unused]] const auto _ : state) {
    table = KeyTable::Build(algorithm, material);
    benchmark::DoNotOptimize(table);
  }
  state.counters["bytes"] = static_cast<double>(table->bytes());
}

void VaryBatch(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"keys", "batch"})->UseManualTime();
  for (const int size : {1, 4, 8, 16}) benchmark->Args({1, size});
  for (const int keys : {1, 8, 64}) benchmark->Args({keys, kSignatures});
}

void RegisterAll() {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string name(AlgorithmName(algorithm));
    benchmark::RegisterBenchmark(("BM_Single/" + name).c_str(), BM_Single,
                                 algorithm)
        ->UseManualTime();
    auto* const batch = benchmark::RegisterBenchmark(
        ("BM_Batch/" + name).c_str(), BM_Batch, algorithm);
    if (KeyTable::MaxBytes(algorithm) == 0) {
      batch->ArgNames({"keys", "batch"})
          ->Args({1, kSignatures})
          ->UseManualTime();
      continue;
    }
    VaryBatch(batch);
    benchmark::RegisterBenchmark(("BM_BuildTable/" + name).c_str(),
                                 BM_BuildTable, algorithm)
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RegisterBenchmark("BM_PortableSingle/EdDSA", BM_PortableSingle)
      ->UseManualTime();
  VaryBatch(
      benchmark::RegisterBenchmark("BM_PortableBatch/EdDSA", BM_PortableBatch));
}

}  // namespace
}  // namespace signet

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  signet::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
