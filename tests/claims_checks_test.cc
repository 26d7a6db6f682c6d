// What a policy and a request demand of the claims of a token whose signature
// is good.

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/json.h"
#include "tests/claims_demands.h"

namespace signet {
namespace {

// Claims of a JWT without exp, and with these instead.
std::string JudgeTimes(const Demands& demands, absl::string_view times) {
  return JudgeClaims(
      demands, "",
      absl::StrCat(R"({"iss":"https://issuer.example","aud":"service",)", times,
                   "}"));
}

TEST(ClaimsChecksTest, AcceptsOneKindOfTokenUnderEachKindOfPolicy) {
  struct Token {
    const char* what;
    const char* type;
    std::string claims;
    const char* under_jwt;
    const char* under_id;
    const char* under_access;
  };
  const Token tokens[] = {
      {"JWT", "JWT", JwtClaims(), "accepted", "WRONG_TOKEN_KIND",
       "WRONG_TOKEN_KIND typ"},
      {"JWT without typ", "", JwtClaims(R"(,"sub":"a","iat":1799999990)"),
       "accepted", "WRONG_TOKEN_KIND", "WRONG_TOKEN_KIND typ"},
      {"ID token", "JWT", IdClaims(), "WRONG_TOKEN_KIND nonce", "accepted",
       "WRONG_TOKEN_KIND typ"},
      {"ID token without typ", "", IdClaims(), "WRONG_TOKEN_KIND nonce",
       "accepted", "WRONG_TOKEN_KIND typ"},
      {"access token", "at+jwt", AccessClaims(), "WRONG_TOKEN_KIND typ",
       "WRONG_TOKEN_KIND typ", "accepted"},
      {"access token, long typ", "application/AT+JWT", AccessClaims(),
       "WRONG_TOKEN_KIND typ", "WRONG_TOKEN_KIND typ", "accepted"},
      // RFC 9068 section 2.2.1: it may tell how the user authenticated.
      {"access token of a user", "at+jwt",
       AccessClaims(R"(,"auth_time":1799999000,"acr":"0","amr":["pwd"])"),
       "WRONG_TOKEN_KIND typ", "WRONG_TOKEN_KIND typ", "accepted"},
      {"typ of no kind", "logout+jwt", JwtClaims(), "WRONG_TOKEN_KIND typ",
       "WRONG_TOKEN_KIND typ", "WRONG_TOKEN_KIND typ"},
      {"access token without typ", "", AccessClaims(), "accepted",
       "WRONG_TOKEN_KIND client_id", "WRONG_TOKEN_KIND typ"},
      {"access token without typ that has a claim of ID tokens", "",
       AccessClaims(R"(,"azp":"a","scope":"read")"), "WRONG_TOKEN_KIND azp",
       "WRONG_TOKEN_KIND scope", "WRONG_TOKEN_KIND typ"},
  };
  for (const Token& t : tokens) {
    EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kJwt), t.type, t.claims),
              t.under_jwt)
        << t.what;
    EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kIdToken), t.type, t.claims),
              t.under_id)
        << t.what;
    EXPECT_EQ(
        JudgeClaims(DemandsFor(TokenKind::kAccessToken), t.type, t.claims),
        t.under_access)
        << t.what;
  }
}

TEST(ClaimsChecksTest, TellsIdTokensByAnyOfTheirClaims) {
  const struct {
    const char* claim;
    const char* json;
  } marks[] = {{"nonce", "\"n\""},     {"auth_time", "1799999000"},
               {"acr", "\"0\""},       {"amr", "[]"},
               {"azp", "\"service\""}, {"at_hash", "\"h\""},
               {"c_hash", "\"h\""}};
  for (const auto& mark : marks) {
    const std::string member =
        absl::StrCat(",\"", mark.claim, "\":", mark.json);
    EXPECT_EQ(JudgeJwt(DemandsFor(TokenKind::kJwt), member),
              absl::StrCat("WRONG_TOKEN_KIND ", mark.claim));
    EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kIdToken), "",
                          JwtClaims(absl::StrCat(
                              R"(,"sub":"a","iat":1799999990)", member))),
              "accepted");
  }
}

TEST(ClaimsChecksTest, GivesUpTellingIdTokensWhereThePolicySaysSo) {
  Demands jwt = DemandsFor(TokenKind::kJwt);
  jwt.policy.allow_ambiguous_kind = true;
  EXPECT_EQ(JudgeClaims(jwt, "", IdClaims()), "accepted");
  EXPECT_EQ(JudgeClaims(jwt, "", JwtClaims()), "accepted");
  EXPECT_EQ(JudgeClaims(jwt, "at+jwt", AccessClaims()), "WRONG_TOKEN_KIND typ");
  Demands id = DemandsFor(TokenKind::kIdToken);
  id.policy.allow_ambiguous_kind = true;
  EXPECT_EQ(JudgeClaims(id, "", JwtClaims(R"(,"sub":"a","iat":1799999990)")),
            "accepted");
  EXPECT_EQ(JudgeClaims(id, "at+jwt", AccessClaims()), "WRONG_TOKEN_KIND typ");
}

TEST(ClaimsChecksTest, AcceptsTheTypesThatThePolicyNames) {
  Demands demands = DemandsFor(TokenKind::kJwt);
  demands.policy.types = {"logout+jwt", "secevent+jwt"};
  EXPECT_EQ(JudgeClaims(demands, "logout+jwt", JwtClaims()), "accepted");
  EXPECT_EQ(JudgeClaims(demands, "application/SecEvent+JWT", JwtClaims()),
            "accepted");
  for (const char* type : {"", "JWT", "at+jwt", "logout+jwt2"}) {
    EXPECT_EQ(JudgeClaims(demands, type, JwtClaims()), "WRONG_TOKEN_KIND typ")
        << type;
  }
  EXPECT_EQ(JudgeClaims(demands, "logout+jwt", IdClaims()),
            "WRONG_TOKEN_KIND nonce");
}

TEST(ClaimsChecksTest, DemandsTheClaimsThatAKindMustHave) {
  const auto without = [](const std::string& claims, absl::string_view name) {
    const JsonDocument document = *JsonDocument::ParseObject(claims);
    std::string members;
    for (const auto& member : document.object()) {
      if (absl::string_view(member.key.data(), member.key.size()) == name) {
        continue;
      }
      absl::StrAppend(&members, members.empty() ? "" : ",", "\"",
                      std::string(member.key), "\":", ToJson(member.value));
    }
    return absl::StrCat("{", members, "}");
  };
  for (const char* claim : {"exp", "aud", "sub", "client_id", "iat", "jti"}) {
    EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kAccessToken), "at+jwt",
                          without(AccessClaims(), claim)),
              absl::StrCat("CLAIM_MISSING ", claim));
  }
  for (const char* claim : {"exp", "aud", "sub", "iat"}) {
    EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kIdToken), "",
                          without(IdClaims(), claim)),
              absl::StrCat("CLAIM_MISSING ", claim));
  }
  for (const char* claim : {"exp", "aud", "iss"}) {
    EXPECT_EQ(JudgeClaims(DemandsFor(TokenKind::kJwt), "",
                          without(JwtClaims(), claim)),
              absl::StrCat("CLAIM_MISSING ", claim));
  }
}

TEST(ClaimsChecksTest, DemandsTheClaimsThatThePolicyNames) {
  Demands demands = DemandsFor(TokenKind::kJwt);
  demands.policy.required_claims = {"tenant"};
  EXPECT_EQ(JudgeJwt(demands), "CLAIM_MISSING tenant");
  // Empty says no more than absent.
  for (const char* empty : {"null", "\"\"", "[]"}) {
    EXPECT_EQ(JudgeJwt(demands, absl::StrCat(",\"tenant\":", empty)),
              "CLAIM_MISSING tenant")
        << empty;
  }
  for (const char* value : {"\"a\"", "0", "false", "{}", "[null]"}) {
    EXPECT_EQ(JudgeJwt(demands, absl::StrCat(",\"tenant\":", value)),
              "accepted")
        << value;
  }
  EXPECT_EQ(JudgeJwt(demands, ",\"Tenant\":\"a\""), "CLAIM_MISSING tenant");
}

TEST(ClaimsChecksTest, JudgesTimesToTheFraction) {
  struct Case {
    const char* times;
    absl::Duration skew;
    const char* answer;
  };
  const absl::Duration none = absl::ZeroDuration();
  const absl::Duration minute = absl::Minutes(1);
  // Now is 1800000000.
  const Case cases[] = {
      {R"("exp":1800000001)", none, "accepted"},
      {R"("exp":1800000000.001)", none, "accepted"},
      {R"("exp":1800000000)", none, "EXPIRED exp"},
      {R"("exp":1799999999.999)", none, "EXPIRED exp"},
      {R"("exp":0)", none, "EXPIRED exp"},
      {R"("exp":1799999940.5)", minute, "accepted"},
      {R"("exp":1799999940)", minute, "EXPIRED exp"},
      {R"("exp":253402300799)", minute, "accepted"},
      {R"("exp":1800000600,"nbf":1800000000)", none, "accepted"},
      {R"("exp":1800000600,"nbf":1800000000.001)", none, "NOT_YET_VALID nbf"},
      {R"("exp":1800000600,"nbf":1800000060)", minute, "accepted"},
      {R"("exp":1800000600,"nbf":1800000060.5)", minute, "NOT_YET_VALID nbf"},
      {R"("exp":1800000600,"nbf":0)", none, "accepted"},
      {R"("exp":1800000600,"iat":1800000000)", none, "accepted"},
      {R"("exp":1800000600,"iat":1800000000.5)", none, "ISSUED_IN_FUTURE iat"},
      {R"("exp":1800000600,"iat":1800000060)", minute, "accepted"},
      {R"("exp":1800000600,"iat":1800000061)", minute, "ISSUED_IN_FUTURE iat"},
      // However old, if nobody asks.
      {R"("exp":1800000600,"iat":0)", none, "accepted"},
      {R"("iat":1)", none, "CLAIM_MISSING exp"},
      // The first that fails is the answer.
      {R"("exp":1,"nbf":1900000000,"iat":1900000000)", none, "EXPIRED exp"},
      {R"("exp":1900000001,"nbf":1900000000,"iat":1900000000)", none,
       "NOT_YET_VALID nbf"},
  };
  for (const Case& c : cases) {
    Demands demands = DemandsFor(TokenKind::kJwt);
    demands.policy.clock_skew = c.skew;
    EXPECT_EQ(JudgeTimes(demands, c.times), c.answer) << c.times;
  }
}

TEST(ClaimsChecksTest, AcceptsTokensWithoutExpirationWhereThePolicySaysSo) {
  Demands demands = DemandsFor(TokenKind::kJwt);
  demands.policy.allow_missing_expiration = true;
  EXPECT_EQ(JudgeTimes(demands, R"("iat":1)"), "accepted");
  EXPECT_EQ(JudgeTimes(demands, R"("exp":1800000000)"), "EXPIRED exp");
  EXPECT_EQ(JudgeTimes(demands, R"("exp":null)"), "CLAIM_INVALID exp");
}

TEST(ClaimsChecksTest, BoundsTheAgeOfTokens) {
  struct Case {
    const char* iat;
    std::optional<absl::Duration> policy;
    std::optional<absl::Duration> request;
    const char* answer;
  };
  const absl::Duration ten = absl::Seconds(10);
  const absl::Duration five = absl::Seconds(5);
  const Case cases[] = {
      {R"(,"iat":1799999990)", ten, std::nullopt, "accepted"},
      {R"(,"iat":1799999989.9)", ten, std::nullopt, "TOO_OLD iat"},
      {"", ten, std::nullopt, "CLAIM_MISSING iat"},
      {R"(,"iat":1799999990)", std::nullopt, ten, "accepted"},
      {R"(,"iat":1799999989.9)", std::nullopt, ten, "TOO_OLD iat"},
      {"", std::nullopt, ten, "CLAIM_MISSING iat"},
      // The tighter of the two counts; a request cannot loosen.
      {R"(,"iat":1799999993)", ten, five, "TOO_OLD iat"},
      {R"(,"iat":1799999995)", ten, five, "accepted"},
      {R"(,"iat":1799999993)", five, ten, "TOO_OLD iat"},
      {R"(,"iat":1799999993)", five, absl::InfiniteDuration(), "TOO_OLD iat"},
      {R"(,"iat":1800000000)", five, -ten, "TOO_OLD iat"},
      {"", std::nullopt, std::nullopt, "accepted"},
  };
  for (const Case& c : cases) {
    Demands demands = DemandsFor(TokenKind::kJwt);
    demands.policy.max_token_age = c.policy;
    demands.tightening.max_token_age = c.request;
    EXPECT_EQ(JudgeJwt(demands, c.iat), c.answer) << c.iat;
  }
  Demands skewed = DemandsFor(TokenKind::kJwt);
  skewed.policy.max_token_age = ten;
  skewed.policy.clock_skew = five;
  EXPECT_EQ(JudgeJwt(skewed, R"(,"iat":1799999985)"), "accepted");
  EXPECT_EQ(JudgeJwt(skewed, R"(,"iat":1799999984)"), "TOO_OLD iat");
}

TEST(ClaimsChecksTest, BoundsTheAgeOfAuthentication) {
  Demands demands = DemandsFor(TokenKind::kIdToken);
  demands.policy.max_authentication_age = absl::Seconds(10);
  const auto judge = [&](absl::string_view auth_time) {
    return JudgeClaims(demands, "", IdClaims(auth_time));
  };
  EXPECT_EQ(judge(""), "CLAIM_MISSING auth_time");
  EXPECT_EQ(judge(R"(,"auth_time":1799999990)"), "accepted");
  EXPECT_EQ(judge(R"(,"auth_time":1799999989)"),
            "AUTHENTICATION_TOO_OLD auth_time");
  EXPECT_EQ(judge(R"(,"auth_time":1800000001)"), "ISSUED_IN_FUTURE auth_time");
  demands.tightening.max_authentication_age = absl::Seconds(5);
  EXPECT_EQ(judge(R"(,"auth_time":1799999990)"),
            "AUTHENTICATION_TOO_OLD auth_time");
  demands.tightening.max_authentication_age = absl::Hours(1);
  EXPECT_EQ(judge(R"(,"auth_time":1799999989)"),
            "AUTHENTICATION_TOO_OLD auth_time");
}

}  // namespace
}  // namespace signet
