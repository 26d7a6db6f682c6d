#include "tests/claims_demands.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/answer.h"
#include "verifier/jwt_verifier.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://issuer.example";

std::string Header(absl::string_view type) {
  if (type.empty()) return R"({"alg":"EdDSA","kid":"EdDSA-key"})";
  return absl::StrCat(R"({"alg":"EdDSA","kid":"EdDSA-key","typ":")", type,
                      "\"}");
}

}  // namespace

Demands DemandsFor(TokenKind kind) {
  Demands demands;
  demands.policy.name = "policy";
  demands.policy.kind = kind;
  demands.policy.issuers = {kIssuer};
  demands.policy.audiences = {"service"};
  return demands;
}

std::string JwtClaims(absl::string_view more) {
  return absl::StrCat(R"({"iss":"https://issuer.example","aud":"service",)"
                      R"("exp":1800000600)",
                      more, "}");
}

std::string IdClaims(absl::string_view more) {
  return absl::StrCat(R"({"iss":"https://issuer.example","aud":"service",)"
                      R"("exp":1800000600,"iat":1799999990,"sub":"alice",)"
                      R"("nonce":"n")",
                      more, "}");
}

std::string AccessClaims(absl::string_view more) {
  return absl::StrCat(R"({"iss":"https://issuer.example","aud":"service",)"
                      R"("exp":1800000600,"iat":1799999990,"sub":"alice",)"
                      R"("jti":"1","client_id":"app")",
                      more, "}");
}

std::string JudgeClaims(const Demands& demands, absl::string_view type,
                        absl::string_view claims) {
  static const TestIssuer& issuer = *new TestIssuer(kIssuer);
  static const JwtVerifier& verifier = *new JwtVerifier(Trust({&issuer}));
  const std::string token =
      issuer.MintWithHeader(Algorithm::kEdDsa, Header(type), claims);
  const auto policy = ValidationPolicy::Create(demands.policy);
  EXPECT_TRUE(policy.ok()) << policy.status();
  const auto verdict =
      verifier.Verify(token, *policy, demands.tightening, demands.now);
  const auto explanation =
      verifier.Explain(token, *policy, demands.tightening, demands.now);
  EXPECT_EQ(AnswerOf(*verdict), AnswerOf(explanation->verdict));
  return AnswerOf(*verdict);
}

std::string JudgeJwt(const Demands& demands, absl::string_view more) {
  return JudgeClaims(demands, "", JwtClaims(more));
}

}  // namespace signet
