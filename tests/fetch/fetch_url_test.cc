#include "fetch/fetch_url.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"

namespace signet {
namespace {

using namespace std::string_literals;

TEST(FetchUrlTest, ReadsWhatMayBeFetched) {
  struct Case {
    std::string url;
    std::string text;
    std::string origin;
    std::string host;
    std::string path;
    std::string query;
  };
  const Case cases[] = {
      {"https://issuer.example", "https://issuer.example/",
       "https://issuer.example:443", "issuer.example", "/", ""},
      {"HTTPS://Issuer.EXAMPLE:443/Keys", "https://issuer.example/Keys",
       "https://issuer.example:443", "issuer.example", "/Keys", ""},
      {"https://issuer.example:8443/a/b?c=d&e",
       "https://issuer.example:8443/a/b?c=d&e", "https://issuer.example:8443",
       "issuer.example", "/a/b", "?c=d&e"},
      {"https://issuer.example?c=/", "https://issuer.example/?c=/",
       "https://issuer.example:443", "issuer.example", "/", "?c=/"},
      {"https://192.0.2.1/", "https://192.0.2.1/", "https://192.0.2.1:443",
       "192.0.2.1", "/", ""},
      {"https://[2001:DB8:0::1]:8443/", "https://[2001:db8::1]:8443/",
       "https://[2001:db8::1]:8443", "2001:db8::1", "/", ""},
      {"https://[::1]", "https://[::1]/", "https://[::1]:443", "::1", "/", ""},
      {"https://xn--bcher-kva.example/%C3%BC",
       "https://xn--bcher-kva.example/%C3%BC",
       "https://xn--bcher-kva.example:443", "xn--bcher-kva.example", "/%C3%BC",
       ""},
      {"https://my_issuer/", "https://my_issuer/", "https://my_issuer:443",
       "my_issuer", "/", ""},
      {"https://3f2a9c/", "https://3f2a9c/", "https://3f2a9c:443", "3f2a9c",
       "/", ""},
      {"http://localhost:8080/", "http://localhost:8080/",
       "http://localhost:8080", "localhost", "/", ""},
      {"http://127.9.9.9/", "http://127.9.9.9/", "http://127.9.9.9:80",
       "127.9.9.9", "/", ""},
      {"http://[::1]:8080/", "http://[::1]:8080/", "http://[::1]:8080", "::1",
       "/", ""},
      {"https://a/;p=(1)!$&'*+,=:@-._~", "https://a/;p=(1)!$&'*+,=:@-._~",
       "https://a:443", "a", "/;p=(1)!$&'*+,=:@-._~", ""},
      {"https://a:65535//b//", "https://a:65535//b//", "https://a:65535", "a",
       "//b//", ""},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<FetchUrl> url = FetchUrl::Parse(c.url);
    ASSERT_TRUE(url.ok()) << c.url << url.status();
    EXPECT_EQ(url->text(), c.text);
    EXPECT_EQ(url->origin(), c.origin);
    EXPECT_EQ(url->host(), c.host);
    EXPECT_EQ(url->path(), c.path);
    EXPECT_EQ(url->query(), c.query);
    EXPECT_EQ(FetchUrl::Parse(url->text())->text(), url->text());
  }
}

TEST(FetchUrlTest, SaysWhatIsWrong) {
  struct Case {
    std::string url;
    std::string wrong;
  };
  const std::string scheme = "the URL begins with neither https:// nor http://";
  const std::string host = "the host of the URL is neither a name in ASCII";
  const std::string port = "the port of the URL is not from 1 to 65535";
  const std::string user = "the URL has user information";
  const std::string fragment = "the URL has a fragment";
  const std::string character = "a character that must be percent-encoded";
  const std::string plain = "http without TLS leads to another machine";
  const Case cases[] = {
      {"", scheme},
      {"issuer.example", scheme},
      {"//issuer.example/", scheme},
      {"https:/issuer.example", scheme},
      {"https:issuer.example", scheme},
      {" https://issuer.example/", scheme},
      {"file:///etc/passwd", scheme},
      {"ftp://issuer.example/", scheme},
      {"gopher://issuer.example/", scheme},
      {"httpss://issuer.example/", scheme},
      {"https://", host},
      {"https:///path", host},
      {"https://?query", host},
      {"https://:443/", host},
      {"https://issuer.example./", host},
      {"https://issuer..example/", host},
      {"https://-issuer.example/", host},
      {"https://issuer example/", host},
      {"https://issuer\\@evil.example/", user},
      {"https://issuer.example\\evil.example/", host},
      {"https://issuer.example%2eevil.example/", host},
      {"https://issuer%00.example/", host},
      {"https://issuer\0.example/"s, host},
      {"https://b\xc3\xbc\x63her.example/", host},
      {"https://\xef\xbc\x91\xef\xbc\x92\x37.0.0.1/", host},
      {"https://127.1/", host},
      {"https://2130706433/", host},
      {"https://0x7f000001/", host},
      {"https://0x7f.1/", host},
      {"https://0177.0.0.1/", host},
      {"https://127.0.0.1.0x1/", host},
      {"https://256.0.0.1/", host},
      {"https://1.2.3.4.5/", host},
      {"https://[127.0.0.1]/", host},
      {"https://[::1/", host},
      {"https://::1/", host},
      {"https://[]/", host},
      {"https://[::1]evil.example/", host},
      {"https://[::1%25eth0]/", host},
      {"https://[fe80::1%eth0]/", host},
      {"https://[issuer.example]/", host},
      {"https://" + std::string(64, 'a') + ".example/", host},
      {"https://user@issuer.example/", user},
      {"https://user:password@issuer.example/", user},
      {"https://@issuer.example/", user},
      {"https://issuer.example:@evil.example/", user},
      {"https://issuer.example:/", port},
      {"https://issuer.example:0/", port},
      {"https://issuer.example:65536/", port},
      {"https://issuer.example:-1/", port},
      {"https://issuer.example:+1/", port},
      {"https://issuer.example: 443/", port},
      {"https://issuer.example:000443/", port},
      {"https://issuer.example:https/", port},
      {"https://issuer.example/#keys", fragment},
      {"https://issuer.example#@evil.example/", fragment},
      {"https://issuer.example/a b", character},
      {"https://issuer.example/a\tb", character},
      {"https://issuer.example/\r\nHost: evil", character},
      {"https://issuer.example/a\0b"s, character},
      {"https://issuer.example/a\\b", character},
      {"https://issuer.example/\"", character},
      {"https://issuer.example/<>", character},
      {"https://issuer.example/{id}", character},
      {"https://issuer.example/[id]", character},
      {"https://issuer.example/%", character},
      {"https://issuer.example/%4", character},
      {"https://issuer.example/%zz", character},
      {"https://issuer.example/\xc3\xbc", character},
      {"http://issuer.example/", plain},
      {"http://127.evil.example/", plain},
      {"http://localhost.evil.example/", plain},
      {"http://128.0.0.1/", plain},
      {"http://10.0.0.1/", plain},
      {"http://0.0.0.0/", plain},
      {"http://[::]/", plain},
      {"http://[::2]/", plain},
      {"https://issuer.example/" + std::string(2048, 'a'), "longer than 2048"},
  };
  for (const Case& c : cases) {
    const absl::Status status = FetchUrl::Parse(c.url).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.url;
    EXPECT_TRUE(absl::StrContains(status.message(), c.wrong))
        << c.url << status;
  }
}

TEST(FetchUrlTest, PlainHttpElsewhereIsAllowedAloud) {
  const absl::StatusOr<FetchUrl> url =
      FetchUrl::Parse("http://issuer.example/", PlainHttp::kAllowed);
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->scheme(), UrlScheme::kHttp);
}

TEST(FetchUrlTest, LogsNoQuery) {
  EXPECT_EQ(FetchUrl::Parse("https://a:1/b?c=secret")->TextForLog(),
            "https://a:1/b");
}

TEST(FetchUrlTest, ResolvesWhatStaysWithTheHost) {
  struct Case {
    std::string reference;
    std::string text;
  };
  const Case cases[] = {
      {"https://issuer.example/x", "https://issuer.example/x"},
      {"HTTPS://ISSUER.example:443/x", "https://issuer.example/x"},
      {"//issuer.example/x", "https://issuer.example/x"},
      {"/x?y", "https://issuer.example/x?y"},
      {"x", "https://issuer.example/a/x"},
      {"x:y/z", ""},
      {"./x:y", "https://issuer.example/a/./x:y"},
      {"?y", "https://issuer.example/a/b?y"},
      {"", "https://issuer.example/a/b"},
      {"/", "https://issuer.example/"},
  };
  const FetchUrl base = *FetchUrl::Parse("https://issuer.example/a/b?c");
  for (const Case& c : cases) {
    const absl::StatusOr<FetchUrl> url = base.Resolve(c.reference);
    EXPECT_EQ(url.ok() ? url->text() : "", c.text) << c.reference;
  }
}

TEST(FetchUrlTest, ResolvesNothingThatLeadsElsewhere) {
  const FetchUrl base = *FetchUrl::Parse("https://issuer.example/a/b");
  for (const char* reference :
       {"http://issuer.example/a/b", "https://issuer.example:444/",
        "https://evil.example/", "//evil.example/", "https://127.0.0.1/",
        "https://issuer.example@evil.example/", "///evil.example/",
        "https:/evil.example/", "https:evil", "https:///evil.example",
        R"(\\evil.example\)", "/\\evil.example", "file:///etc/passwd",
        "javascript:alert(1)", "#fragment", " /x", "/x y"}) {
    const absl::Status status = base.Resolve(reference).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition)
        << reference;
  }
}

}  // namespace
}  // namespace signet
