#include "remote/provider_metadata.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Places(const std::string& provider) {
  const absl::StatusOr<std::vector<FetchUrl>> urls =
      MetadataUrls(*FetchUrl::Parse(provider), PlainHttp::kToLoopbackOnly);
  std::vector<std::string> places;
  for (const FetchUrl& url : *urls) places.push_back(url.text());
  return places;
}

TEST(MetadataUrlsTest, AreThoseOfOpenIdConnectAndOfRfc8414) {
  EXPECT_THAT(
      Places("https://id.example"),
      ElementsAre("https://id.example/.well-known/openid-configuration",
                  "https://id.example/.well-known/oauth-authorization-server"));
  EXPECT_THAT(
      Places("https://id.example:8443/"),
      ElementsAre(
          "https://id.example:8443/.well-known/openid-configuration",
          "https://id.example:8443/.well-known/oauth-authorization-server"));
  EXPECT_THAT(
      Places("https://id.example/tenant/"),
      ElementsAre(
          "https://id.example/tenant/.well-known/openid-configuration",
          "https://id.example/.well-known/oauth-authorization-server/tenant"));
}

TEST(MetadataUrlsTest, AreNoneForAUrlWithAQuery) {
  EXPECT_EQ(MetadataUrls(*FetchUrl::Parse("https://id.example/?a=b"),
                         PlainHttp::kToLoopbackOnly)
                .status()
                .message(),
            "a provider's URL has no query; name the JWK Set's URL instead");
}

// What is found in `metadata`, fetched by https; or what is wrong with it.
std::string Found(const std::string& metadata,
                  UrlScheme by = UrlScheme::kHttps) {
  const absl::StatusOr<FetchUrl> url = ParseJwksUrl(
      metadata, "https://id.example", by, PlainHttp::kToLoopbackOnly);
  return url.ok() ? url->text() : std::string(url.status().message());
}

TEST(ParseJwksUrlTest, BelievesOnlyMetadataOfExactlyTheIssuer) {
  constexpr char kAnother[] =
      "the metadata is about another issuer than the configured one";
  const struct {
    const char* metadata;
    const char* found;
  } kCases[] = {
      {R"({"issuer":"https://id.example","jwks_uri":"https://k.example/k?v=1"})",
       "https://k.example/k?v=1"},
      {R"({"issuer":"https://id.example/","jwks_uri":"https://k.example/"})",
       kAnother},
      {R"({"issuer":"HTTPS://id.example","jwks_uri":"https://k.example/"})",
       kAnother},
      {R"({"issuer":["https://id.example"],"jwks_uri":"https://k.example/"})",
       kAnother},
      {R"({"jwks_uri":"https://k.example/"})", kAnother},
      {R"({"issuer":"https://id.example"})", "the metadata has no jwks_uri"},
      {R"({"issuer":"https://id.example","jwks_uri":["https://k.example/"]})",
       "the metadata has no jwks_uri"},
      {R"({"issuer":"https://id.example","jwks_uri":"http://127.0.0.1/"})",
       "jwks_uri: is not https"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Found(c.metadata), c.found);
}

TEST(ParseJwksUrlTest, RefusesWhatIsNoStrictJsonAndNoUrl) {
  for (
      const char* metadata :
      {"", "[]", "null",
       R"({"issuer":"https://id.example","jwks_uri":"https://k.example/")",
       R"({"issuer":"https://a","issuer":"https://id.example","jwks_uri":"https://k.example/"})",
       R"({"issuer":"https://id.example","jwks_uri":"file:///etc/passwd"})",
       R"({"issuer":"https://id.example","jwks_uri":"//k.example/"})",
       R"({"issuer":"https://id.example","jwks_uri":"http://k.example/"})",
       R"({"issuer":"https://id.example","jwks_uri":"https://a@k.example/"})"}) {
    EXPECT_FALSE(ParseJwksUrl(metadata, "https://id.example", UrlScheme::kHttps,
                              PlainHttp::kToLoopbackOnly)
                     .ok())
        << metadata;
  }
}

TEST(ParseJwksUrlTest, AcceptsPlainHttpOnThisMachineFromPlainHttp) {
  EXPECT_EQ(
      Found(
          R"({"issuer":"https://id.example","jwks_uri":"http://127.0.0.1:1/k"})",
          UrlScheme::kHttp),
      "http://127.0.0.1:1/k");
}

}  // namespace
}  // namespace signet
