#include "service/access/spiffe_id.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace signet {
namespace {

TEST(SpiffeId, HasATrustDomainAndPerhapsAPath) {
  for (const char* id :
       {"spiffe://a", "spiffe://prod.example", "spiffe://1_a-b.c"}) {
    EXPECT_TRUE(IsSpiffeId(id)) << id;
    EXPECT_FALSE(IsWorkloadSpiffeId(id)) << id;
  }
  for (const char* id :
       {"spiffe://a/b", "spiffe://prod.example/ns/x/sa/Y_1.2-3",
        "spiffe://a/...", "spiffe://a/.b"}) {
    EXPECT_TRUE(IsSpiffeId(id)) << id;
    EXPECT_TRUE(IsWorkloadSpiffeId(id)) << id;
  }
}

TEST(SpiffeId, HasOneSpelling) {
  const absl::string_view kRefused[] = {
      "",
      "spiffe:",
      "spiffe://",
      "spiffe:///a",
      "Spiffe://a/b",
      "SPIFFE://a/b",
      "https://a/b",
      "spiffe:/a/b",
      " spiffe://a/b",
      "spiffe://a/b ",
      "spiffe://A/b",
      "spiffe://a.EXAMPLE/b",
      "spiffe://a:443/b",
      "spiffe://user@a/b",
      "spiffe://[::1]/b",
      "spiffe://a%2e/b",
      "spiffe://*/b",
      "spiffe://a/",
      "spiffe://a/b/",
      "spiffe://a//b",
      "spiffe://a/./b",
      "spiffe://a/../b",
      "spiffe://a/b/..",
      "spiffe://a/%2e%2e/b",
      "spiffe://a/b?c",
      "spiffe://a/b#c",
      "spiffe://a/*",
      "spiffe://a/b*",
      "spiffe://a/b\\c",
      "spiffe://a/b:c",
      "spiffe://a/b\nc",
      "spiffe://a/b\xC3\xA9",
      "spiffe://\xC3\xA9/b",
      // Cyrillic a.
      "spiffe://\xD0\xB0/b",
      absl::string_view("spiffe://a/b\0", 13),
      absl::string_view("spiffe://a/b\0/c", 15),
      absl::string_view("spiffe://a\0.example/b", 21),
  };
  for (const absl::string_view id : kRefused) {
    EXPECT_FALSE(IsSpiffeId(id)) << id;
    EXPECT_FALSE(IsWorkloadSpiffeId(id)) << id;
  }
}

TEST(SpiffeId, IsNoLongerThanTheStandardSays) {
  const auto path = [](size_t size) {
    return absl::StrCat("spiffe://a/", std::string(size - 11, 'b'));
  };
  EXPECT_TRUE(IsSpiffeId(path(2048)));
  EXPECT_FALSE(IsSpiffeId(path(2049)));
  EXPECT_TRUE(IsSpiffeId(absl::StrCat("spiffe://", std::string(255, 'a'))));
  EXPECT_FALSE(IsSpiffeId(absl::StrCat("spiffe://", std::string(256, 'a'))));
}

}  // namespace
}  // namespace signet
