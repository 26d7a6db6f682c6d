// What a verifier says of tokens that are revoked, by whichever way it is
// asked.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "jose/compact_jws.h"
#include "keys/digest.h"
#include "keys/signing_key.h"
#include "store/records.h"
#include "tests/allocations.h"
#include "tests/answer.h"
#include "tests/mutations.h"
#include "tests/verifier_fixture.h"
#include "verifier/jwt_verifier.h"
#include "verifier/revocations.h"
#include "verifier/token_cache.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://a.example";

class RevokedTokensTest : public VerifierFixture {
 protected:
  static std::string Claims(absl::string_view more) {
    return absl::StrCat(
        R"({"iss":"https://a.example","aud":"service","exp":1800000600)", more,
        "}");
  }

  static std::string Token(absl::string_view more) {
    return IssuerA().Mint(Algorithm::kEs256, Claims(more));
  }

  void Revoke(RevocationTarget target, absl::string_view value,
              absl::Time issued_before = absl::InfiniteFuture()) {
    revocations_->Apply({.target = target,
                         .issuer = kIssuer,
                         .value = std::string(value),
                         .issued_before = issued_before,
                         .expires = kTestNow + absl::Hours(1)});
  }

  // The answer about a token, which is the same alone, explained, in a batch
  // and from a cache.
  std::string AnswerAbout(absl::string_view token,
                          absl::Time now = kTestNow) const {
    std::string answer =
        AnswerOf(*verifier_.Verify(token, policy_, none_, now));
    for (const JwtVerifier* const verifier : {&verifier_, &remembering_}) {
      const auto verify = verifier->Verify(token, policy_, none_, now);
      const auto explain = verifier->Explain(token, policy_, none_, now);
      EXPECT_EQ(AnswerOf(*verify), answer);
      EXPECT_EQ(AnswerOf(explain->verdict), answer);
      EXPECT_EQ(explain->checks.size(), 17);
      const VerificationRequest request{token, &policy_, &none_};
      for (const auto& verdict :
           verifier->VerifyBatch({request, request}, now)) {
        EXPECT_EQ(AnswerOf(*verdict), answer);
      }
    }
    return answer;
  }

  const std::shared_ptr<Revocations> revocations_ =
      std::make_shared<Revocations>();
  const std::shared_ptr<TokenCache> tokens_ =
      std::make_shared<TokenCache>(TokenCache::kDefaultBytes / 16);
  const JwtVerifier verifier_{keys_, nullptr, revocations_};
  const JwtVerifier remembering_{keys_, tokens_, revocations_};
  const ValidationPolicy policy_ = *ValidationPolicy::Create(Options());
  const Tightening none_{};
};

TEST_F(RevokedTokensTest, AreRefusedByTokenId) {
  const std::string token = Token(R"(,"jti":"1")");
  EXPECT_EQ(AnswerAbout(token), "accepted");
  Revoke(RevocationTarget::kTokenId, "1");
  EXPECT_EQ(AnswerAbout(token), "REVOKED jti");
  EXPECT_EQ(AnswerAbout(Token(R"(,"jti":"2")")), "accepted");
  EXPECT_EQ(AnswerAbout(Token("")), "accepted");
}

TEST_F(RevokedTokensTest, AreRefusedByContentIfTheyHaveNoTokenId) {
  const std::string token = Token("");
  const Digest digest(HashOf(Algorithm::kEs256), SigningInputOf(token));
  EXPECT_EQ(AnswerAbout(token), "accepted");
  Revoke(RevocationTarget::kContent,
         absl::BytesToHexString(AsText(digest.bytes())));
  EXPECT_EQ(AnswerAbout(token), "REVOKED");
  EXPECT_EQ(AnswerAbout(Token(R"(,"sub":"s")")), "accepted");
}

TEST_F(RevokedTokensTest, AreRefusedBySubject) {
  Revoke(RevocationTarget::kSubject, "alice", kTestNow);
  const std::pair<std::string, std::string> kAnswers[] = {
      {R"(,"sub":"alice","iat":1799999999.999999)", "REVOKED sub"},
      {R"(,"sub":"alice","iat":1800000000)", "accepted"},
      {R"(,"sub":"alice")", "REVOKED sub"},
      {R"(,"sub":"bob","iat":1799999999)", "accepted"},
      {R"(,"iat":1799999999)", "accepted"},
  };
  for (const auto& [claims, answer] : kAnswers) {
    EXPECT_EQ(AnswerAbout(Token(claims)), answer) << claims;
  }
}

TEST_F(RevokedTokensTest, AreRefusedByIssuer) {
  Revoke(RevocationTarget::kIssuer, "", kTestNow);
  EXPECT_EQ(AnswerAbout(Token(R"(,"iat":1799999999)")), "REVOKED iss");
  EXPECT_EQ(AnswerAbout(Token(R"(,"iat":1800000000)")), "accepted");
  EXPECT_EQ(AnswerAbout(Token("")), "REVOKED iss");
}

TEST_F(RevokedTokensTest, AreRefusedByTheKeyThatVerifiedThem) {
  const std::string named = Token("");
  const std::string unnamed =
      SignAs(Algorithm::kEs256, HeaderFor("ES256"), Claims(""));
  const std::string other = IssuerA().Mint(Algorithm::kEdDsa, Claims(""));
  EXPECT_EQ(AnswerAbout(unnamed), "accepted");
  Revoke(RevocationTarget::kKey, "ES256-key");
  EXPECT_EQ(AnswerAbout(named), "REVOKED kid");
  EXPECT_EQ(AnswerAbout(unnamed), "REVOKED kid");
  EXPECT_EQ(AnswerAbout(other), "accepted");
}

TEST_F(RevokedTokensTest, OfOneIssuerAreNotThoseOfAnother) {
  ValidationPolicyOptions options = Options();
  options.issuers = {IssuerB().name()};
  const ValidationPolicy policy_of_b = *ValidationPolicy::Create(options);
  Revoke(RevocationTarget::kTokenId, "1");
  Revoke(RevocationTarget::kSubject, "alice");
  Revoke(RevocationTarget::kKey, "ES256-key");
  Revoke(RevocationTarget::kIssuer, "");
  const std::string token = IssuerB().Mint(
      Algorithm::kEs256, R"({"iss":"https://b.example","aud":"service",)"
                         R"("exp":1800000600,"jti":"1","sub":"alice"})");
  EXPECT_EQ(AnswerOf(*verifier_.Verify(token, policy_of_b, none_, kTestNow)),
            "accepted");
}

TEST_F(RevokedTokensTest, AreRefusedWithTheOtherSignatureToo) {
  const std::string token = Token(R"(,"jti":"1")");
  const std::string twin = NegateS(IssuerA().key(Algorithm::kEs256), token);
  ASSERT_NE(twin, token);
  EXPECT_EQ(AnswerAbout(twin), "accepted");
  Revoke(RevocationTarget::kTokenId, "1");
  EXPECT_EQ(AnswerAbout(token), "REVOKED jti");
  EXPECT_EQ(AnswerAbout(twin), "REVOKED jti");
}

TEST_F(RevokedTokensTest, AreAcceptedAgainWhenTheRevocationExpires) {
  ValidationPolicyOptions options = Options();
  options.allow_missing_expiration = true;
  const ValidationPolicy policy = *ValidationPolicy::Create(options);
  const std::string token = IssuerA().Mint(
      Algorithm::kEs256,
      R"({"iss":"https://a.example","aud":"service","jti":"1"})");
  Revoke(RevocationTarget::kTokenId, "1");
  const absl::Time end = kTestNow + absl::Hours(1);
  EXPECT_EQ(AnswerOf(*verifier_.Verify(token, policy, none_,
                                       end - absl::Nanoseconds(1))),
            "REVOKED jti");
  EXPECT_EQ(AnswerOf(*verifier_.Verify(token, policy, none_, end)), "accepted");
}

TEST_F(RevokedTokensTest, AreRefusedForEveryOtherReasonFirst) {
  Revoke(RevocationTarget::kTokenId, "1");
  const std::string token = Token(R"(,"jti":"1","nbf":1800000001)");
  EXPECT_EQ(AnswerAbout(token), "NOT_YET_VALID nbf");
  const auto explanation = verifier_.Explain(token, policy_, none_, kTestNow);
  const CheckReport& last = explanation->checks.back();
  EXPECT_EQ(last.name, CheckName::kRevocation);
  EXPECT_EQ(last.outcome, CheckOutcome::kFailed);
  EXPECT_EQ(AnswerOf(*last.rejection), "REVOKED jti");
}

TEST_F(RevokedTokensTest, ChangeNothingForOthersInTheirBatch) {
  Revoke(RevocationTarget::kTokenId, "1");
  const std::string revoked = Token(R"(,"jti":"1")");
  const std::string good = Token(R"(,"jti":"2")");
  const auto verdicts = verifier_.VerifyBatch(
      std::vector<VerificationRequest>{{good, &policy_, &none_},
                                       {revoked, &policy_, &none_},
                                       {good, &policy_, &none_}},
      kTestNow);
  EXPECT_EQ(AnswerOf(*verdicts[0]), "accepted");
  EXPECT_EQ(AnswerOf(*verdicts[1]), "REVOKED jti");
  EXPECT_EQ(AnswerOf(*verdicts[2]), "accepted");
}

TEST_F(RevokedTokensTest, AreLookedUpWithoutAllocating) {
  Revoke(RevocationTarget::kTokenId, "1");
  Revoke(RevocationTarget::kContent, std::string(64, '0'));
  Revoke(RevocationTarget::kSubject, "bob");
  Revoke(RevocationTarget::kKey, "other");
  Revoke(RevocationTarget::kIssuer, "", kTestNow - absl::Hours(1));
  for (const char* const more : {R"(,"jti":"2","sub":"alice","iat":1799999999)",
                                 R"(,"sub":"alice","iat":1799999999)"}) {
    const std::string token = Token(more);
    EXPECT_EQ(AnswerAbout(token), "accepted");
    const size_t before = BytesAllocatedByThisThread();
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(remembering_.Verify(token, policy_, none_, kTestNow)->ok());
    }
    EXPECT_EQ(BytesAllocatedByThisThread(), before);
  }
}

}  // namespace
}  // namespace signet
