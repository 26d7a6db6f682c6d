#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "jose/rejection.h"
#include "keys/signing_key.h"
#include "signer/jwt_signer.h"
#include "signer/token_request.h"
#include "tests/signer/request_examples.h"
#include "tests/signer/signing_keys.h"
#include "verifier/jwt_verifier.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

// What a verifier elsewhere would demand of tokens of this kind.
ValidationPolicyOptions PolicyFor(TokenKind kind) {
  ValidationPolicyOptions options;
  options.name = "elsewhere";
  options.kind = kind;
  options.issuers = {kIssuer};
  options.any_audience = true;
  for (const Algorithm algorithm : kAllAlgorithms) {
    options.algorithms.Add(algorithm);
  }
  return options;
}

Verdict VerifyAs(TokenKind kind, const JwtVerifier& verifier,
                 const SignedToken& token, absl::Time now) {
  const ValidationPolicy policy =
      ValidationPolicy::Create(PolicyFor(kind)).value();
  return verifier.Verify(token.compact, policy, Tightening{}, now).value();
}

// A signer with a key for each algorithm, and a verifier that knows only the
// public halves.
class TokenKinds : public testing::Test {
 protected:
  TokenKinds() : TokenKinds(OneKeyPerAlgorithm()) {}

  const JwtVerifier verifier_;
  const JwtSigner signer_;

 private:
  explicit TokenKinds(SigningKeys keys)
      : verifier_(TrustIn(kIssuer, keys)),
        signer_(JwtSigner::Create({.issuer = kIssuer, .keys = std::move(keys)})
                    .value()) {}
};

TEST_F(TokenKinds, AreAllSignedWithEveryAlgorithmAndVerifiedElsewhere) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    for (const TokenKind kind : kAllKinds) {
      TokenRequest request = FullRequest(kind);
      request.algorithm = algorithm;
      const absl::StatusOr<SignedToken> token = signer_.Sign(request, kNow);
      ASSERT_TRUE(token.ok()) << AlgorithmName(algorithm) << token.status();
      EXPECT_EQ(token->content.header().algorithm, algorithm);
      const Verdict verdict = VerifyAs(kind, verifier_, *token, kNow);
      EXPECT_TRUE(verdict.ok()) << AlgorithmName(algorithm);
    }
  }
}

TEST_F(TokenKinds, AreNeverAcceptedAsOneAnother) {
  for (const TokenKind signed_as : kAllKinds) {
    for (const TokenRequest& request :
         {LeastRequest(signed_as), FullRequest(signed_as)}) {
      const SignedToken token = signer_.Sign(request, kNow).value();
      for (const TokenKind verified_as : kAllKinds) {
        const Verdict verdict = VerifyAs(verified_as, verifier_, token, kNow);
        ASSERT_EQ(verdict.ok(), signed_as == verified_as);
        if (!verdict.ok()) {
          EXPECT_EQ(verdict.rejection().reason,
                    RejectionReason::kWrongTokenKind);
        }
      }
    }
  }
}

TEST_F(TokenKinds, AreValidFromTheInstantTheyAreSignedUntilTheyExpire) {
  for (const TokenKind kind : kAllKinds) {
    const SignedToken token = signer_.Sign(LeastRequest(kind), kNow).value();
    const auto reason_at = [&](absl::Time now) {
      return VerifyAs(kind, verifier_, token, now).rejection().reason;
    };
    const absl::Time end = kNow + absl::Minutes(5);
    EXPECT_EQ(reason_at(kNow - absl::Nanoseconds(1)),
              RejectionReason::kNotYetValid);
    EXPECT_TRUE(VerifyAs(kind, verifier_, token, kNow).ok());
    EXPECT_TRUE(
        VerifyAs(kind, verifier_, token, end - absl::Nanoseconds(1)).ok());
    EXPECT_EQ(reason_at(end), RejectionReason::kExpired);
  }
}

}  // namespace
}  // namespace signet
