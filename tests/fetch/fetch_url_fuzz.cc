// URLs: what may be fetched has one spelling, which libcurl reads as we do; and
// what it refers to stays with its host.

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fetch/fetch_url.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {
namespace {

std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  RequireProperty(
      curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK,
      "libcurl finds each part");
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
  return text;
}

void RequireLibcurlAgrees(const FetchUrl& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> read(
      curl_url(), curl_url_cleanup);
  RequireProperty(curl_url_set(read.get(), CURLUPART_URL, url.text().c_str(),
                               /*flags=*/0) == CURLUE_OK,
                  "libcurl reads what we write");
  const bool is_ipv6 = absl::StrContains(url.host(), ':');
  RequireProperty(
      PartOf(read.get(), CURLUPART_HOST) ==
          (is_ipv6 ? absl::StrCat("[", url.host(), "]") : url.host()),
      "libcurl reads the same host");
  RequireProperty(
      PartOf(read.get(), CURLUPART_PORT) == absl::StrCat(url.port()),
      "libcurl reads the same port");
  RequireProperty(PartOf(read.get(), CURLUPART_SCHEME) ==
                      (url.scheme() == UrlScheme::kHttps ? "https" : "http"),
                  "libcurl reads the same scheme");
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  return {"https://issuer.example/.well-known/openid-configuration",
          "https://issuer.example:8443/a/b?c=d&e=%2f",
          "http://127.0.0.1:8080/keys",
          "http://localhost/",
          "https://[2001:db8::1]:8443/jwks",
          "https://[::ffff:10.0.0.1]/",
          "https://user@issuer.example\\@evil.example:80#fragment",
          "//evil.example/",
          "../keys?v=1",
          "https://0x7f.1/../..//"};
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using signet::FetchUrl;
  using signet::RequireProperty;
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  static const FetchUrl base = *FetchUrl::Parse("https://issuer.example/a/b?c");
  if (const auto resolved = base.Resolve(input); resolved.ok()) {
    RequireProperty(resolved->origin() == base.origin(),
                    "a reference stays with its host");
    signet::RequireLibcurlAgrees(*resolved);
  }
  const auto url = FetchUrl::Parse(input, signet::PlainHttp::kAllowed);
  if (!url.ok()) return 0;
  const auto again = FetchUrl::Parse(url->text(), signet::PlainHttp::kAllowed);
  RequireProperty(again.ok() && again->text() == url->text(),
                  "a URL reads back as it was written");
  signet::RequireLibcurlAgrees(*url);
  return 0;
}
