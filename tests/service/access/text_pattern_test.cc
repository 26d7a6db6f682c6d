#include "service/access/text_pattern.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace signet {
namespace {

struct PatternCase {
  const char* pattern;
  absl::string_view text;
  bool allowed;
};

TEST(TextPattern, AllowsItselfOrWhatBeginsAsItDoes) {
  const PatternCase kCases[] = {
      {"a", "a", true},
      {"a", "A", false},
      {"a", "ab", false},
      {"a", "ba", false},
      {"a", "", false},
      {"a", absl::string_view("a\0", 2), false},
      {"a.b", "axb", false},
      {"(a|b)", "a", false},
      {"*", "", true},
      {"*", "anything", true},
      {"user-*", "user-1", true},
      {"user-*", "user-", true},
      {"user-*", "user", false},
      {"user-*", "a user-1", false},
      {"user-*", "User-1", false},
      {"user-*", absl::string_view("user-\0", 6), true},
      {"https://a.example/*", "https://a.example/b", true},
      {"https://a.example/*", "https://a.example", false},
      {"https://a.example/*", "https://a.example.b/", false},
      {"https://a.example/*", "http://a.example/", false},
  };
  for (const PatternCase& c : kCases) {
    const absl::StatusOr<TextPattern> pattern = TextPattern::Parse(c.pattern);
    ASSERT_TRUE(pattern.ok()) << c.pattern << pattern.status();
    EXPECT_EQ(pattern->Allows(c.text), c.allowed) << c.pattern << " " << c.text;
  }
}

TEST(TextPattern, RefusesWhatCouldMeanMoreThanItSeemsTo) {
  constexpr char kNoSeparator[] =
      "before the \"*\" must stand one of / : . - _ # | @, and in a URL the "
      "whole host";
  constexpr char kNotAtTheEnd[] = "has a \"*\" that is not its end";
  const struct {
    const char* pattern;
    const char* problem;
  } kCases[] = {
      {"", "is empty"},
      {"**", kNotAtTheEnd},
      {"*a", kNotAtTheEnd},
      {"a*b", kNotAtTheEnd},
      {"https://*/a", kNotAtTheEnd},
      {"https://*.example/*", kNotAtTheEnd},
      {"a*", kNoSeparator},
      {"https://a.example*", kNoSeparator},
      {"https://a.example.*", kNoSeparator},
      {"https://a-*", kNoSeparator},
      {"https://*", kNoSeparator},
      {"https://a.example:*", kNoSeparator},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TextPattern::Parse(c.pattern).status(),
              absl::InvalidArgumentError(c.problem))
        << c.pattern;
  }
}

}  // namespace
}  // namespace signet
