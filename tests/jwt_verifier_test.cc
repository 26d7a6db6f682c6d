#include "verifier/jwt_verifier.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "tests/answer.h"
#include "tests/verifier_fixture.h"

namespace signet {
namespace {

class JwtVerifierTest : public VerifierFixture {};

std::string Flipped(std::string token) {
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  return token;
}

TEST_F(JwtVerifierTest, AcceptsTokensOfEveryAlgorithm) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string token = IssuerA().Mint(algorithm, kAcceptableClaims);
    EXPECT_EQ(Judge(token), "accepted") << AlgorithmName(algorithm);
    EXPECT_EQ(Judge(Flipped(token)), "SIGNATURE_INVALID");
  }
}

TEST_F(JwtVerifierTest, ReturnsWhatTheTokenSays) {
  const auto verdict = verifier_.Verify(
      SignAs(Algorithm::kEs256,
             HeaderFor("ES256", R"(,"kid":"ES256-key","typ":"JWT")")),
      *ValidationPolicy::Create(Options()), {}, kTestNow);
  ASSERT_TRUE(verdict.ok());
  const VerifiedJwt& jwt = **verdict;
  EXPECT_EQ(jwt.kind(), TokenKind::kJwt);
  EXPECT_EQ(jwt.header().algorithm, Algorithm::kEs256);
  EXPECT_EQ(jwt.header().key_id, "ES256-key");
  EXPECT_EQ(jwt.claims().registered().issuer, "https://a.example");
  EXPECT_EQ(jwt.claims().registered().expiration,
            absl::FromUnixSeconds(1800000600));
}

TEST_F(JwtVerifierTest, MakesChecksInOrder) {
  // Each token fails the check that answers and those after it; the next one
  // repairs that check alone.
  const std::string bad = R"("aud":"x","nbf":1900000000,"iat":1900000000)";
  const std::string id_claims = absl::StrCat(
      R"({"iss":"https://a.example","nonce":"n","exp":1,)", bad, "}");
  const std::string unknown_issuer =
      absl::StrReplaceAll(id_claims, {{"a.example", "x.example"}});
  const std::string wrong_key = HeaderFor("RS256", R"(,"kid":"unknown")");
  const std::string wrong_alg = HeaderFor("RS256", R"(,"kid":"ES256-key")");
  const std::string right = HeaderFor("ES256", R"(,"kid":"ES256-key")");
  const auto sign = [](absl::string_view header, absl::string_view claims) {
    return SignAs(Algorithm::kEs256, header, claims);
  };
  const auto with = [&](absl::string_view claims) {
    return sign(right,
                absl::StrCat(R"({"iss":"https://a.example",)", claims, "}"));
  };
  ValidationPolicyOptions options = Options();
  options.required_claims = {"tenant"};
  options.required_scopes = {"read"};
  const struct {
    std::string token;
    const char* answer;
  } steps[] = {
      {"x" + Flipped(sign(wrong_key, unknown_issuer)), "MALFORMED"},
      {Flipped(sign(wrong_key, unknown_issuer)), "ISSUER_NOT_ACCEPTED iss"},
      {Flipped(sign(wrong_key, id_claims)), "KEY_NOT_FOUND kid"},
      {Flipped(sign(wrong_alg, id_claims)), "ALGORITHM_NOT_ALLOWED alg"},
      {Flipped(sign(right, id_claims)), "SIGNATURE_INVALID"},
      {sign(right, id_claims), "WRONG_TOKEN_KIND nonce"},
      {with(R"("exp":1,)" + bad), "CLAIM_MISSING tenant"},
      {with(R"("tenant":"t","exp":1,)" + bad), "EXPIRED exp"},
      {with(R"("tenant":"t","exp":2000000000,)" + bad), "NOT_YET_VALID nbf"},
      {with(R"("tenant":"t","exp":2000000000,"iat":1900000000,"aud":"x")"),
       "ISSUED_IN_FUTURE iat"},
      {with(R"("tenant":"t","exp":2000000000,"aud":"x")"),
       "AUDIENCE_MISMATCH aud"},
      {with(R"("tenant":"t","exp":2000000000,"aud":"service")"),
       "SCOPE_INSUFFICIENT scope"},
      {with(R"("tenant":"t","exp":2000000000,"aud":"service","scope":"read")"),
       "accepted"},
  };
  for (const auto& step : steps) {
    EXPECT_EQ(Judge(step.token, options), step.answer);
  }
}

TEST_F(JwtVerifierTest, ExplainsEveryCheckOfClaims) {
  const std::string token = IssuerA().Mint(
      Algorithm::kEs256,
      R"({"iss":"https://a.example","aud":"x","exp":1,"nbf":1900000000,)"
      R"("iat":1900000000})");
  Tightening tightening;
  tightening.required_scopes = {"read"};
  tightening.nonce = "n";
  tightening.access_token = "t";
  tightening.max_authentication_age = absl::Seconds(1);
  const auto explanation = verifier_.Explain(
      token, *ValidationPolicy::Create(Options()), tightening, kTestNow);
  ASSERT_TRUE(explanation.ok());
  std::vector<std::string> answers;
  for (const CheckReport& report : explanation->checks) {
    answers.push_back(report.rejection ? AnswerOf(*report.rejection) : "-");
  }
  EXPECT_EQ(answers, (std::vector<std::string>{
                         "-", "-", "-", "-", "-",  // Trust.
                         "-",                      // Kind.
                         "-",                      // Required claims.
                         "EXPIRED exp", "NOT_YET_VALID nbf",
                         "ISSUED_IN_FUTURE iat", "AUDIENCE_MISMATCH aud",
                         "SCOPE_INSUFFICIENT scope", "CLAIM_MISSING nonce",
                         "-",  // Authorized party: not an ID token.
                         "CLAIM_MISSING at_hash", "CLAIM_MISSING auth_time",
                         "-"}));  // Revocation.
  EXPECT_EQ(AnswerOf(explanation->verdict), "EXPIRED exp");
}

TEST_F(JwtVerifierTest, AcceptsBothNamesOfEd25519) {
  EXPECT_EQ(Judge(SignAs(Algorithm::kEdDsa,
                         HeaderFor("Ed25519", R"(,"kid":"EdDSA-key")"))),
            "accepted");
}

TEST_F(JwtVerifierTest, RefusesAlgorithmsThatThePolicyDoesNotAccept) {
  ValidationPolicyOptions standard = Options();
  standard.algorithms = {};  // Every asymmetric one.
  ValidationPolicyOptions narrow = Options();
  narrow.algorithms = {Algorithm::kEs256};
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string token = IssuerA().Mint(algorithm, kAcceptableClaims);
    EXPECT_EQ(Judge(token, standard), IsAsymmetric(algorithm)
                                          ? "accepted"
                                          : "ALGORITHM_NOT_ALLOWED alg");
    EXPECT_EQ(Judge(token, narrow), algorithm == Algorithm::kEs256
                                        ? "accepted"
                                        : "ALGORITHM_NOT_ALLOWED alg");
  }
}

TEST_F(JwtVerifierTest, BindsKeysToTheirIssuer) {
  const std::string b_claims =
      absl::StrReplaceAll(kAcceptableClaims, {{"a.example", "b.example"}});
  ValidationPolicyOptions both = Options();
  both.issuers.emplace_back("https://b.example");
  EXPECT_EQ(Judge(IssuerB().Mint(Algorithm::kEs256, b_claims), both),
            "accepted");
  // Trusted, but not by this policy.
  EXPECT_EQ(Judge(IssuerB().Mint(Algorithm::kEs256, b_claims)),
            "ISSUER_NOT_ACCEPTED iss");
  // One issuer's key under the other's name: both have a key of this id.
  EXPECT_EQ(Judge(IssuerB().Mint(Algorithm::kEs256, kAcceptableClaims), both),
            "SIGNATURE_INVALID");
  EXPECT_EQ(Judge(IssuerA().Mint(Algorithm::kEs256, b_claims), both),
            "SIGNATURE_INVALID");
  // In the policy, but without keys.
  ValidationPolicyOptions unknown = Options();
  unknown.issuers = {"https://c.example"};
  EXPECT_EQ(
      Judge(IssuerA().Mint(Algorithm::kEs256,
                           absl::StrReplaceAll(kAcceptableClaims,
                                               {{"a.example", "c.example"}})),
            unknown),
      "ISSUER_NOT_ACCEPTED iss");
}

TEST_F(JwtVerifierTest, ComparesIssuersByteForByte) {
  for (const char* issuer :
       {"", "https://a.example/", "https://A.example", "http://a.example",
        " https://a.example", "https://a.example\\u0000", "a.example",
        "https://a.example.evil"}) {
    EXPECT_EQ(Judge(IssuerA().Mint(
                  Algorithm::kEs256,
                  absl::StrReplaceAll(kAcceptableClaims,
                                      {{"https://a.example", issuer}}))),
              "ISSUER_NOT_ACCEPTED iss")
        << issuer;
  }
  EXPECT_EQ(Judge(IssuerA().Mint(Algorithm::kEs256,
                                 R"({"aud":"service","exp":1800000600})")),
            "CLAIM_MISSING iss");
}

TEST_F(JwtVerifierTest, FindsTheKeyOfATokenThatNamesNone) {
  // The issuer has one key for each algorithm.
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, HeaderFor("ES256"))), "accepted");
  EXPECT_EQ(Judge(SignAs(Algorithm::kRs256, HeaderFor("RS256"))), "accepted");
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, HeaderFor("ES384"))),
            "SIGNATURE_INVALID");
  EXPECT_EQ(
      Judge(SignAs(Algorithm::kEs256, HeaderFor("ES256", R"(,"kid":"")"))),
      "KEY_NOT_FOUND kid");
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256,
                         HeaderFor("ES256", R"(,"kid":"es256-key")"))),
            "KEY_NOT_FOUND kid");
}

TEST_F(JwtVerifierTest, RefusesToGuessBetweenSeveralKeys) {
  std::vector<VerificationKey> keys;
  for (const char* key_id : {"one", "two"}) {
    keys.push_back(CopyPublicKey(
        MakeTestKey(Algorithm::kEs256, key_id, key_id).verification_key()));
  }
  const auto issuers = std::make_shared<KeyCache>();
  issuers->ReplaceIssuer("https://a.example", *KeySet::Create(std::move(keys)));
  const JwtVerifier verifier(issuers);
  const ValidationPolicy policy = *ValidationPolicy::Create(Options());
  const SigningKey one = MakeTestKey(Algorithm::kEs256, "one", "one");
  const auto judge = [&](absl::string_view header) {
    return AnswerOf(*verifier.Verify(
        SignCompact(one, header, kAcceptableClaims), policy, {}, kTestNow));
  };
  EXPECT_EQ(judge(HeaderFor("ES256")), "KEY_NOT_FOUND kid");
  EXPECT_EQ(judge(HeaderFor("ES256", R"(,"kid":"one")")), "accepted");
  EXPECT_EQ(judge(HeaderFor("ES256", R"(,"kid":"two")")), "SIGNATURE_INVALID");
}

TEST_F(JwtVerifierTest, RefusesClaimsOfTheWrongTypeEvenIfSigned) {
  EXPECT_EQ(
      Judge(IssuerA().Mint(
          Algorithm::kEs256,
          R"({"iss":"https://a.example","aud":"service","exp":"never"})")),
      "CLAIM_INVALID exp");
}

}  // namespace
}  // namespace signet
