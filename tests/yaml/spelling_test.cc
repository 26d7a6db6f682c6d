#include "service/yaml/spelling.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace signet {
namespace {

TEST(SpellingTest, SuggestsTheClosestName) {
  struct Case {
    absl::string_view word;
    absl::string_view suggestion;
  };
  const Case cases[] = {
      {"issuer", "issuers"},
      {"isuers", "issuers"},
      {"Issuers", "issuers"},
      {"maxLifetime", "max_lifetime"},
      {"max-lifetime", "max_lifetime"},
      {"MAX_LIFETIM", "max_lifetime"},
      {"jwt", "JWT"},
  };
  const std::vector<std::string> names = {"issuers", "max_lifetime", "JWT"};
  for (const Case& c : cases) {
    EXPECT_EQ(SuggestSpelling(c.word, names),
              "did you mean \"" + std::string(c.suggestion) + "\"?")
        << c.word;
  }
}

TEST(SpellingTest, ListsTheNamesWhenNoneIsClose) {
  const std::vector<std::string> names = {"issuers", "policies"};
  const std::string expected = "expected one of issuers, policies";
  EXPECT_EQ(SuggestSpelling("listen", names), expected);
  EXPECT_EQ(SuggestSpelling("", names), expected);
  EXPECT_EQ(SuggestSpelling(std::string(100'000, 's'), names), expected);
}

TEST(SpellingTest, SuggestsTheFirstOfEquallyCloseNames) {
  EXPECT_EQ(SuggestSpelling("keyz", {"keys", "keyx"}),
            "did you mean \"keys\"?");
}

}  // namespace
}  // namespace signet
