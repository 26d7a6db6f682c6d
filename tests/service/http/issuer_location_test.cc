#include "service/http/issuer_location.h"

#include <gtest/gtest.h>

#include <string>

namespace signet {
namespace {

TEST(LocateIssuer, TakesUrlsApart) {
  struct Row {
    std::string issuer;
    std::string origin;
    std::string host;
    std::string path;
  };
  for (const Row& row : {
           Row{"https://id.example", "https://id.example", "id.example", ""},
           Row{"https://id.example/", "https://id.example", "id.example", ""},
           Row{"https://ID.example:443/a", "https://ID.example:443",
               "id.example", "/a"},
           Row{"http://[::1]:8080/a/b/", "http://[::1]:8080", "[::1]:8080",
               "/a/b"},
           Row{"https://id.example/~a%20b;c", "https://id.example",
               "id.example", "/~a%20b;c"},
       }) {
    const std::optional<IssuerLocation> location = LocateIssuer(row.issuer);
    ASSERT_TRUE(location) << row.issuer;
    EXPECT_EQ(location->origin, row.origin);
    EXPECT_EQ(location->host, row.host);
    EXPECT_EQ(location->path, row.path);
  }
}

TEST(LocateIssuer, FindsNothingForWhatIsNoUrlOrHasNoOneSpelling) {
  for (const char* const issuer :
       {"", "a", "accounts.example", "urn:x:y", "ftp://a", "HTTPS://a",
        "https://", "https:///a", "https://u@a", "https://a?b", "https://a/?b",
        "https://a/#b", "https://a//", "https://a//b", "https://a/./b",
        "https://a/../b", "https://a/b c", "https://a/\xc3\xa9"}) {
    EXPECT_FALSE(LocateIssuer(issuer)) << issuer;
  }
}

TEST(NormalHost, HasOneSpelling) {
  EXPECT_EQ(NormalHost("Id.Example"), "id.example");
  EXPECT_EQ(NormalHost("id.example:443"), "id.example");
  EXPECT_EQ(NormalHost("id.example:80"), "id.example");
  EXPECT_EQ(NormalHost("id.example:8443"), "id.example:8443");
}

}  // namespace
}  // namespace signet
