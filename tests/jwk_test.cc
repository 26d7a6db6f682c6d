#include "keys/jwk.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/json.h"
#include "keys/jwk_members.h"
#include "tests/jwk_text.h"
#include "tests/test_issuer.h"
#include "verifier/signature.h"

namespace signet {
namespace {

constexpr char kNoAlgorithm[] =
    "the key has no alg, and its type does not determine one; name the "
    "algorithm it is for";

JsonDocument ParseJson(absl::string_view json) {
  absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  EXPECT_TRUE(document.ok()) << document.status() << std::string(json);
  return *std::move(document);
}

TEST(JwkTest, ReadsBackEveryPrivateKeyThatItWrites) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const SigningKey key = MakeTestKey(algorithm, "my key");
    const JsonDocument jwk = ParseJson(ToPrivateJwk(key));
    const auto read = ParsePrivateJwk(jwk.object(), {});
    ASSERT_TRUE(read.ok()) << AlgorithmName(algorithm) << read.status();
    EXPECT_EQ(read->algorithm(), algorithm);
    EXPECT_EQ(read->key_id(), "my key");
    EXPECT_EQ(ToPrivateJwk(*read), ToPrivateJwk(key));
    EXPECT_TRUE(
        VerifySignature(key.verification_key(), "input", *read->Sign("input")));
  }
}

TEST(JwkTest, ReadsBackEveryPublicKeyThatItWrites) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const SigningKey key = MakeTestKey(algorithm, "my key");
    const auto text = ToPublicJwk(key.verification_key());
    // An HMAC secret has no public half to write.
    ASSERT_EQ(text.has_value(), IsAsymmetric(algorithm));
    if (!text) continue;
    const JsonDocument jwk = ParseJson(*text);
    const auto read = ParsePublicJwk(jwk.object(), {});
    ASSERT_TRUE(read.ok()) << AlgorithmName(algorithm) << read.status();
    EXPECT_EQ(read->algorithm(), algorithm);
    EXPECT_EQ(read->key_id(), "my key");
    EXPECT_EQ(JwkThumbprint(read->material()),
              JwkThumbprint(key.verification_key().material()));
    EXPECT_TRUE(VerifySignature(*read, "input", *key.Sign("input")));
  }
}

TEST(JwkTest, WritesNoPrivateMemberOfAPublicKey) {
  constexpr absl::string_view kPublicMembers[] = {
      "kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"};
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (!IsAsymmetric(algorithm)) continue;
    const JsonDocument jwk = ParseJson(
        *ToPublicJwk(MakeTestKey(algorithm, "key").verification_key()));
    for (const auto& member : jwk.object()) {
      EXPECT_TRUE(absl::c_linear_search(
          kPublicMembers,
          absl::string_view(member.key.data(), member.key.size())))
          << std::string(member.key);
    }
  }
}

TEST(JwkTest, WritesCoordinatesAndScalarsInFullLength) {
  // One key in 256 has a coordinate that starts with a zero byte.
  for (int i = 0; i < 600; ++i) {
    const JwkText jwk(ToPrivateJwk(
        MakeTestKey(Algorithm::kEs256, "", absl::StrCat("seed", i))));
    for (const char* name : {"x", "y", "d"}) {
      ASSERT_EQ(jwk.Bytes(name).size(), 32U) << jwk.text();
    }
    EXPECT_EQ(PrivateProblem(jwk.text()), "");
  }
}

TEST(JwkTest, UsesTheThumbprintAsIdOfAKeyThatHasNone) {
  const JsonDocument jwk =
      ParseJson(PublicText(Algorithm::kEs256).Without("kid"));
  const auto key = ParsePublicJwk(jwk.object(), {});
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->key_id(), JwkThumbprint(key->material()));
}

TEST(JwkTest, RefusesPrivateKeyWherePublicOneIsExpected) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string jwk = PrivateText(algorithm).text();
    EXPECT_EQ(PublicProblem(jwk),
              IsAsymmetric(algorithm)
                  ? "the key is private (it has d), where a public one is "
                    "expected; export its public half"
                  : "");
  }
  for (const char* name : {"d", "p", "q", "dp", "dq", "qi", "oth"}) {
    for (const char* value : {"\"AQ\"", "null", "[]"}) {
      EXPECT_EQ(PublicProblem(PublicText(Algorithm::kRs256).With(name, value)),
                absl::StrCat("the key is private (it has ", name,
                             "), where a public one is expected; export its "
                             "public half"));
    }
  }
}

TEST(JwkTest, RefusesPublicKeyWherePrivateOneIsExpected) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (!IsAsymmetric(algorithm)) continue;
    EXPECT_EQ(PrivateProblem(PublicText(algorithm).text()), "the key has no d");
  }
}

TEST(JwkTest, DemandsOneAlgorithmThatTheKeyIsFor) {
  struct Case {
    Algorithm key;
    const char* alg;  // Empty: left out.
    const char* problem;
  };
  const Case cases[] = {
      {Algorithm::kRs256, "", kNoAlgorithm},
      {Algorithm::kEs256, "", ""},
      {Algorithm::kEs512, "", ""},
      {Algorithm::kEdDsa, "", ""},
      {Algorithm::kEdDsa, "\"Ed25519\"", ""},
      {Algorithm::kRs256, "\"PS512\"", ""},
      {Algorithm::kRs256, "\"ES256\"",
       "key is not of the type that ES256 uses"},
      {Algorithm::kRs256, "\"HS256\"",
       "key is not of the type that HS256 uses"},
      {Algorithm::kEs256, "\"ES384\"", "ES384 needs a key on curve P-384"},
      {Algorithm::kEs256, "\"EdDSA\"",
       "key is not of the type that EdDSA uses"},
  };
  for (const Case& c : cases) {
    const JwkText jwk = PublicText(c.key);
    EXPECT_EQ(PublicProblem(*c.alg == '\0' ? jwk.Without("alg")
                                           : jwk.With("alg", c.alg)),
              c.problem)
        << c.alg;
  }
  for (const char* alg : {"\"none\"", "\"rs256\"", "\"RSA-OAEP\"", "\"\"",
                          "null", "1", "[\"RS256\"]"}) {
    EXPECT_EQ(PublicProblem(PublicText(Algorithm::kRs256).With("alg", alg),
                            {Algorithm::kRs256}),
              "alg is not a signature algorithm that Signet knows")
        << alg;
  }
  EXPECT_EQ(PublicProblem(PrivateText(Algorithm::kHs256).Without("alg")),
            kNoAlgorithm);
}

TEST(JwkTest, TakesTheDefaultAlgorithmOnlyIfTheKeyLeavesItOpen) {
  const auto algorithm_of = [](const std::string& json, Algorithm standard) {
    const JsonDocument jwk = ParseJson(json);
    return ParsePublicJwk(jwk.object(), {standard})->algorithm();
  };
  const JwkText rsa = PublicText(Algorithm::kRs256);
  EXPECT_EQ(algorithm_of(rsa.Without("alg"), Algorithm::kPs384),
            Algorithm::kPs384);
  EXPECT_EQ(algorithm_of(rsa.text(), Algorithm::kPs384), Algorithm::kRs256);
  EXPECT_EQ(algorithm_of(PublicText(Algorithm::kEs256).Without("alg"),
                         Algorithm::kRs256),
            Algorithm::kEs256);
  EXPECT_EQ(PublicProblem(rsa.Without("alg"), {Algorithm::kEs256}),
            "key is not of the type that ES256 uses");
}

TEST(JwkTest, HeedsUseAndKeyOperations) {
  struct Case {
    const char* member;
    const char* json;
    const char* as_public;
    const char* as_private;
  };
  static constexpr char kUse[] = "use is not \"sig\"";
  static constexpr char kNoVerify[] = "key_ops does not allow \"verify\"";
  static constexpr char kNoSign[] = "key_ops does not allow \"sign\"";
  static constexpr char kNotStrings[] = "key_ops is not an array of strings";
  constexpr Case kCases[] = {
      {"use", "\"sig\"", "", ""},
      {"use", "\"enc\"", kUse, kUse},
      {"use", "\"SIG\"", kUse, kUse},
      {"use", "null", kUse, kUse},
      {"use", "[\"sig\"]", kUse, kUse},
      {"key_ops", "[\"verify\"]", "", kNoSign},
      {"key_ops", "[\"sign\"]", kNoVerify, ""},
      {"key_ops", R"(["sign","verify"])", "", ""},
      {"key_ops", "[\"encrypt\"]", kNoVerify, kNoSign},
      {"key_ops", "[]", kNoVerify, kNoSign},
      {"key_ops", "\"verify\"", kNotStrings, kNotStrings},
      {"key_ops", "[\"verify\",1]", kNotStrings, kNotStrings},
      {"key_ops", "null", kNotStrings, kNotStrings},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(
        PublicProblem(PublicText(Algorithm::kEs256).With(c.member, c.json)),
        c.as_public)
        << c.json;
    EXPECT_EQ(
        PrivateProblem(PrivateText(Algorithm::kEs256).With(c.member, c.json)),
        c.as_private)
        << c.json;
  }
}

TEST(JwkTest, DemandsAKeyIdThatIsAString) {
  const JwkText jwk = PublicText(Algorithm::kEs256);
  for (const char* kid : {"\"\"", "1", "null", "[\"a\"]"}) {
    EXPECT_EQ(PublicProblem(jwk.With("kid", kid)),
              "kid is not a string, or is empty")
        << kid;
  }
  EXPECT_EQ(PublicProblem(jwk.With(
                "kid", absl::StrCat("\"", std::string(257, 'k'), "\""))),
            "key id is longer than 256 bytes");
}

TEST(JwkTest, RefusesUnknownKeyTypes) {
  const JwkText jwk = PublicText(Algorithm::kEs256);
  EXPECT_EQ(PublicProblem(jwk.Without("kty")), "the key has no kty");
  EXPECT_EQ(PublicProblem(jwk.With("kty", "1")), "kty is not a string");
  for (const char* kty : {"\"ec\"", "\"AKP\"", "\"\""}) {
    EXPECT_EQ(PublicProblem(jwk.With("kty", kty)),
              "kty is not RSA, EC, OKP or oct");
    EXPECT_EQ(PrivateProblem(jwk.With("kty", kty)),
              "kty is not RSA, EC, OKP or oct");
  }
  EXPECT_EQ(PublicProblem(jwk.With("kty", "\"RSA\"")), "the key has no n");
  EXPECT_EQ(PublicProblem(jwk.With("kty", "\"OKP\"")), "crv is not Ed25519");
  EXPECT_EQ(PublicProblem(jwk.With("kty", "\"oct\"")), "the key has no k");
}

TEST(JwkTest, PassesOverMembersItDoesNotKnow) {
  const JwkText jwk = PublicText(Algorithm::kEs256);
  EXPECT_EQ(PublicProblem(jwk.With("x5c", "[\"AAAA\"]")), "");
  EXPECT_EQ(PublicProblem(jwk.With("x5t#S256", "1")), "");
  EXPECT_EQ(PublicProblem(jwk.With("ext", "true")), "");
}

TEST(JwkTest, NeverRepeatsKeyMaterialInAnError) {
  const JwkText jwk = PrivateText(Algorithm::kHs256);
  const std::string problem = PublicProblem(jwk.With("k", "\"c2VjcmV0!\""));
  EXPECT_EQ(problem.find("c2VjcmV0"), std::string::npos);
}

}  // namespace
}  // namespace signet
