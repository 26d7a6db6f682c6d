// What counting costs: a batch of tokens that the cache knows, from the
// verdicts to the answers, with and without being counted. Both sides take
// turns, so that both see the same machine; with_vs_without is the ratio of the
// medians of their times, and counting_ns what it adds to a token. And what it
// adds to a call.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "benchmarks/timed_rounds.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "keys/signing_key.h"
#include "service/metrics/call_counts.h"
#include "service/metrics/token_counts.h"
#include "service/verify_messages.h"
#include "signer/jwt_signer.h"
#include "verifier/jwt_verifier.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://signet.example";
constexpr size_t kTokens = 64;
constexpr int kRounds = 2000;

ValidationPolicy MakePolicy() {
  ValidationPolicyOptions options;
  options.name = "orders";
  options.kind = TokenKind::kAccessToken;
  options.issuers = {kIssuer};
  options.audiences = {"https://orders.example"};
  return ValidationPolicy::Create(std::move(options)).value();
}

JwtSigner MakeSigner(const std::shared_ptr<const SigningKey>& key) {
  SigningOptions options;
  options.issuer = kIssuer;
  options.keys.push_back(key);
  return JwtSigner::Create(std::move(options)).value();
}

std::shared_ptr<KeyCache> Trust(const SigningKey& key) {
  std::vector<VerificationKey> keys;
  keys.push_back(key.verification_key().Copy());
  auto issuers = std::make_shared<KeyCache>();
  issuers->ReplaceIssuer(kIssuer, KeySet::Create(std::move(keys)).value());
  return issuers;
}

// A batch of tokens that are known from the cache. value() ends the program if
// the impossible happens: a benchmark has nobody to report to.
class WarmBatch {
 public:
  WarmBatch()
      : key_(std::make_shared<const SigningKey>(
            SigningKey::Generate(Algorithm::kEs256).value())),
        verifier_(Trust(*key_),
                  std::make_shared<TokenCache>(TokenCache::kDefaultBytes)) {
    const JwtSigner signer = MakeSigner(key_);
    TokenRequest request;
    request.kind = TokenKind::kAccessToken;
    request.subject = "billing";
    request.client_id = "billing";
    request.audiences = {"https://orders.example"};
    tokens_.reserve(kTokens);
    for (size_t i = 0; i < kTokens; ++i) {
      tokens_.push_back(signer.Sign(request, now_).value().compact);
      requests_.push_back({tokens_.back(), &policy_, &none_});
    }
    Verify();
  }

  std::vector<absl::StatusOr<Verdict>> Verify() const {
    return verifier_.VerifyBatch(requests_, now_);
  }

 private:
  const absl::Time now_ = absl::Now();
  const Tightening none_;
  const ValidationPolicy policy_ = MakePolicy();
  std::shared_ptr<const SigningKey> key_;
  JwtVerifier verifier_;
  std::vector<std::string> tokens_;
  std::vector<VerificationRequest> requests_;
};

template <typename Work>
double NanosecondsOf(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::nano>(
             std::chrono::steady_clock::now() - start)
      .count();
}

// Has `without` and `with` take turns, and reports what the latter takes more,
// for each of `parts`.
template <typename Without, typename With>
void Compare(benchmark::State& state, size_t parts, const Without& without,
             const With& with) {
  std::vector<double> times_without;
  std::vector<double> times_with;
  for ([[maybe_unused]] const auto _ : state) {
    times_without.push_back(NanosecondsOf(without));
    times_with.push_back(NanosecondsOf(with));
    state.SetIterationTime(times_with.back() * 1e-9);
  }
  const double median_without = Median(times_without);
  const double median_with = Median(times_with);
  state.counters["without_ns"] = median_without / static_cast<double>(parts);
  state.counters["counting_ns"] =
      (median_with - median_without) / static_cast<double>(parts);
  state.counters["with_vs_without"] = median_with / median_without;
}

void Answer(const absl::StatusOr<Verdict>& verdict) {
  benchmark::DoNotOptimize(ToMessage(*verdict));
}

void BM_CountedBatch(benchmark::State& state) {
  const WarmBatch batch;
  TokenCounts counts;
  counts.KnowIssuers({kIssuer, "https://b.example", "https://c.example"});
  Compare(
      state, kTokens,
      [&] {
        for (const auto& verdict : batch.Verify()) Answer(verdict);
      },
      [&] {
        const auto verdicts = batch.Verify();
        counts.CountBatch(verdicts.size());
        for (const auto& verdict : verdicts) {
          counts.CountVerification(*verdict, absl::OkStatus());
          Answer(verdict);
        }
      });
}
BENCHMARK(BM_CountedBatch)->UseManualTime()->Iterations(kRounds);

// Two looks at the clock, and the numbers of a call. An empty call of gRPC
// takes 22 us.
void BM_CountCall(benchmark::State& state) {
  CallCounts counts;
  for ([[maybe_unused]] const auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    counts.CountStart(Method::kVerify);
    counts.CountEnd(Method::kVerify, grpc::StatusCode::OK,
                    absl::FromChrono(std::chrono::steady_clock::now() - start),
                    700);
  }
}
BENCHMARK(BM_CountCall);

}  // namespace
}  // namespace signet

BENCHMARK_MAIN();
