// The checks that tie a token to who may use it and for what: audience, scope,
// nonce, authorized party and access token.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/access_token_hash.h"
#include "tests/claims_demands.h"

namespace signet {
namespace {

// The answer about a JWT with this `aud`; none, if it is empty.
std::string JudgeAudience(const Demands& demands, absl::string_view audience) {
  return JudgeClaims(
      demands, "",
      absl::StrCat(R"({"iss":"https://issuer.example","exp":1800000600)",
                   audience.empty() ? "" : ",\"aud\":", audience, "}"));
}

constexpr char kMismatch[] = "AUDIENCE_MISMATCH aud";
constexpr char kInvalid[] = "CLAIM_INVALID aud";

TEST(RecipientChecksTest, DemandsAnAudienceOfThePolicyByteForByte) {
  struct Case {
    const char* aud;
    const char* answer;
  };
  constexpr Case kCases[] = {
      {R"("service")", "accepted"},
      {R"("other")", "accepted"},
      {R"(["service"])", "accepted"},
      {R"(["a","b","other"])", "accepted"},
      {R"("\u0073ervice")", "accepted"},
      {R"("third")", kMismatch},
      {R"(["third","fourth"])", kMismatch},
      {R"([])", kMismatch},
      {R"("")", kMismatch},
      {R"("Service")", kMismatch},
      {R"("service ")", kMismatch},
      {R"("service/")", kMismatch},
      {R"("serv")", kMismatch},
      {R"("service,other")", kMismatch},
      {R"("service other")", kMismatch},
      {R"("service\u0000")", kMismatch},
      {R"("*")", kMismatch},
      {"", "CLAIM_MISSING aud"},
      {R"(["service",1])", kInvalid},
      {R"({"service":1})", kInvalid},
      {R"(null)", kInvalid},
      {R"(true)", kInvalid},
  };
  Demands demands = DemandsFor(TokenKind::kJwt);
  demands.policy.audiences = {"service", "other"};
  for (const Case& c : kCases) {
    EXPECT_EQ(JudgeAudience(demands, c.aud), c.answer) << c.aud;
  }
}

TEST(RecipientChecksTest, AcceptsAnyAudienceOnlyWhereThePolicySaysSo) {
  Demands demands = DemandsFor(TokenKind::kJwt);
  demands.policy.audiences.clear();
  demands.policy.any_audience = true;
  EXPECT_EQ(JudgeAudience(demands, R"("third")"), "accepted");
  EXPECT_EQ(JudgeAudience(demands, ""), "accepted");
  EXPECT_EQ(JudgeAudience(demands, "1"), kInvalid);
  // The request may still ask for one.
  demands.tightening.audience = "service";
  EXPECT_EQ(JudgeAudience(demands, R"("third")"), kMismatch);
  EXPECT_EQ(JudgeAudience(demands, ""), "CLAIM_MISSING aud");
  EXPECT_EQ(JudgeAudience(demands, R"(["third","service"])"), "accepted");
}

TEST(RecipientChecksTest, DemandsTheAudienceOfTheRequestBesideThePolicys) {
  Demands demands = DemandsFor(TokenKind::kJwt);
  demands.tightening.audience = "me";
  EXPECT_EQ(JudgeAudience(demands, R"(["service","me"])"), "accepted");
  EXPECT_EQ(JudgeAudience(demands, R"("service")"), kMismatch);
  // A request cannot name itself an audience that the policy does not have.
  EXPECT_EQ(JudgeAudience(demands, R"("me")"), kMismatch);
  demands.tightening.audience = "";
  EXPECT_EQ(JudgeAudience(demands, R"("service")"), kMismatch);
}

TEST(RecipientChecksTest, DemandsEveryScope) {
  struct Case {
    std::vector<std::string> policy;
    std::vector<absl::string_view> request;
    const char* claim;
    const char* answer;
  };
  constexpr char kInsufficient[] = "SCOPE_INSUFFICIENT scope";
  const Case cases[] = {
      {{}, {}, "", "accepted"},
      {{}, {}, R"(,"scope":"")", "accepted"},
      {{"read"}, {}, R"(,"scope":"read")", "accepted"},
      {{"read"}, {}, R"(,"scope":"write read admin")", "accepted"},
      {{"read", "write"}, {}, R"(,"scope":"read")", kInsufficient},
      {{"read"}, {}, "", kInsufficient},
      {{"read"}, {}, R"(,"scope":"")", kInsufficient},
      {{"read"}, {}, R"(,"scope":"readonly")", kInsufficient},
      {{"read"}, {}, R"(,"scope":"Read")", kInsufficient},
      {{"read"}, {}, R"(,"scope":"read,write")", kInsufficient},
      {{"read"}, {}, R"(,"scp":"read")", kInsufficient},
      {{"read"}, {}, R"(,"scope":["read"])", "CLAIM_INVALID scope"},
      {{}, {"read"}, R"(,"scope":"read")", "accepted"},
      {{}, {"read"}, R"(,"scope":"write")", kInsufficient},
      {{"read"}, {"write"}, R"(,"scope":"read write")", "accepted"},
      {{"read"}, {"write"}, R"(,"scope":"write")", kInsufficient},
      {{"read"}, {"write"}, R"(,"scope":"read")", kInsufficient},
      {{}, {""}, R"(,"scope":"read")", kInsufficient},
      {{}, {"read write"}, R"(,"scope":"read write")", kInsufficient},
  };
  for (const Case& c : cases) {
    Demands demands = DemandsFor(TokenKind::kJwt);
    demands.policy.required_scopes = c.policy;
    demands.tightening.required_scopes = c.request;
    EXPECT_EQ(JudgeJwt(demands, c.claim), c.answer) << c.claim;
  }
}

TEST(RecipientChecksTest, DemandsTheNonceOfTheRequest) {
  Demands demands = DemandsFor(TokenKind::kIdToken);
  const auto judge = [&] { return JudgeClaims(demands, "", IdClaims()); };
  EXPECT_EQ(judge(), "accepted");
  demands.tightening.nonce = "n";
  EXPECT_EQ(judge(), "accepted");
  for (const char* other : {"", "N", "n ", "nn"}) {
    demands.tightening.nonce = other;
    EXPECT_EQ(judge(), "NONCE_MISMATCH nonce") << other;
  }
  EXPECT_EQ(JudgeClaims(demands, "",
                        JwtClaims(R"(,"sub":"a","iat":1799999990,"acr":"0")")),
            "CLAIM_MISSING nonce");
}

TEST(RecipientChecksTest, DemandsTheAuthorizedPartyToBeTheClient) {
  // OpenID Connect Core section 3.1.3.7, steps 4 and 5.
  struct Case {
    const char* aud;
    const char* azp;
    const char* answer;
  };
  constexpr char kWrongParty[] = "AUTHORIZED_PARTY_MISMATCH azp";
  const Case cases[] = {
      {R"("service")", "", "accepted"},
      {R"(["service"])", "", "accepted"},
      {R"("service")", R"(,"azp":"service")", "accepted"},
      {R"("service")", R"(,"azp":"other")", kWrongParty},
      {R"("service")", R"(,"azp":"")", kWrongParty},
      {R"("service")", R"(,"azp":"Service")", kWrongParty},
      {R"(["service","other"])", "", "CLAIM_MISSING azp"},
      {R"(["service","other"])", R"(,"azp":"service")", "accepted"},
      {R"(["service","other"])", R"(,"azp":"other")", kWrongParty},
      {R"(["service","service"])", "", "CLAIM_MISSING azp"},
      {R"("service")", R"(,"azp":["service"])", "CLAIM_INVALID azp"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(
        JudgeClaims(DemandsFor(TokenKind::kIdToken), "",
                    absl::StrCat(R"({"iss":"https://issuer.example","sub":"a",)"
                                 R"("exp":1800000600,"iat":1799999990,)"
                                 R"("nonce":"n","aud":)",
                                 c.aud, c.azp, "}")),
        c.answer)
        << c.aud << c.azp;
  }
}

TEST(RecipientChecksTest, DemandsTheAuthorizedPartyToBeTheRequestsClientToo) {
  Demands demands = DemandsFor(TokenKind::kIdToken);
  demands.policy.audiences = {"web", "phone"};
  demands.tightening.audience = "web";
  const auto judge = [&](absl::string_view azp) {
    return JudgeClaims(
        demands, "",
        absl::StrCat(R"({"iss":"https://issuer.example","sub":"a",)"
                     R"("exp":1800000600,"iat":1799999990,"nonce":"n",)"
                     R"("aud":["web","phone"],"azp":")",
                     azp, "\"}"));
  };
  EXPECT_EQ(judge("web"), "accepted");
  EXPECT_EQ(judge("phone"), "AUTHORIZED_PARTY_MISMATCH azp");
  demands.tightening.audience = std::nullopt;
  EXPECT_EQ(judge("phone"), "accepted");
  demands.policy.audiences.clear();
  demands.policy.any_audience = true;
  EXPECT_EQ(judge("anyone"), "accepted");
  demands.tightening.audience = "phone";
  EXPECT_EQ(judge("web"), "AUTHORIZED_PARTY_MISMATCH azp");
}

TEST(RecipientChecksTest, LeavesTheAuthorizedPartyOfOtherKindsAlone) {
  EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kAccessToken), "at+jwt",
                        AccessClaims(R"(,"azp":"whoever")")),
            "accepted");
}

TEST(RecipientChecksTest, DemandsTheHashOfTheAccessToken) {
  Demands demands = DemandsFor(TokenKind::kIdToken);
  demands.tightening.access_token = "opaque";
  const auto judge = [&](absl::string_view hash) {
    return JudgeClaims(demands, "",
                       IdClaims(absl::StrCat(R"(,"at_hash":")", hash, "\"")));
  };
  const std::string right = AccessTokenHash(Algorithm::kEdDsa, "opaque");
  EXPECT_EQ(judge(right), "accepted");
  for (const std::string& wrong :
       {std::string(), right + "=", right.substr(1),
        AccessTokenHash(Algorithm::kEdDsa, "other"),
        // The hash of another algorithm.
        AccessTokenHash(Algorithm::kRs256, "opaque")}) {
    EXPECT_EQ(judge(wrong), "ACCESS_TOKEN_HASH_MISMATCH at_hash") << wrong;
  }
  EXPECT_EQ(JudgeClaims(demands, "", IdClaims()), "CLAIM_MISSING at_hash");
  demands.tightening.access_token = std::nullopt;
  EXPECT_EQ(judge("whatever"), "accepted");
}

// What one request can ask for.
std::vector<Tightening> AllTightenings() {
  std::vector<Tightening> all(7);
  all[1].audience = "service";
  all[2].required_scopes = {"read"};
  all[3].nonce = "n";
  all[4].max_token_age = absl::Hours(1);
  all[5].max_authentication_age = absl::Hours(1);
  all[6].access_token = "opaque";
  return all;
}

TEST(RecipientChecksTest, NoRequestMakesAPolicyAcceptMore) {
  // Whatever the policy alone refuses is refused however the request is
  // tightened.
  const std::string refused[] = {
      R"({"iss":"https://issuer.example","aud":"x","exp":1800000600})",
      R"({"iss":"https://issuer.example","aud":"service","exp":1})",
      R"({"iss":"https://issuer.example","aud":"service"})",
      R"({"iss":"https://issuer.example","exp":1800000600})",
      R"({"iss":"https://other.example","aud":"service","exp":1800000600})",
      JwtClaims(R"(,"nbf":1800000001)"),
      JwtClaims(R"(,"iat":1800000001)"),
      JwtClaims(R"(,"nonce":"n")"),
  };
  for (const std::string& claims : refused) {
    for (const Tightening& tightening : AllTightenings()) {
      Demands demands = DemandsFor(TokenKind::kJwt);
      demands.tightening = tightening;
      EXPECT_NE(JudgeClaims(demands, "", claims), "accepted") << claims;
    }
  }
}

}  // namespace
}  // namespace signet
