#include "keys/jwk.h"

#include <map>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "jose/json_writer.h"
#include "keys/jwk_members.h"
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

// Why a JWK is refused; empty if it is accepted.
std::string PublicProblem(absl::string_view json, JwkOptions options = {}) {
  const JsonDocument jwk = ParseJson(json);
  return std::string(ParsePublicJwk(jwk.object(), options).status().message());
}
std::string PrivateProblem(absl::string_view json, JwkOptions options = {}) {
  const JsonDocument jwk = ParseJson(json);
  return std::string(ParsePrivateJwk(jwk.object(), options).status().message());
}

// A JWK as an editable list of members.
class JwkText {
 public:
  explicit JwkText(absl::string_view json) {
    const JsonDocument jwk = ParseJson(json);
    for (const auto& member : jwk.object()) {
      members_[std::string(member.key)] = ToJson(member.value);
    }
  }

  // Each returns a JWK that differs in one member.
  std::string With(const std::string& name, const std::string& json) const {
    JwkText copy = *this;
    copy.members_[name] = json;
    return copy.text();
  }
  std::string WithBytes(const std::string& name,
                        absl::string_view bytes) const {
    return With(name, ToJsonString(Base64UrlEncode(bytes)));
  }
  std::string Without(const std::string& name) const {
    JwkText copy = *this;
    copy.members_.erase(name);
    return copy.text();
  }

  // The bytes that a member encodes.
  std::string Bytes(const std::string& name) const {
    const std::string& json = members_.at(name);
    return *Base64UrlDecode(absl::string_view(json).substr(1, json.size() - 2));
  }

  std::string text() const {
    JsonObjectWriter writer;
    for (const auto& [name, json] : members_) writer.AddJson(name, json);
    return std::move(writer).Finish();
  }

 private:
  std::map<std::string, std::string> members_;
};

JwkText PublicText(Algorithm algorithm) {
  return JwkText(
      *ToPublicJwk(MakeTestKey(algorithm, "key").verification_key()));
}
JwkText PrivateText(Algorithm algorithm) {
  return JwkText(ToPrivateJwk(MakeTestKey(algorithm, "key")));
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
      {"key_ops", "[\"sign\",\"verify\"]", "", ""},
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

TEST(JwkTest, ReadsRsaNumbersStrictly) {
  const JwkText jwk = PublicText(Algorithm::kRs256);
  for (const std::string name : {"n", "e"}) {
    EXPECT_EQ(PublicProblem(jwk.Without(name)), "the key has no " + name);
    EXPECT_EQ(PublicProblem(jwk.With(name, "65537")),
              name + " is not a string");
    EXPECT_EQ(PublicProblem(jwk.With(name, "\"AQAB=\"")),
              name + " is not base64url without padding");
    EXPECT_EQ(PublicProblem(jwk.With(name, "\"AQ+B\"")),
              name + " is not base64url without padding");
    EXPECT_EQ(PublicProblem(jwk.With(name, "\"\"")),
              name + " is empty or starts with a zero byte");
    EXPECT_EQ(PublicProblem(
                  jwk.WithBytes(name, std::string(1, '\0') + jwk.Bytes(name))),
              name + " is empty or starts with a zero byte");
  }
  EXPECT_EQ(PublicProblem(jwk.With("e", "\"AQ\"")),
            "RSA public exponent must be odd and at least 3");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", jwk.Bytes("n").substr(0, 128))),
            "RSA modulus has 1024 bits; accepted are 2048 to 4096");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", std::string(513, '\x81'))),
            "RSA modulus has 4104 bits; accepted are 2048 to 4096");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", std::string(513, '\x81')),
                          {std::nullopt, {8192}}),
            "");
  // A megabyte of modulus is refused, not computed with.
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", std::string(1 << 20, '\x81'))),
            "RSA modulus has 8388608 bits; accepted are 2048 to 4096");
}

TEST(JwkTest, DemandsWholeAndConsistentRsaPrivateKeys) {
  constexpr char kInconsistent[] =
      "RSA key is inconsistent, or its public exponent exceeds 33 bits";
  const JwkText jwk = PrivateText(Algorithm::kRs256);
  EXPECT_EQ(PrivateProblem(jwk.text()), "");
  for (const std::string name : {"d", "p", "q", "dp", "dq", "qi"}) {
    EXPECT_EQ(PrivateProblem(jwk.Without(name)), "the key has no " + name);
    std::string bytes = jwk.Bytes(name);
    bytes.back() = static_cast<char>(bytes.back() ^ 2);
    EXPECT_EQ(PrivateProblem(jwk.WithBytes(name, bytes)), kInconsistent)
        << name;
    EXPECT_EQ(PrivateProblem(
                  jwk.WithBytes(name, std::string(1, '\0') + jwk.Bytes(name))),
              name + " is empty or starts with a zero byte");
  }
  std::string n = jwk.Bytes("n");
  n.back() = static_cast<char>(n.back() ^ 2);
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("n", n)), kInconsistent);
  EXPECT_EQ(PrivateProblem(jwk.With("e", "\"Aw\"")), kInconsistent);
  EXPECT_EQ(PrivateProblem(jwk.With("oth", "[]")),
            "RSA keys of three primes are refused");
}

TEST(JwkTest, ReadsEcPointsStrictly) {
  for (const Algorithm algorithm :
       {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512}) {
    const JwkText jwk = PublicText(algorithm);
    const size_t size = jwk.Bytes("x").size();
    for (const std::string name : {"x", "y"}) {
      EXPECT_EQ(PublicProblem(jwk.Without(name)), "the key has no " + name);
      for (const size_t wrong : {size_t{0}, size - 1, size + 1}) {
        EXPECT_EQ(
            PublicProblem(jwk.WithBytes(name, std::string(wrong, '\1'))),
            absl::StrCat(name, " has ", wrong, " bytes instead of ", size));
      }
      std::string bytes = jwk.Bytes(name);
      bytes.back() = static_cast<char>(bytes.back() ^ 1);
      EXPECT_EQ(PublicProblem(jwk.WithBytes(name, bytes)),
                "x and y are not a point on the curve");
      // Beyond the field.
      EXPECT_EQ(PublicProblem(jwk.WithBytes(name, std::string(size, '\xff'))),
                "x and y are not a point on the curve");
    }
    const JwkText zero(jwk.WithBytes("x", std::string(size, '\0')));
    EXPECT_EQ(PublicProblem(zero.WithBytes("y", std::string(size, '\0'))),
              "x and y are not a point on the curve");
    for (const char* crv :
         {"\"P-192\"", "\"p-256\"", "\"secp256k1\"", "\"\""}) {
      EXPECT_EQ(PublicProblem(jwk.With("crv", crv)),
                "crv is not P-256, P-384 or P-521");
    }
    EXPECT_EQ(PublicProblem(jwk.With("crv", "256")), "crv is not a string");
  }
}

TEST(JwkTest, DemandsConsistentEcPrivateKeys) {
  const JwkText jwk = PrivateText(Algorithm::kEs256);
  EXPECT_EQ(PrivateProblem(jwk.text()), "");
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(31, '\1'))),
            "d has 31 bytes instead of 32");
  for (const char byte : {'\0', '\xff'}) {
    EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(32, byte))),
              "d is not a scalar of the curve");
  }
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(32, '\1'))),
            "EC key is not a point on its curve, or its halves do not match");
}

TEST(JwkTest, ReadsEd25519KeysStrictly) {
  const JwkText jwk = PrivateText(Algorithm::kEdDsa);
  EXPECT_EQ(PrivateProblem(jwk.text()), "");
  const JwkText half = PublicText(Algorithm::kEdDsa);
  for (const char* crv : {"\"Ed448\"", "\"X25519\"", "\"P-256\""}) {
    const std::string problem = PublicProblem(half.With("crv", crv));
    EXPECT_EQ(problem, "crv is not Ed25519") << crv;
  }
  for (const size_t size : {0, 31, 33, 57}) {
    EXPECT_EQ(PublicProblem(half.WithBytes("x", std::string(size, '\1'))),
              absl::StrCat("x has ", size, " bytes instead of 32"));
  }
  EXPECT_EQ(PublicProblem(half.WithBytes("x", std::string(32, '\0'))),
            "Ed25519 key is a point of low order");
  EXPECT_EQ(PublicProblem(half.WithBytes("x", std::string(32, '\xff'))),
            "Ed25519 key is not canonically encoded");
  for (const size_t size : {0, 31, 33, 64}) {
    EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(size, '\1'))),
              absl::StrCat("d has ", size, " bytes instead of 32"));
  }
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(32, '\1'))),
            "d and x do not belong together");
}

TEST(JwkTest, DemandsLongSecrets) {
  const JwkText jwk = PrivateText(Algorithm::kHs512);
  EXPECT_EQ(PublicProblem(jwk.WithBytes("k", std::string(64, 's'))), "");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("k", std::string(63, 's'))),
            "HMAC secret has 63 bytes; HS512 needs at least 64");
  EXPECT_EQ(PrivateProblem(jwk.With("k", "\"\"")),
            "HMAC secret has 0 bytes; HS512 needs at least 64");
  EXPECT_EQ(PublicProblem(jwk.With("k", "\"not base64url!\"")),
            "k is not base64url without padding");
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
