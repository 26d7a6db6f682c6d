// How fast one core signs and verifies, per algorithm: a whole token through
// JwtSigner and JwtVerifier, and the bare signature check in it.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "benchmark/benchmark.h"
#include "jose/algorithm.h"
#include "jose/compact_jws.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"
#include "signer/jwt_signer.h"
#include "verifier/jwt_verifier.h"
#include "verifier/signature.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://signet.example";
constexpr char kAudience[] = "https://orders.example";

JwtSigner MakeSigner(SigningKey key) {
  SigningOptions options;
  options.issuer = kIssuer;
  options.keys.push_back(std::move(key));
  return JwtSigner::Create(std::move(options)).value();
}

JwtVerifier MakeVerifier(const VerificationKey& key) {
  std::vector<VerificationKey> keys;
  keys.push_back(key.Copy());
  auto issuers = std::make_shared<KeyCache>();
  issuers->ReplaceIssuer(kIssuer, KeySet::Create(std::move(keys)).value());
  return JwtVerifier(std::move(issuers));
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

// What all three benchmarks of one algorithm share. value() ends the program
// if the impossible happens: a benchmark has nobody to report to.
struct Fixture {
  explicit Fixture(Algorithm algorithm)
      : Fixture(algorithm, SigningKey::Generate(algorithm).value()) {}
  Fixture(Algorithm algorithm, SigningKey key)
      : verification_key(key.verification_key().Copy()),
        signer(MakeSigner(std::move(key))),
        verifier(MakeVerifier(verification_key)),
        policy(MakePolicy(algorithm)),
        token(signer.Sign(request, now).value().compact) {}

  TokenRequest request = MakeRequest();
  absl::Time now = absl::Now();
  VerificationKey verification_key;
  JwtSigner signer;
  JwtVerifier verifier;
  ValidationPolicy policy;
  std::string token;
};

void BM_Signature(benchmark::State& state, Algorithm algorithm) {
  const Fixture fixture(algorithm);
  const auto jws = CompactJws::Parse(fixture.token);
  for (auto _ : state) {
    if (!VerifySignature(fixture.verification_key, jws->signing_input(),
                         jws->signature())) {
      state.SkipWithError("a good signature was refused");
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_Verify(benchmark::State& state, Algorithm algorithm) {
  const Fixture fixture(algorithm);
  for (auto _ : state) {
    const auto verdict = fixture.verifier.Verify(fixture.token, fixture.policy,
                                                 Tightening{}, fixture.now);
    if (!verdict.ok() || !verdict->ok()) {
      state.SkipWithError("a good token was refused");
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_Sign(benchmark::State& state, Algorithm algorithm) {
  const Fixture fixture(algorithm);
  for (auto _ : state) {
    const auto token = fixture.signer.Sign(fixture.request, fixture.now);
    if (!token.ok()) state.SkipWithError("a good request was refused");
  }
  state.SetItemsProcessed(state.iterations());
}

void RegisterAll() {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string name(AlgorithmName(algorithm));
    benchmark::RegisterBenchmark(("Signature/" + name).c_str(), BM_Signature,
                                 algorithm);
    benchmark::RegisterBenchmark(("Verify/" + name).c_str(), BM_Verify,
                                 algorithm);
    benchmark::RegisterBenchmark(("Sign/" + name).c_str(), BM_Sign, algorithm);
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
