#include "verifier/jwt_verifier.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "keys/jwk.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "tests/answer.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

constexpr char kClaims[] =
    R"({"iss":"https://a.example","aud":"service","exp":1800000600})";

const TestIssuer& IssuerA() {
  static const TestIssuer& issuer = *new TestIssuer("https://a.example");
  return issuer;
}
const TestIssuer& IssuerB() {
  static const TestIssuer& issuer = *new TestIssuer("https://b.example");
  return issuer;
}

ValidationPolicyOptions Options() {
  ValidationPolicyOptions options;
  options.name = "policy";
  options.issuers = {"https://a.example"};
  options.audiences = {"service"};
  for (const Algorithm algorithm : kAllAlgorithms) {
    options.algorithms.Add(algorithm);
  }
  return options;
}

// Trusts the issuers A and B.
class JwtVerifierTest : public ::testing::Test {
 protected:
  std::string Judge(absl::string_view token) { return Judge(token, Options()); }

  std::string Judge(absl::string_view token, ValidationPolicyOptions options) {
    const ValidationPolicy policy = *ValidationPolicy::Create(options);
    const auto verdict = verifier_.Verify(token, policy, {}, kTestNow);
    const auto explanation = verifier_.Explain(token, policy, {}, kTestNow);
    EXPECT_EQ(AnswerOf(*verdict), AnswerOf(explanation->verdict));
    ExpectReportsAgree(*explanation);
    return AnswerOf(*verdict);
  }

  // The reports are all checks in order, and the verdict is the first failure.
  static void ExpectReportsAgree(const Explanation& explanation) {
    ASSERT_EQ(explanation.checks.size(), 16U);
    std::string first = "accepted";
    bool trusted = true;
    for (size_t i = 0; i < explanation.checks.size(); ++i) {
      const CheckReport& report = explanation.checks[i];
      EXPECT_EQ(static_cast<size_t>(report.name), i);
      EXPECT_EQ(report.rejection.has_value(),
                report.outcome == CheckOutcome::kFailed);
      // Whatever follows a failed check of trust is not looked at.
      EXPECT_EQ(report.outcome == CheckOutcome::kNotRun, !trusted);
      if (!report.rejection) continue;
      if (first == "accepted") first = AnswerOf(*report.rejection);
      trusted = trusted && report.name > CheckName::kSignature;
    }
    EXPECT_EQ(first, AnswerOf(explanation.verdict));
  }

  const JwtVerifier verifier_{Trust({&IssuerA(), &IssuerB()})};
};

std::string Header(absl::string_view alg, absl::string_view more = "") {
  return absl::StrCat("{\"alg\":\"", alg, "\"", more, "}");
}

// Signs `header` and `claims` with the key of issuer A for `algorithm`.
std::string SignAs(Algorithm algorithm, absl::string_view header,
                   absl::string_view claims = kClaims) {
  return IssuerA().MintWithHeader(algorithm, header, claims);
}

std::string Flipped(std::string token) {
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  return token;
}

TEST_F(JwtVerifierTest, AcceptsTokensOfEveryAlgorithm) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string token = IssuerA().Mint(algorithm, kClaims);
    EXPECT_EQ(Judge(token), "accepted") << AlgorithmName(algorithm);
    EXPECT_EQ(Judge(Flipped(token)), "SIGNATURE_INVALID");
  }
}

TEST_F(JwtVerifierTest, ReturnsWhatTheTokenSays) {
  const auto verdict = verifier_.Verify(
      SignAs(Algorithm::kEs256,
             Header("ES256", R"(,"kid":"ES256-key","typ":"JWT")")),
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
  const std::string wrong_key = Header("RS256", R"(,"kid":"unknown")");
  const std::string wrong_alg = Header("RS256", R"(,"kid":"ES256-key")");
  const std::string right = Header("ES256", R"(,"kid":"ES256-key")");
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
                         "CLAIM_MISSING at_hash", "CLAIM_MISSING auth_time"}));
  EXPECT_EQ(AnswerOf(explanation->verdict), "EXPIRED exp");
}

// The public key of an issuer, in the forms that it is published in.
std::vector<std::string> PublicForms(Algorithm algorithm) {
  const VerificationKey& key = IssuerA().key(algorithm).verification_key();
  std::vector<std::string> forms = {*ToPublicJwk(key)};
  bssl::UniquePtr<EVP_PKEY> wrapped(EVP_PKEY_new());
  if (const auto* rsa = std::get_if<bssl::UniquePtr<RSA>>(&key.material())) {
    EVP_PKEY_set1_RSA(wrapped.get(), rsa->get());
  } else if (const auto* ec =
                 std::get_if<bssl::UniquePtr<EC_KEY>>(&key.material())) {
    EVP_PKEY_set1_EC_KEY(wrapped.get(), ec->get());
  } else {
    return forms;
  }
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio.get(), wrapped.get());
  const uint8_t* pem = nullptr;
  size_t size = 0;
  BIO_mem_contents(bio.get(), &pem, &size);
  forms.emplace_back(reinterpret_cast<const char*>(pem), size);
  forms.push_back(forms.back().substr(0, size - 1));  // No line break.
  return forms;
}

TEST_F(JwtVerifierTest, NeverTakesAPublicKeyForAnHmacSecret) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (!IsAsymmetric(algorithm)) continue;
    for (const std::string& secret : PublicForms(algorithm)) {
      const SigningKey forger = *SigningKey::Create(
          Algorithm::kHs256, "forger",
          SecretBytes(
              {reinterpret_cast<const uint8_t*>(secret.data()), secret.size()}),
          KeyLimits{});
      const std::string key_id = IssuerA().key(algorithm).key_id();
      EXPECT_EQ(
          Judge(SignCompact(
              forger, Header("HS256", ",\"kid\":\"" + key_id + "\""), kClaims)),
          "ALGORITHM_NOT_ALLOWED alg");
      // Or while it still says that it is the asymmetric one.
      EXPECT_EQ(Judge(SignCompact(forger,
                                  Header(AlgorithmName(algorithm),
                                         ",\"kid\":\"" + key_id + "\""),
                                  kClaims)),
                "SIGNATURE_INVALID");
    }
  }
}

TEST_F(JwtVerifierTest, DemandsTheAlgorithmOfTheKeyNotOneThatWouldVerify) {
  for (const Algorithm signer : kAllAlgorithms) {
    for (const Algorithm named : kAllAlgorithms) {
      if (signer == named) continue;
      const std::string key_id = IssuerA().key(signer).key_id();
      EXPECT_EQ(Judge(SignAs(signer, Header(AlgorithmName(named),
                                            ",\"kid\":\"" + key_id + "\""))),
                "ALGORITHM_NOT_ALLOWED alg")
          << AlgorithmName(signer) << " as " << AlgorithmName(named);
    }
  }
}

TEST_F(JwtVerifierTest, AcceptsBothNamesOfEd25519) {
  EXPECT_EQ(Judge(SignAs(Algorithm::kEdDsa,
                         Header("Ed25519", R"(,"kid":"EdDSA-key")"))),
            "accepted");
}

TEST_F(JwtVerifierTest, RefusesAlgorithmsThatThePolicyDoesNotAccept) {
  ValidationPolicyOptions standard = Options();
  standard.algorithms = {};  // Every asymmetric one.
  ValidationPolicyOptions narrow = Options();
  narrow.algorithms = {Algorithm::kEs256};
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string token = IssuerA().Mint(algorithm, kClaims);
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
      absl::StrReplaceAll(kClaims, {{"a.example", "b.example"}});
  ValidationPolicyOptions both = Options();
  both.issuers.push_back("https://b.example");
  EXPECT_EQ(Judge(IssuerB().Mint(Algorithm::kEs256, b_claims), both),
            "accepted");
  // Trusted, but not by this policy.
  EXPECT_EQ(Judge(IssuerB().Mint(Algorithm::kEs256, b_claims)),
            "ISSUER_NOT_ACCEPTED iss");
  // One issuer's key under the other's name: both have a key of this id.
  EXPECT_EQ(Judge(IssuerB().Mint(Algorithm::kEs256, kClaims), both),
            "SIGNATURE_INVALID");
  EXPECT_EQ(Judge(IssuerA().Mint(Algorithm::kEs256, b_claims), both),
            "SIGNATURE_INVALID");
  // In the policy, but without keys.
  ValidationPolicyOptions unknown = Options();
  unknown.issuers = {"https://c.example"};
  EXPECT_EQ(Judge(IssuerA().Mint(Algorithm::kEs256,
                                 absl::StrReplaceAll(
                                     kClaims, {{"a.example", "c.example"}})),
                  unknown),
            "ISSUER_NOT_ACCEPTED iss");
}

TEST_F(JwtVerifierTest, ComparesIssuersByteForByte) {
  for (const char* issuer :
       {"", "https://a.example/", "https://A.example", "http://a.example",
        " https://a.example", "https://a.example\\u0000", "a.example",
        "https://a.example.evil"}) {
    EXPECT_EQ(
        Judge(IssuerA().Mint(
            Algorithm::kEs256,
            absl::StrReplaceAll(kClaims, {{"https://a.example", issuer}}))),
        "ISSUER_NOT_ACCEPTED iss")
        << issuer;
  }
  EXPECT_EQ(Judge(IssuerA().Mint(Algorithm::kEs256,
                                 R"({"aud":"service","exp":1800000600})")),
            "CLAIM_MISSING iss");
}

TEST_F(JwtVerifierTest, FindsTheKeyOfATokenThatNamesNone) {
  // The issuer has one key for each algorithm.
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, Header("ES256"))), "accepted");
  EXPECT_EQ(Judge(SignAs(Algorithm::kRs256, Header("RS256"))), "accepted");
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, Header("ES384"))),
            "SIGNATURE_INVALID");
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, Header("ES256", R"(,"kid":"")"))),
            "KEY_NOT_FOUND kid");
  EXPECT_EQ(Judge(SignAs(Algorithm::kEs256,
                         Header("ES256", R"(,"kid":"es256-key")"))),
            "KEY_NOT_FOUND kid");
}

TEST_F(JwtVerifierTest, RefusesToGuessBetweenSeveralKeys) {
  std::vector<VerificationKey> keys;
  for (const char* key_id : {"one", "two"}) {
    keys.push_back(CopyPublicKey(
        MakeTestKey(Algorithm::kEs256, key_id, key_id).verification_key()));
  }
  absl::flat_hash_map<std::string, KeySet> key_sets;
  key_sets.emplace("https://a.example", *KeySet::Create(std::move(keys)));
  const JwtVerifier verifier(
      std::make_shared<const TrustedIssuers>(std::move(key_sets)));
  const ValidationPolicy policy = *ValidationPolicy::Create(Options());
  const SigningKey one = MakeTestKey(Algorithm::kEs256, "one", "one");
  const auto judge = [&](absl::string_view header) {
    return AnswerOf(*verifier.Verify(SignCompact(one, header, kClaims), policy,
                                     {}, kTestNow));
  };
  EXPECT_EQ(judge(Header("ES256")), "KEY_NOT_FOUND kid");
  EXPECT_EQ(judge(Header("ES256", R"(,"kid":"one")")), "accepted");
  EXPECT_EQ(judge(Header("ES256", R"(,"kid":"two")")), "SIGNATURE_INVALID");
}

TEST_F(JwtVerifierTest, NeverTrustsAKeyThatTheTokenBrings) {
  const SigningKey forger = MakeTestKey(Algorithm::kEs256, "forger", "forger");
  const std::string jwk = *ToPublicJwk(forger.verification_key());
  for (const std::string& brought :
       {",\"jwk\":" + jwk, std::string(R"(,"jku":"https://evil.example/jwks")"),
        std::string(R"(,"x5u":"https://evil.example/cert")"),
        std::string(R"(,"x5c":["AAAA"])"),
        std::string(R"(,"x5t":"AAAA","x5t#S256":"AAAA")")}) {
    const std::string by_id =
        Header("ES256", R"(,"kid":"ES256-key")" + brought);
    EXPECT_EQ(Judge(SignCompact(forger, by_id, kClaims)), "SIGNATURE_INVALID");
    EXPECT_EQ(Judge(SignCompact(forger, Header("ES256", brought), kClaims)),
              "SIGNATURE_INVALID");
    EXPECT_EQ(
        Judge(SignCompact(
            forger, Header("ES256", R"(,"kid":"forger")" + brought), kClaims)),
        "KEY_NOT_FOUND kid");
    // And it does no harm to a token that is signed with the right key.
    EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, by_id)), "accepted");
  }
}

TEST_F(JwtVerifierTest, RefusesUnsecuredTokens) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string unsigned_token = absl::StrCat(
        Base64UrlEncode(Header(alg)), ".", Base64UrlEncode(kClaims), ".");
    EXPECT_EQ(Judge(unsigned_token), "ALGORITHM_NOT_ALLOWED alg") << alg;
    EXPECT_EQ(Judge(absl::StrCat(unsigned_token, "AAAA")),
              "ALGORITHM_NOT_ALLOWED alg")
        << alg;
  }
  // Nor is an empty signature one.
  for (const Algorithm algorithm : kAllAlgorithms) {
    std::string token = IssuerA().Mint(algorithm, kClaims);
    token.resize(token.rfind('.') + 1);
    EXPECT_EQ(Judge(token), "SIGNATURE_INVALID");
  }
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
