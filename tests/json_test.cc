#include "jose/json.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

constexpr char kDuplicate[] = "JSON object has a duplicate member";
constexpr char kTooDeep[] =
    "not valid JSON: The JSON document was too deep (too many nested objects "
    "and arrays)";
constexpr char kByteOrderMark[] = "JSON starts with a byte order mark";

// Why `text` is refused; empty if it is accepted.
std::string Problem(absl::string_view text) {
  return std::string(JsonDocument::Parse(text).status().message());
}

bool Accepts(absl::string_view text) { return Problem(text).empty(); }

// `depth` objects or arrays in each other, the innermost empty.
std::string Nested(absl::string_view open, absl::string_view close, int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) absl::StrAppend(&text, open);
  for (int i = 0; i < depth; ++i) absl::StrAppend(&text, close);
  return text;
}

TEST(JsonTest, AcceptsNestingUpToThirtyTwoAndNoDeeper) {
  EXPECT_EQ(kMaxJsonDepth, 32U);
  struct Case {
    const char* open;
    const char* inside;
    const char* close;
  };
  // An empty object or array is a level like any other.
  constexpr Case kCases[] = {
      {"[", "", "]"},
      {"[", "1", "]"},
      {"[", "1,\"a\"", "]"},
      {"{\"a\":", "1", "}"},
      {"[1,2,", "null", "]"},
      {"[[],", "1", ",[]]"},
      {R"({"a":[],"b":)", "\"\"", ",\"c\":{}}"},
  };
  for (const Case& c : kCases) {
    const auto nested = [&](int depth) {
      return absl::StrCat(Nested(c.open, "", depth), c.inside,
                          Nested("", c.close, depth));
    };
    // Where there are empty ones beside, they are a level deeper.
    const int deepest = absl::StrContains(c.close, ",") ? 31 : 32;
    EXPECT_TRUE(Accepts(nested(deepest))) << nested(1);
    EXPECT_EQ(Problem(nested(deepest + 1)), kTooDeep) << nested(1);
  }
  EXPECT_EQ(Problem(Nested("[", "]", 100000)), kTooDeep);
  EXPECT_TRUE(Accepts(
      absl::StrCat(Nested("{\"a\":", "", 31), "{}", Nested("", "}", 31))));
  EXPECT_EQ(Problem(absl::StrCat(Nested("{\"a\":", "", 32), "{}",
                                 Nested("", "}", 32))),
            kTooDeep);
}

TEST(JsonTest, DoesNotRememberTheDepthOrSizeOfEarlierTexts) {
  EXPECT_FALSE(Accepts(Nested("[", "]", 100000)));
  EXPECT_TRUE(Accepts("{}"));
  EXPECT_TRUE(Accepts(absl::StrCat("\"", std::string(200000, 'x'), "\"")));
  EXPECT_FALSE(Accepts(Nested("[", "]", 33)));
  EXPECT_TRUE(Accepts(Nested("[", "]", 32)));
}

TEST(JsonTest, RefusesDuplicateMembers) {
  struct Case {
    const char* text;
    const char* problem;
  };
  constexpr Case kCases[] = {
      {R"({"a":1,"b":2})", ""},
      {R"({"a":1,"a":1})", kDuplicate},
      {R"({"a":1,"b":2,"a":3})", kDuplicate},
      {R"({"a":1,"\u0061":2})", kDuplicate},
      {R"({"\u0061":1,"a":2})", kDuplicate},
      {R"({"é":1,"\u00e9":2})", kDuplicate},
      {R"({"\ud83d\ude00":1,"😀":2})", kDuplicate},
      {R"({"a\/b":1,"a/b":2})", kDuplicate},
      {R"({"":1,"":2})", kDuplicate},
      // A name that ends at a NUL, for some.
      {R"({"a\u0000b":1,"a\u0000c":2})", ""},
      {R"({"a\u0000b":1,"a":2})", ""},
      {R"({"a\u0000b":1,"a\u0000b":2})", kDuplicate},
      // Names are compared as they are: case, and normal forms, matter.
      {R"({"a":1,"A":2})", ""},
      {R"({"\u00e9":1,"e\u0301":2})", ""},
      // At any depth.
      {R"({"x":{"a":1,"a":2}})", kDuplicate},
      {R"([{"a":1,"a":2}])", kDuplicate},
      {R"({"x":[[{"y":{"a":1,"a":2}}]]})", kDuplicate},
      {R"([1,{"b":[]},{"x":{"a":1,"\u0061":2}}])", kDuplicate},
      // The same name in different objects is no duplicate.
      {R"({"a":{"a":{"a":1}},"b":{"a":2}})", ""},
      {R"([{"a":1},{"a":2}])", ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(Problem(c.text), c.problem) << c.text;
}

TEST(JsonTest, RefusesDuplicateMembersInObjectsOfAnySize) {
  // Around the number of members at which the way of looking changes.
  for (int size = 2; size <= 40; ++size) {
    std::string members;
    for (int i = 0; i < size; ++i) absl::StrAppend(&members, "\"m", i, "\":0,");
    EXPECT_TRUE(Accepts(absl::StrCat("{", members, "\"last\":0}"))) << size;
    for (const int twice : {0, size / 2, size - 1}) {
      EXPECT_EQ(Problem(absl::StrCat("{", members, "\"m", twice, "\":0}")),
                kDuplicate)
          << size;
      EXPECT_EQ(
          Problem(absl::StrCat("{", members, "\"\\u006d", twice, "\":0}")),
          kDuplicate)
          << size;
    }
  }
}

TEST(JsonTest, RefusesAnythingButOneValue) {
  for (const char* text :
       {"",      " ",        "{}{}",   "{} {}",      "{}x",       "{},",
        "[]]",   "1 2",      "{}\xff", "{\"a\":1,}", "[1,]",      "{'a':1}",
        "{a:1}", "// c\n{}", "{}//",   "/**/{}",     "{\"a\" 1}", "[1 2]",
        "\"a",   "tru",      "nul",    "True",       "undefined"}) {
    EXPECT_FALSE(Accepts(text)) << text;
  }
  // A NUL is not the end of the text.
  EXPECT_FALSE(Accepts(absl::string_view("{}\0", 3)));
  EXPECT_FALSE(Accepts(absl::string_view("\0{}", 3)));
  EXPECT_TRUE(Accepts(" \t\r\n{} \t\r\n"));
}

TEST(JsonTest, RefusesByteOrderMark) {
  EXPECT_EQ(Problem("\xEF\xBB\xBF{}"), kByteOrderMark);
  EXPECT_FALSE(Accepts(absl::string_view("\xFE\xFF\0{\0}", 6)));
  EXPECT_FALSE(Accepts("{}\xEF\xBB\xBF"));
}

TEST(JsonTest, ReadsNumbersThatFitAndRefusesTheOthers) {
  struct Case {
    const char* text;
    bool accepted;
  };
  constexpr Case kCases[] = {
      {"0", true},
      {"-0", true},
      {"9223372036854775807", true},
      {"-9223372036854775808", true},
      {"18446744073709551615", true},
      {"18446744073709551616", false},
      {"-9223372036854775809", false},
      {"123456789012345678901234567890", false},
      {"1.7976931348623157e308", true},
      {"1.8e308", false},
      {"1e400", false},
      {"-1e400", false},
      {"1e-400", true},
      {"NaN", false},
      {"Infinity", false},
      {"-Infinity", false},
      {"01", false},
      {"-01", false},
      {"+1", false},
      {".5", false},
      {"5.", false},
      {"1e", false},
      {"0x10", false},
      {"1_000", false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Accepts(c.text), c.accepted) << c.text;
    EXPECT_EQ(Accepts(absl::StrCat("{\"a\":[", c.text, "]}")), c.accepted)
        << c.text;
  }
}

TEST(JsonTest, RefusesWhatIsNotUtf8OrNotAWholeCodePoint) {
  for (const char* text : {R"("\ud800")",
                           R"("\udc00")",
                           R"("\ud800x")",
                           R"("\ud800\n")",
                           R"("\ud800\ud800")",
                           R"("\udc00\ud800")",
                           R"("\ud888\u1234")",
                           R"({"\udc00":1})",
                           R"({"\ud800":1})",
                           "\"\xff\"",
                           "\"\xc0\xaf\"",
                           "\"\xed\xa0\x80\"",
                           "\"\xe9\"",
                           "\"\xf4\x90\x80\x80\"",
                           "\"\x80\"",
                           "\"\xe2\x82\"",
                           "\"\xf8\x88\x80\x80\x80\"",
                           R"("\x41")",
                           R"("\u12")",
                           R"("\u12G4")"}) {
    EXPECT_FALSE(Accepts(text)) << text;
  }
  for (int control = 0; control < 0x20; ++control) {
    EXPECT_FALSE(Accepts(
        absl::StrCat("\"", std::string(1, static_cast<char>(control)), "\"")))
        << control;
  }
  EXPECT_TRUE(Accepts("\"\x7f\""));
  EXPECT_TRUE(Accepts(R"("\ud83d\ude00")"));
  EXPECT_TRUE(Accepts("\"\xf0\x9f\x98\x80\""));
}

TEST(JsonTest, DoesNotQuoteTheTextInItsErrors) {
  for (const char* text :
       {"{\"secret\":", R"({"secret":1,"secret":2})", "\"secret"}) {
    EXPECT_EQ(Problem(text).find("secret"), std::string::npos) << text;
  }
}

TEST(JsonTest, ParseObjectRefusesOtherValues) {
  for (const char* text : {"[]", "\"{}\"", "1", "null", "true"}) {
    EXPECT_EQ(JsonDocument::ParseObject(text).status(),
              absl::InvalidArgumentError("JSON is not an object"))
        << text;
  }
  EXPECT_TRUE(JsonDocument::ParseObject("{}").ok());
}

TEST(JsonTest, FindsMembersByTheirUnescapedNames) {
  const auto document =
      JsonDocument::ParseObject(R"({"\u0061lg":"x","b":null,"a":{"alg":1}})");
  ASSERT_TRUE(document.ok());
  const auto alg = FindMember(document->object(), "alg");
  ASSERT_TRUE(alg);
  EXPECT_EQ(AsString(*alg), "x");
  EXPECT_TRUE(FindMember(document->object(), "b")->is_null());
  EXPECT_FALSE(FindMember(document->object(), "c"));
  EXPECT_FALSE(FindMember(document->object(), "ALG"));
  EXPECT_FALSE(FindMember(document->object(), ""));
}

TEST(JsonTest, ViewsStayValidWhenTheDocumentMoves) {
  auto parsed = JsonDocument::ParseObject(R"({"a":"text"})");
  ASSERT_TRUE(parsed.ok());
  const absl::string_view text = *AsString(*FindMember(parsed->object(), "a"));
  const JsonDocument moved = *std::move(parsed);
  EXPECT_EQ(text, "text");
  EXPECT_EQ(AsString(*FindMember(moved.object(), "a")), "text");
}

TEST(JsonTest, ReadsValuesOfTheRightTypeOnly) {
  const auto document = JsonDocument::ParseObject(
      R"({"string":"s","number":1.5,"object":{},"array":[1],)"
      R"("strings":["a","b"],"none":[],"mixed":["a",1],"null":null})");
  ASSERT_TRUE(document.ok());
  for (const auto& member : document->object()) {
    const std::string name(member.key);
    const JsonValue value = member.value;
    EXPECT_EQ(AsString(value).has_value(), name == "string") << name;
    EXPECT_EQ(AsNumber(value).has_value(), name == "number") << name;
    EXPECT_EQ(AsObject(value).has_value(), name == "object") << name;
    EXPECT_EQ(AsArray(value).has_value(), value.is_array()) << name;
    EXPECT_EQ(AsStrings(value).has_value(), name == "strings" || name == "none")
        << name;
  }
}

TEST(JsonTest, WritesWithoutWhiteSpaceWhatItReads) {
  const auto document =
      JsonDocument::Parse(R"( { "a" : [ 1 , "\u0062\n" , null , {} ] } )");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(ToJson(document->root()), R"({"a":[1,"b\n",null,{}]})");
}

}  // namespace
}  // namespace signet
