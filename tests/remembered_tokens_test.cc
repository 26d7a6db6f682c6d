// What a verifier that remembers tokens does when keys, time and demands
// change.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "tests/allocations.h"
#include "tests/answer.h"
#include "tests/test_issuer.h"
#include "verifier/jwt_verifier.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://a.example";
constexpr char kClaims[] =
    R"({"iss":"https://a.example","aud":"service","exp":1800000600,)"
    R"("scope":"read","jti":"a token id of more than fifteen bytes"})";

ValidationPolicy Policy() {
  ValidationPolicyOptions options;
  options.name = "policy";
  options.issuers = {kIssuer};
  options.audiences = {"service"};
  options.required_scopes = {"read"};
  return *ValidationPolicy::Create(options);
}

class RememberedTokensTest : public ::testing::Test {
 protected:
  RememberedTokensTest() { keys_->ReplaceIssuer(kIssuer, KeysWith("seed")); }

  // A key of the same id, made from `seed`, beside another one.
  static KeySet KeysWith(absl::string_view seed) {
    std::vector<VerificationKey> keys;
    keys.push_back(
        MakeTestKey(Algorithm::kEs256, "key", seed).verification_key().Copy());
    keys.push_back(
        MakeTestKey(Algorithm::kEdDsa, "other").verification_key().Copy());
    return *KeySet::Create(std::move(keys));
  }

  static std::string Token() {
    return SignCompact(MakeTestKey(Algorithm::kEs256, "key"),
                       R"({"alg":"ES256","kid":"key"})", kClaims);
  }

  std::string Judge(absl::Time now = kTestNow,
                    const Tightening& tightening = {}) {
    return AnswerOf(*verifier_.Verify(token_, policy_, tightening, now));
  }

  const std::shared_ptr<KeyCache> keys_ = std::make_shared<KeyCache>();
  const std::shared_ptr<TokenCache> tokens_ =
      std::make_shared<TokenCache>(TokenCache::kDefaultBytes / 16);
  const JwtVerifier verifier_{keys_, tokens_};
  const ValidationPolicy policy_ = Policy();
  const std::string token_ = Token();
};

TEST_F(RememberedTokensTest, AreFoundAgain) {
  EXPECT_EQ(Judge(), "accepted");
  EXPECT_EQ(tokens_->stats().hits, 0);
  EXPECT_EQ(Judge(), "accepted");
  EXPECT_EQ(tokens_->stats().hits, 1);
  EXPECT_EQ(tokens_->stats().insertions, 1);
}

TEST_F(RememberedTokensTest, SayTheSame) {
  for (int i = 0; i < 2; ++i) {
    const auto verdict = verifier_.Verify(token_, policy_, {}, kTestNow);
    EXPECT_EQ((*verdict)->header().key_id, "key");
    EXPECT_EQ((*verdict)->claims().registered().jwt_id,
              "a token id of more than fifteen bytes");
  }
}

TEST_F(RememberedTokensTest, ExpireAllTheSame) {
  EXPECT_EQ(Judge(), "accepted");
  EXPECT_EQ(Judge(absl::FromUnixSeconds(1800000599)), "accepted");
  EXPECT_EQ(Judge(absl::FromUnixSeconds(1800000600)), "EXPIRED exp");
  EXPECT_EQ(Judge(), "accepted");
}

TEST_F(RememberedTokensTest, AreJudgedByWhatIsAskedNow) {
  EXPECT_EQ(Judge(), "accepted");
  Tightening tightening;
  tightening.required_scopes = {"write"};
  EXPECT_EQ(Judge(kTestNow, tightening), "SCOPE_INSUFFICIENT scope");
}

TEST_F(RememberedTokensTest, GoWithTheirKey) {
  EXPECT_EQ(Judge(), "accepted");
  std::vector<VerificationKey> other;
  other.push_back(
      MakeTestKey(Algorithm::kEdDsa, "other").verification_key().Copy());
  keys_->ReplaceIssuer(kIssuer, *KeySet::Create(std::move(other)));
  EXPECT_EQ(Judge(), "KEY_NOT_FOUND kid");
}

TEST_F(RememberedTokensTest, GoWithTheirIssuer) {
  EXPECT_EQ(Judge(), "accepted");
  keys_->RemoveIssuer(kIssuer);
  EXPECT_EQ(Judge(), "ISSUER_NOT_ACCEPTED iss");
}

TEST_F(RememberedTokensTest, AreNotBelievedForAnotherKeyOfTheSameId) {
  EXPECT_EQ(Judge(), "accepted");
  keys_->ReplaceIssuer(kIssuer, KeysWith("another seed"));
  EXPECT_EQ(Judge(), "SIGNATURE_INVALID");
  EXPECT_EQ(Judge(), "SIGNATURE_INVALID");
  keys_->ReplaceIssuer(kIssuer, KeysWith("seed"));
  EXPECT_EQ(Judge(), "accepted");
}

TEST_F(RememberedTokensTest, StayWhenTheirKeyDoes) {
  EXPECT_EQ(Judge(), "accepted");
  keys_->ReplaceIssuer(kIssuer, KeysWith("seed"));
  EXPECT_EQ(Judge(), "accepted");
  EXPECT_EQ(tokens_->stats().insertions, 1);
}

TEST_F(RememberedTokensTest, AreThoseWithGoodSignaturesAlone) {
  std::string forged = token_;
  // Another character of the alphabet.
  char& character = forged[forged.rfind('.') + 10];
  character = character == 'A' ? 'B' : 'A';
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(AnswerOf(*verifier_.Verify(forged, policy_, {}, kTestNow)),
              "SIGNATURE_INVALID");
  }
  EXPECT_EQ(tokens_->stats().insertions, 0);
}

TEST_F(RememberedTokensTest, AreRememberedEvenIfTheirClaimsAreRefused) {
  EXPECT_EQ(Judge(absl::FromUnixSeconds(1900000000)), "EXPIRED exp");
  EXPECT_EQ(tokens_->stats().insertions, 1);
}

TEST_F(RememberedTokensTest, ServeBatchesToo) {
  EXPECT_EQ(Judge(), "accepted");
  const Tightening none;
  const std::vector<VerificationRequest> twice(2, {token_, &policy_, &none});
  for (const auto& verdict : verifier_.VerifyBatch(twice, kTestNow)) {
    EXPECT_EQ(AnswerOf(*verdict), "accepted");
  }
  keys_->ReplaceIssuer(kIssuer, KeysWith("another seed"));
  for (const auto& verdict : verifier_.VerifyBatch(twice, kTestNow)) {
    EXPECT_EQ(AnswerOf(*verdict), "SIGNATURE_INVALID");
  }
}

TEST_F(RememberedTokensTest, AreVerifiedWithoutAllocating) {
  EXPECT_EQ(Judge(), "accepted");
  EXPECT_EQ(Judge(), "accepted");
  const Tightening none;
  const size_t before = BytesAllocatedByThisThread();
  for (int i = 0; i < 100; ++i) {
    const auto verdict = verifier_.Verify(token_, policy_, none, kTestNow);
    ASSERT_TRUE(verdict->ok());
  }
  EXPECT_EQ(BytesAllocatedByThisThread(), before);
}

}  // namespace
}  // namespace signet
