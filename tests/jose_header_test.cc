#include "jose/jose_header.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/answer.h"

namespace signet {
namespace {

// The header views the last document that was parsed.
RejectionOr<JoseHeader> Parse(absl::string_view json) {
  static JsonDocument document;
  absl::StatusOr<JsonDocument> parsed = JsonDocument::ParseObject(json);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  document = *std::move(parsed);
  return JoseHeader::Parse(document.object());
}

TEST(JoseHeaderTest, ReadsAlgorithmKeyIdAndType) {
  const RejectionOr<JoseHeader> header =
      Parse(R"({"typ":"at+JWT","alg":"ES256","kid":"key 1"})");
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->algorithm, Algorithm::kEs256);
  EXPECT_EQ(header->key_id, "key 1");
  EXPECT_EQ(header->type, "at+JWT");

  const RejectionOr<JoseHeader> bare = Parse(R"({"alg":"HS256"})");
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(bare->key_id, std::nullopt);
  EXPECT_EQ(bare->type, std::nullopt);
}

TEST(JoseHeaderTest, ReadsEveryAlgorithmByItsNameAndEdDsaByBoth) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const auto header =
        Parse(absl::StrCat(R"({"alg":")", AlgorithmName(algorithm), "\"}"));
    ASSERT_TRUE(header.ok()) << AlgorithmName(algorithm);
    EXPECT_EQ(header->algorithm, algorithm);
  }
  EXPECT_EQ(Parse(R"({"alg":"Ed25519"})")->algorithm, Algorithm::kEdDsa);
}

TEST(JoseHeaderTest, AnswersAsTheTableSays) {
  struct Case {
    const char* json;
    const char* answer;
  };
  constexpr Case kCases[] = {
      {R"({"alg":"RS256"})", "accepted"},
      // alg: there, a string, and one that exists, in exactly these letters.
      {R"({})", "MALFORMED alg"},
      {R"({"kid":"a"})", "MALFORMED alg"},
      {R"({"alg":null})", "MALFORMED alg"},
      {R"({"alg":1})", "MALFORMED alg"},
      {R"({"alg":["RS256"]})", "MALFORMED alg"},
      {R"({"alg":{"RS256":1}})", "MALFORMED alg"},
      {R"({"alg":true})", "MALFORMED alg"},
      {R"({"ALG":"RS256"})", "MALFORMED alg"},
      {R"({"alg":"none"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"None"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"NONE"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"nOnE"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":""})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"rs256"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"RS256 "})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"RS256\u0000"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"ES256K"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"Ed448"})", "ALGORITHM_NOT_ALLOWED alg"},
      {R"({"alg":"RSA-OAEP"})", "ALGORITHM_NOT_ALLOWED alg"},
      // What changes the meaning of a token is refused, whatever it says.
      {R"({"alg":"RS256","crit":["exp"]})", "UNSUPPORTED_HEADER crit"},
      {R"({"alg":"RS256","crit":[]})", "UNSUPPORTED_HEADER crit"},
      {R"({"alg":"RS256","crit":null})", "UNSUPPORTED_HEADER crit"},
      {R"({"alg":"RS256","b64":false})", "UNSUPPORTED_HEADER b64"},
      {R"({"alg":"RS256","b64":true})", "UNSUPPORTED_HEADER b64"},
      {R"({"alg":"RS256","zip":"DEF"})", "UNSUPPORTED_HEADER zip"},
      {R"({"alg":"RS256","enc":"A128GCM"})", "UNSUPPORTED_HEADER enc"},
      {R"({"alg":"RS256","\u0063rit":["exp"]})", "UNSUPPORTED_HEADER crit"},
      {R"({"alg":"dir","enc":"A128GCM"})", "UNSUPPORTED_HEADER enc"},
      {R"({"alg":"none","crit":["b64"],"b64":false})",
       "UNSUPPORTED_HEADER crit"},
      // Names are compared as they are.
      {R"({"alg":"RS256","Crit":["exp"]})", "accepted"},
      // kid and typ are strings.
      {R"({"alg":"RS256","kid":1})", "MALFORMED kid"},
      {R"({"alg":"RS256","kid":null})", "MALFORMED kid"},
      {R"({"alg":"RS256","kid":["a"]})", "MALFORMED kid"},
      {R"({"alg":"RS256","kid":""})", "accepted"},
      {R"({"alg":"RS256","kid":"../../dev/null"})", "accepted"},
      {R"({"alg":"RS256","typ":1})", "MALFORMED typ"},
      {R"({"alg":"RS256","typ":null})", "MALFORMED typ"},
      {R"({"alg":"RS256","typ":["JWT"]})", "MALFORMED typ"},
      {R"({"alg":"RS256","typ":"anything"})", "accepted"},
      // A token's own idea of its key is passed over, of any type.
      {R"({"alg":"RS256","jwk":{"kty":"oct","k":"AA"}})", "accepted"},
      {R"({"alg":"RS256","jku":"https://evil/","x5u":1,"x5c":{}})", "accepted"},
      {R"({"alg":"RS256","x5t":"a","x5t#S256":"a","cty":1})", "accepted"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(AnswerOf(Parse(c.json)), c.answer) << c.json;
  }
}

TEST(JoseHeaderTest, BoundsTheKeyId) {
  const auto with_key_id = [](absl::string_view key_id) {
    return Parse(absl::StrCat(R"({"alg":"RS256","kid":")", key_id, "\"}"));
  };
  EXPECT_EQ(AnswerOf(with_key_id(std::string(256, 'k'))), "accepted");
  EXPECT_EQ(AnswerOf(with_key_id(std::string(257, 'k'))), "MALFORMED kid");
  // In bytes, and after unescaping.
  std::string escaped;
  std::string wide;
  for (int i = 0; i < 128; ++i) {
    escaped += "\\u006b\\u006b";
    wide += "é";
  }
  EXPECT_EQ(with_key_id(escaped)->key_id, std::string(256, 'k'));
  EXPECT_EQ(AnswerOf(with_key_id(wide)), "accepted");
  EXPECT_EQ(AnswerOf(with_key_id(wide + "k")), "MALFORMED kid");
}

TEST(JoseHeaderTest, KeepsTheKeyIdAsItIs) {
  EXPECT_EQ(Parse(R"({"alg":"RS256","kid":" a\u0000b\n"})")->key_id,
            std::string(" a\0b\n", 5));
}

TEST(JoseHeaderTest, ComparesMediaTypes) {
  struct Case {
    const char* a;
    const char* b;
    bool same;
  };
  constexpr Case kCases[] = {
      {"JWT", "jwt", true},
      {"JWT", "application/jwt", true},
      {"Application/JWT", "jwt", true},
      {"at+jwt", "application/AT+JWT", true},
      {"at+jwt", "jwt", false},
      {"JWT", "JWT ", false},
      {"JWT", "", false},
      {"", "", true},
      // Only a prefix that could have been left out is put back.
      {"text/jwt", "jwt", false},
      {"application/application/jwt", "application/jwt", false},
      {"application/a/b", "a/b", false},
      {"jwt;charset=utf-8", "jwt", false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(SameMediaType(c.a, c.b), c.same) << c.a << " and " << c.b;
    EXPECT_EQ(SameMediaType(c.b, c.a), c.same) << c.b << " and " << c.a;
  }
}

}  // namespace
}  // namespace signet
