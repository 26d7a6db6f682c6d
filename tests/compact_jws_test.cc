#include "jose/compact_jws.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "tests/answer.h"

namespace signet {
namespace {

constexpr char kHeader[] = R"({"alg":"HS256"})";

// A token of parts that are properly encoded.
std::string Encode(absl::string_view header, absl::string_view payload,
                   absl::string_view signature) {
  return absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(payload),
                      ".", Base64UrlEncode(signature));
}

TEST(CompactJwsTest, TakesATokenApart) {
  const std::string compact = Encode(kHeader, "payload", "signature");
  const RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  ASSERT_TRUE(jws.ok());
  EXPECT_EQ(jws->header().algorithm, Algorithm::kHs256);
  EXPECT_EQ(jws->payload(), "payload");
  EXPECT_EQ(jws->signature(), "signature");
  EXPECT_EQ(std::string(jws->signing_input()),
            compact.substr(0, compact.rfind('.')));
}

TEST(CompactJwsTest, TakesAnyBytesAsPayloadAndSignature) {
  const std::string bytes("\0\xff\n.", 4);
  const std::string compact = Encode(kHeader, bytes, bytes);
  EXPECT_EQ(CompactJws::Parse(compact)->payload(), bytes);
  EXPECT_EQ(CompactJws::Parse(compact)->signature(), bytes);
  EXPECT_TRUE(CompactJws::Parse(Encode(kHeader, "", "")).ok());
}

TEST(CompactJwsTest, BoundsTheSizeOfTokens) {
  EXPECT_EQ(kMaxTokenBytes, 16384U);
  // A header and two dots leave a multiple of four for the payload.
  const std::string header = Base64UrlEncode(kHeader);
  const size_t payload = kMaxTokenBytes - header.size() - 2;
  ASSERT_EQ(payload % 4, 2U);
  const auto token = [&](size_t size) {
    return absl::StrCat(header, ".", std::string(size, 'A'), ".");
  };
  ASSERT_EQ(token(payload).size(), kMaxTokenBytes);
  EXPECT_EQ(AnswerOf(CompactJws::Parse(token(payload))), "accepted");
  EXPECT_EQ(AnswerOf(CompactJws::Parse(token(payload + 1))), "TOO_LARGE");
  // Before anything else is looked at.
  EXPECT_EQ(AnswerOf(CompactJws::Parse(std::string(kMaxTokenBytes + 1, '.'))),
            "TOO_LARGE");
  EXPECT_EQ(AnswerOf(CompactJws::Parse(std::string(kMaxTokenBytes, '.'))),
            "MALFORMED");
}

TEST(CompactJwsTest, AnswersAsTheTableSays) {
  const std::string h = Base64UrlEncode(kHeader);
  const struct {
    std::string compact;
    std::string answer;
  } cases[] = {
      {h + ".Zm9v.Zm9v", "accepted"},
      {h + "..", "accepted"},
      // Exactly two dots.
      {"", "MALFORMED"},
      {".", "MALFORMED"},
      {"..", "MALFORMED"},
      {"...", "MALFORMED"},
      {h, "MALFORMED"},
      {h + ".Zm9v", "MALFORMED"},
      {h + ".Zm9v.Zm9v.", "MALFORMED"},
      {"." + h + ".Zm9v.Zm9v", "MALFORMED"},
      {h + "..Zm9v.Zm9v", "MALFORMED"},
      // Five parts, as an encrypted token has.
      {h + ".Zm9v.Zm9v.Zm9v.Zm9v", "MALFORMED"},
      // The base64url alphabet alone, and one spelling.
      {h + "=.Zm9v.Zm9v", "MALFORMED"},
      {h + ".Zm9vYg==.Zm9v", "MALFORMED"},
      {h + ".Zm9v.Zm9vYg==", "MALFORMED"},
      {h + ".Zm9vYh.Zm9v", "MALFORMED"},
      {h + ".Zm9v.Zm9vYh", "MALFORMED"},
      {h + ".Zm9v.Zm+v", "MALFORMED"},
      {h + ".Zm9v.Zm/v", "MALFORMED"},
      {h + ".Zm9v.Z", "MALFORMED"},
      {" " + h + ".Zm9v.Zm9v", "MALFORMED"},
      {h + ".Zm9v.Zm9v\n", "MALFORMED"},
      {h + ".Zm9v.Zm9v" + std::string(1, '\0'), "MALFORMED"},
      {h + ".Zm\r\n9v.Zm9v", "MALFORMED"},
      {"Bearer " + h + ".Zm9v.Zm9v", "MALFORMED"},
      {R"({"payload":"Zm9v"})", "MALFORMED"},
      // The header is one JSON object.
      {Encode("", "a", "a"), "MALFORMED"},
      {Encode("[]", "a", "a"), "MALFORMED"},
      {Encode("\"alg\"", "a", "a"), "MALFORMED"},
      {Encode(R"({"alg":"HS256"}x)", "a", "a"), "MALFORMED"},
      {Encode(R"({"alg":"HS256"}{})", "a", "a"), "MALFORMED"},
      {Encode(R"({"alg":"HS256","alg":"HS256"})", "a", "a"), "MALFORMED"},
      {Encode(R"({"alg":"HS256","\u0061lg":"none"})", "a", "a"), "MALFORMED"},
      {Encode(R"({"alg":"HS256","x":{"y":1,"y":2}})", "a", "a"), "MALFORMED"},
      {Encode("\xEF\xBB\xBF{\"alg\":\"HS256\"}", "a", "a"), "MALFORMED"},
      {Encode("{\"alg\":\"HS256\",\"x\":\"\xff\"}", "a", "a"), "MALFORMED"},
      {Encode(R"({"alg":"HS256",})", "a", "a"), "MALFORMED"},
      // And one that Signet can act upon; see jose_header_test.
      {Encode("{}", "a", "a"), "MALFORMED alg"},
      {Encode(R"({"alg":"none"})", "a", ""), "ALGORITHM_NOT_ALLOWED alg"},
      {Encode(R"({"alg":"HS256","crit":[]})", "a", "a"),
       "UNSUPPORTED_HEADER crit"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(AnswerOf(CompactJws::Parse(c.compact)), c.answer) << c.compact;
  }
}

TEST(CompactJwsTest, ReadsEachTokenAnewInTheSameMemory) {
  const std::string es256 = Encode(R"({"alg":"ES256","kid":"a"})", "1", "x");
  const std::string hs256 = Encode(R"({"alg":"HS256"})", "longer", "y");
  const std::string none = Encode(R"({"alg":"none"})", "2", "");
  const std::string no_header = Encode("", "3", "z");
  CompactJws jws;
  EXPECT_TRUE(jws.Read(no_header).has_value());
  for (int i = 0; i < 2; ++i) {
    // Each also after itself, when its header is known.
    for (int j = 0; j < 2; ++j) {
      EXPECT_FALSE(jws.Read(es256).has_value());
      EXPECT_EQ(jws.header().algorithm, Algorithm::kEs256);
      EXPECT_EQ(jws.header().key_id, "a");
      EXPECT_EQ(jws.payload(), "1");
      EXPECT_EQ(jws.signature(), "x");
    }
    for (int j = 0; j < 2; ++j) {
      EXPECT_FALSE(jws.Read(hs256).has_value());
      EXPECT_EQ(jws.header().algorithm, Algorithm::kHs256);
      EXPECT_EQ(jws.header().key_id, std::nullopt);
      EXPECT_EQ(jws.payload(), "longer");
      EXPECT_EQ(jws.signature(), "y");
    }
    for (int j = 0; j < 2; ++j) {
      EXPECT_EQ(AnswerOf(*jws.Read(none)), "ALGORITHM_NOT_ALLOWED alg");
      EXPECT_EQ(AnswerOf(*jws.Read(no_header)), "MALFORMED");
    }
  }
}

TEST(CompactJwsTest, NeverRepeatsThePartsOfATokenInARejection) {
  const auto jws = CompactJws::Parse(
      Encode(R"({"alg":"evil","kid":"evil"})", "evil", "evil"));
  ASSERT_FALSE(jws.ok());
  EXPECT_EQ(jws.rejection().claim, "alg");
  EXPECT_EQ(std::string(jws.rejection().detail).find("evil"),
            std::string::npos);
}

}  // namespace
}  // namespace signet
