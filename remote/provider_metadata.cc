#include "remote/provider_metadata.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "jose/json.h"

namespace signet {
namespace {

std::optional<absl::string_view> FindString(JsonObject object,
                                            absl::string_view name) {
  const std::optional<JsonValue> member = FindMember(object, name);
  return member ? AsString(*member) : std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<FetchUrl>> MetadataUrls(const FetchUrl& provider,
                                                   PlainHttp plain_http) {
  if (!provider.query().empty()) {
    return absl::InvalidArgumentError(
        "a provider's URL has no query; name the JWK Set's URL instead");
  }
  const absl::string_view path = absl::StripSuffix(provider.path(), "/");
  const std::string text = provider.text();
  const absl::string_view origin = absl::StripSuffix(text, provider.path());
  std::vector<FetchUrl> urls;
  for (const std::string& place :
       {absl::StrCat(path, "/.well-known/openid-configuration"),
        absl::StrCat("/.well-known/oauth-authorization-server", path)}) {
    absl::StatusOr<FetchUrl> url =
        FetchUrl::Parse(absl::StrCat(origin, place), plain_http);
    if (!url.ok()) return url.status();
    urls.push_back(*std::move(url));
  }
  return urls;
}

absl::StatusOr<FetchUrl> ParseJwksUrl(absl::string_view metadata,
                                      absl::string_view issuer,
                                      UrlScheme found_by,
                                      PlainHttp plain_http) {
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseObject(metadata);
  if (!document.ok()) return document.status();
  if (FindString(document->object(), "issuer") != issuer) {
    return absl::InvalidArgumentError(
        "the metadata is about another issuer than the configured one");
  }
  const std::optional<absl::string_view> text =
      FindString(document->object(), "jwks_uri");
  if (!text) {
    return absl::InvalidArgumentError("the metadata has no jwks_uri");
  }
  absl::StatusOr<FetchUrl> url = FetchUrl::Parse(*text, plain_http);
  if (!url.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("jwks_uri: ", url.status().message()));
  }
  if (found_by == UrlScheme::kHttps && url->scheme() != UrlScheme::kHttps) {
    return absl::InvalidArgumentError("jwks_uri: is not https");
  }
  return url;
}

}  // namespace signet
