#include "service/yaml/yaml_text.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace signet {
namespace {

using namespace std::string_literals;

TEST(YamlTextTest, AcceptsUtf8AndTheEndsOfLines) {
  const std::string accepted[] = {
      "",
      "a: b\n\tc\r\nd",
      "~",
      "\xC2\xA0",
      "\xDF\xBF",
      "\xE0\xA0\x80",
      "\xED\x9F\xBF",
      "\xEE\x80\x80",
      "\xEF\xBB\xBFwith: a byte order mark",
      "\xF0\x90\x80\x80",
      "\xF4\x8F\xBF\xBF",
  };
  for (const std::string& text : accepted) {
    EXPECT_FALSE(FindUnreadableCharacter(text)) << absl::CEscape(text);
  }
}

TEST(YamlTextTest, FindsWhatDoesNotBelongInYaml) {
  struct Case {
    absl::string_view what;
    std::string text;
    size_t line;
    size_t column;
  };
  const Case cases[] = {
      {"NUL", "ab\0"s, 1, 3},
      {"yaml-cpp's mark for the end of the text", "a: b\nc: \x04", 2, 4},
      {"escape", "\n\n\x1B[31m", 3, 1},
      {"delete", "\x7F", 1, 1},
      {"carriage return alone", "a\r\nb\rc", 2, 2},
      {"carriage return at the end", "a\r", 1, 2},
      {"C1 control character", "ab\xC2\x85", 1, 3},
      {"last C1 control character", "\xC2\x9F", 1, 1},
      {"stray continuation byte", "\x80", 1, 1},
      {"overlong, two bytes", "\xC1\xBF", 1, 1},
      {"overlong, three bytes", "\xE0\x9F\xBF", 1, 1},
      {"overlong, four bytes", "\xF0\x8F\xBF\xBF", 1, 1},
      {"surrogate", "\xED\xA0\x80", 1, 1},
      {"last surrogate", "\xED\xBF\xBF", 1, 1},
      {"beyond Unicode", "\xF4\x90\x80\x80", 1, 1},
      {"lead byte of five", "\xF8\x88\x80\x80\x80", 1, 1},
      {"cut short", "caf\xC3", 1, 4},
      {"not continued", "\xE2\x82z", 1, 1},
      {"UTF-16",
       "\xFF\xFE"
       "a\0"s,
       1, 1},
      {"columns are bytes", "\xC3\xA9\xC3\xA9\xFF", 1, 5},
  };
  for (const Case& c : cases) {
    const absl::optional<TextPosition> found = FindUnreadableCharacter(c.text);
    ASSERT_TRUE(found) << c.what;
    EXPECT_EQ(found->line, c.line) << c.what;
    EXPECT_EQ(found->column, c.column) << c.what;
  }
}

}  // namespace
}  // namespace signet
