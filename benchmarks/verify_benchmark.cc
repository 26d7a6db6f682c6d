// How fast one core verifies whole tokens with a claims set of 500 bytes, per
// algorithm, with prepared keys: cold, where nothing is remembered; warm, where
// every signature was found good before; and either in batches of 64. Also how
// fast it signs.
//
// Every round also times a baseline, so that both see the same machine: for
// cold ones the bare check of the same signatures by the same path, and for
// warm ones the same tokens cold. vs_baseline is the ratio of the best rounds,
// and above_baseline_ns what a token costs more. It is the mean over the
// tokens of the best round.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "benchmark/benchmark.h"
#include "jose/algorithm.h"
#include "jose/compact_jws.h"
#include "keys/key_cache.h"
#include "keys/key_preparer.h"
#include "keys/key_set.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"
#include "signer/jwt_signer.h"
#include "verifier/jwt_verifier.h"
#include "verifier/signature.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://signet.example";
constexpr char kAudience[] = "https://orders.example";
constexpr size_t kTokens = 64;
constexpr int kRounds = 200;
constexpr size_t kTableBudget = size_t{64} << 20;

JwtSigner MakeSigner(SigningKey key) {
  SigningOptions options;
  options.issuer = kIssuer;
  options.keys.push_back(
      std::make_shared<const SigningKey>(std::move(key)));
  return JwtSigner::Create(std::move(options)).value();
}

ValidationPolicy MakePolicy(Algorithm algorithm) {
  ValidationPolicyOptions options;
  options.name = "orders";
  options.kind = TokenKind::kAccessToken;
  options.issuers = {kIssuer};
  options.audiences = {kAudience};
  options.algorithms = {algorithm};
  options.required_scopes = {"orders.read"};
  return ValidationPolicy::Create(std::move(options)).value();
}

// A request whose claims set has about 500 bytes.
TokenRequest MakeRequest() {
  TokenRequest request;
  request.kind = TokenKind::kAccessToken;
  request.subject = "billing";
  request.client_id = "billing";
  request.audiences = {kAudience};
  request.scopes = {"orders.read", "orders.write"};
  request.custom_claims_json =
      R"({"tenant":"acme","roles":["reader","writer","auditor"],"plan":)"
      R"({"name":"enterprise","seats":250,"regions":["eu","us"]},"email":)"
      R"("billing@acme.example","session":"b3f1c1f5a9d84e4f9d2c6a7b8e9f0a1b"})";
  return request;
}

// kTokens tokens of one key, which has a table if there is one for its
// algorithm. value() ends the program if the impossible happens: a benchmark
// has nobody to report to.
class Fixture {
 public:
  explicit Fixture(Algorithm algorithm)
      : Fixture(algorithm, SigningKey::Generate(algorithm).value()) {}

  Fixture(Algorithm algorithm, SigningKey key)
      : preparer_(kTableBudget),
        key_(key.verification_key().Copy()),
        signer_(MakeSigner(std::move(key))),
        policy_(MakePolicy(algorithm)),
        cold_(Trust()),
        warm_(Trust(),
              std::make_shared<TokenCache>(TokenCache::kDefaultBytes)) {
    key_.prepared().DemandTablesFrom(preparer_.demand());
    for (uint32_t i = 0; i < TableDemand::kHotEnough; ++i) {
      key_.prepared().CountUse();
    }
    while (preparer_.PrepareOne() == KeyPreparer::Progress::kMoreToDo) {
    }
    for (size_t i = 0; i < kTokens; ++i) {
      tokens_.push_back(signer_.Sign(MakeRequest(), now_).value().compact);
      parsed_.push_back(*CompactJws::Parse(tokens_.back()));
    }
    for (const std::string& token : tokens_) {
      requests_.push_back({token, &policy_, &none_});
    }
    VerifyOneByOne(warm_);
  }

  // Each returns how many tokens were accepted.
  size_t CheckSignatures() const {
    size_t valid = 0;
    for (const CompactJws& jws : parsed_) {
      valid +=
          VerifySignature(key_, jws.signing_input(), jws.signature()) ? 1 : 0;
    }
    return valid;
  }
  size_t CheckSignaturesInBatch() const {
    std::array<SignatureTask, kTokens> tasks;
    std::array<bool, kTokens> valid;
    std::transform(
        parsed_.begin(), parsed_.end(), tasks.begin(),
        [&](const CompactJws& jws) {
          return SignatureTask{&key_, jws.signing_input(), jws.signature()};
        });
    VerifySignatures(tasks, absl::MakeSpan(valid));
    return std::count(valid.begin(), valid.end(), true);
  }
  size_t VerifyOneByOne(const JwtVerifier& verifier) const {
    size_t accepted = 0;
    for (const std::string& token : tokens_) {
      accepted += verifier.Verify(token, policy_, none_, now_)->ok() ? 1 : 0;
    }
    return accepted;
  }
  size_t VerifyInBatch(const JwtVerifier& verifier) const {
    size_t accepted = 0;
    for (const auto& verdict : verifier.VerifyBatch(requests_, now_)) {
      accepted += verdict->ok() ? 1 : 0;
    }
    return accepted;
  }

  const JwtSigner& signer() const { return signer_; }
  const JwtVerifier& cold() const { return cold_; }
  const JwtVerifier& warm() const { return warm_; }

 private:
  std::shared_ptr<const KeyCache> Trust() const {
    std::vector<VerificationKey> keys;
    keys.push_back(key_.Copy());
    auto issuers = std::make_shared<KeyCache>();
    issuers->ReplaceIssuer(kIssuer, KeySet::Create(std::move(keys)).value());
    return issuers;
  }

  const absl::Time now_ = absl::Now();
  const Tightening none_;
  KeyPreparer preparer_;
  VerificationKey key_;
  JwtSigner signer_;
  ValidationPolicy policy_;
  JwtVerifier cold_;
  JwtVerifier warm_;
  std::vector<std::string> tokens_;
  std::vector<CompactJws> parsed_;
  std::vector<VerificationRequest> requests_;
};

// One for each algorithm, as an RSA key takes long to make. Never destroyed.
const Fixture& FixtureOf(Algorithm algorithm) {
  static auto& fixtures =
      *new std::map<Algorithm, std::unique_ptr<const Fixture>>;
  std::unique_ptr<const Fixture>& fixture = fixtures[algorithm];
  if (fixture == nullptr) fixture = std::make_unique<const Fixture>(algorithm);
  return *fixture;
}

using Work = size_t (*)(const Fixture& fixture);

size_t Bare(const Fixture& f) { return f.CheckSignatures(); }
size_t BareBatch(const Fixture& f) { return f.CheckSignaturesInBatch(); }
size_t Cold(const Fixture& f) { return f.VerifyOneByOne(f.cold()); }
size_t ColdBatch(const Fixture& f) { return f.VerifyInBatch(f.cold()); }
size_t Warm(const Fixture& f) { return f.VerifyOneByOne(f.warm()); }
size_t WarmBatch(const Fixture& f) { return f.VerifyInBatch(f.warm()); }

// Measures rounds of `work`, each beside one of `baseline`.
void Compare(benchmark::State& state, Algorithm algorithm, Work work,
             Work baseline) {
  const Fixture& fixture = FixtureOf(algorithm);
  double best = std::numeric_limits<double>::infinity();
  double best_baseline = best;
  const auto seconds_of = [&](Work what) {
    const auto start = std::chrono::steady_clock::now();
    if (what(fixture) != kTokens) state.SkipWithError("a token was refused");
    const auto end = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(end - start).count();
  };
  for ([[maybe_unused]] const auto _ : state) {
    const double seconds = seconds_of(work);
    best = std::min(best, seconds);
    best_baseline = std::min(best_baseline, seconds_of(baseline));
    state.SetIterationTime(seconds);
  }
  const auto tokens = static_cast<double>(kTokens);
  state.SetItemsProcessed(state.iterations() * int64_t{kTokens});
  state.counters["best_ns"] = best / tokens * 1e9;
  state.counters["baseline_ns"] = best_baseline / tokens * 1e9;
  state.counters["above_baseline_ns"] = (best - best_baseline) / tokens * 1e9;
  state.counters["vs_baseline"] = best_baseline / best;
}

void BM_Sign(benchmark::State& state, Algorithm algorithm) {
  const Fixture& fixture = FixtureOf(algorithm);
  const TokenRequest request = MakeRequest();
  const absl::Time now = absl::Now();
  for ([[maybe_unused]] const auto _ : state) {
    const auto token = fixture.signer().Sign(request, now);
    if (!token.ok()) state.SkipWithError("a good request was refused");
  }
  state.SetItemsProcessed(state.iterations());
}

void RegisterAll() {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const auto compare = [&](absl::string_view what, Work work, Work baseline) {
      benchmark::RegisterBenchmark(
          absl::StrCat(what, "/", AlgorithmName(algorithm)).c_str(), Compare,
          algorithm, work, baseline)
          ->UseManualTime()
          ->Iterations(kRounds)
          ->Unit(benchmark::kMicrosecond);
    };
    compare("Cold", Cold, Bare);
    compare("ColdBatch", ColdBatch, BareBatch);
    compare("Warm", Warm, Cold);
    compare("WarmBatch", WarmBatch, ColdBatch);
    benchmark::RegisterBenchmark(
        absl::StrCat("Sign/", AlgorithmName(algorithm)).c_str(), BM_Sign,
        algorithm);
  }
}

}  // namespace
}  // namespace signet

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  signet::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
