#include "fetch/fetch_url.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fetch/host_name.h"
#include "fetch/ip_address.h"

namespace signet {
namespace {

constexpr int kMaxPort = 65535;
constexpr size_t kMaxPortDigits = 5;

int DefaultPort(UrlScheme scheme) {
  switch (scheme) {
    case UrlScheme::kHttp:
      return 80;
    case UrlScheme::kHttps:
      return 443;
  }
  __builtin_unreachable();
}

absl::string_view Prefix(UrlScheme scheme) {
  switch (scheme) {
    case UrlScheme::kHttp:
      return "http://";
    case UrlScheme::kHttps:
      return "https://";
  }
  __builtin_unreachable();
}

// The characters of paths and queries (RFC 3986 section 3.3 and 3.4), "%" and
// what separates them.
bool IsUrlCharacter(char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("-._~!$&'()*+,;=:@/?%", c);
}

bool EveryPercentIsEscape(absl::string_view text) {
  for (size_t at = text.find('%'); at != absl::string_view::npos;
       at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || !absl::ascii_isxdigit(text[at + 1]) ||
        !absl::ascii_isxdigit(text[at + 2])) {
      return false;
    }
  }
  return true;
}

bool ConsumePrefixIgnoreCase(absl::string_view& text,
                             absl::string_view prefix) {
  if (!absl::StartsWithIgnoreCase(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<int> ParsePort(absl::string_view text) {
  const bool is_number = !text.empty() && text.size() <= kMaxPortDigits &&
                         std::all_of(text.begin(), text.end(), [](char c) {
                           return absl::ascii_isdigit(c);
                         });
  int port = 0;
  if (!is_number || !absl::SimpleAtoi(text, &port) || port == 0 ||
      port > kMaxPort) {
    return std::nullopt;
  }
  return port;
}

bool NamesThisMachine(const std::string& host) {
  const std::optional<IpAddress> address = IpAddress::Parse(host);
  return address ? address->IsLoopback() : host == "localhost";
}

// Whether it begins with a scheme (RFC 3986 section 3.1) rather than a path.
bool IsAbsolute(absl::string_view reference) {
  const size_t end = reference.find_first_of(":/?#");
  return end != absl::string_view::npos && reference[end] == ':';
}

}  // namespace

absl::StatusOr<FetchUrl> FetchUrl::Parse(absl::string_view url,
                                         PlainHttp plain_http) {
  if (url.size() > kMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the URL is longer than ", kMaxBytes, " bytes"));
  }
  FetchUrl parsed;
  if (ConsumePrefixIgnoreCase(url, Prefix(UrlScheme::kHttp))) {
    parsed.scheme_ = UrlScheme::kHttp;
  } else if (!ConsumePrefixIgnoreCase(url, Prefix(UrlScheme::kHttps))) {
    return absl::InvalidArgumentError(
        "the URL begins with neither https:// nor http://");
  }
  if (absl::StrContains(url, '#')) {
    return absl::InvalidArgumentError("the URL has a fragment (\"#\")");
  }
  const size_t authority_end = std::min(url.find_first_of("/?"), url.size());
  absl::Status done = parsed.ParseAuthority(url.substr(0, authority_end));
  done.Update(parsed.ParsePathAndQuery(url.substr(authority_end)));
  if (!done.ok()) return done;
  if (parsed.scheme_ == UrlScheme::kHttp &&
      plain_http == PlainHttp::kToLoopbackOnly &&
      !NamesThisMachine(parsed.host_)) {
    return absl::InvalidArgumentError(
        "http without TLS leads to another machine; use https, or allow it");
  }
  return parsed;
}

absl::Status FetchUrl::ParseAuthority(absl::string_view authority) {
  if (absl::StrContains(authority, '@')) {
    return absl::InvalidArgumentError(
        "the URL has user information (\"@\"), which is never sent");
  }
  const size_t colon = authority.rfind(':');
  const bool has_port = colon != absl::string_view::npos &&
                        authority.find(']', colon) == absl::string_view::npos;
  const std::optional<int> port =
      has_port ? ParsePort(authority.substr(colon + 1)) : DefaultPort(scheme_);
  if (!port) {
    return absl::InvalidArgumentError(
        "the port of the URL is not from 1 to 65535");
  }
  port_ = *port;
  return ParseHost(has_port ? authority.substr(0, colon) : authority);
}

absl::Status FetchUrl::ParseHost(absl::string_view host) {
  const bool has_brackets =
      absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  const std::optional<IpAddress> address = IpAddress::Parse(host);
  const IpFamily expected = has_brackets ? IpFamily::kIpv6 : IpFamily::kIpv4;
  if (address && address->family() == expected) {
    host_ = address->text();
    return absl::OkStatus();
  }
  if (host.empty() || has_brackets || address || !IsHostName(host)) {
    return absl::InvalidArgumentError(
        "the host of the URL is neither a name in ASCII, nor an IPv4 address, "
        "nor an IPv6 address in brackets");
  }
  host_ = absl::AsciiStrToLower(host);
  return absl::OkStatus();
}

absl::Status FetchUrl::ParsePathAndQuery(absl::string_view text) {
  if (!std::all_of(text.begin(), text.end(), IsUrlCharacter) ||
      !EveryPercentIsEscape(text)) {
    return absl::InvalidArgumentError(
        "the URL has a character that must be percent-encoded");
  }
  const size_t path_end = std::min(text.find('?'), text.size());
  path_ = path_end == 0 ? "/" : std::string(text.substr(0, path_end));
  query_ = std::string(text.substr(path_end));
  return absl::OkStatus();
}

absl::StatusOr<FetchUrl> FetchUrl::Resolve(absl::string_view reference) const {
  std::string absolute;
  if (IsAbsolute(reference)) {
    absolute = std::string(reference);
  } else if (absl::StartsWith(reference, "//")) {
    absolute = absl::StrCat(Prefix(scheme_), reference.substr(2));
  } else if (absl::StartsWith(reference, "/")) {
    absolute = absl::StrCat(origin(), reference);
  } else if (reference.empty() || reference.front() == '?') {
    absolute = absl::StrCat(origin(), path_, reference);
  } else {
    absolute = absl::StrCat(origin(), path_.substr(0, path_.rfind('/') + 1),
                            reference);
  }
  absl::StatusOr<FetchUrl> resolved = Parse(absolute, PlainHttp::kAllowed);
  if (!resolved.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "leads to what may not be fetched: ", resolved.status().message()));
  }
  if (resolved->origin() != origin()) {
    return absl::FailedPreconditionError(
        "leads to another scheme, host or port");
  }
  return resolved;
}

std::string FetchUrl::Authority() const {
  return absl::StrContains(host_, ':') ? absl::StrCat("[", host_, "]") : host_;
}

std::string FetchUrl::origin() const {
  return absl::StrCat(Prefix(scheme_), Authority(), ":", port_);
}

std::string FetchUrl::TextForLog() const {
  return absl::StrCat(port_ == DefaultPort(scheme_)
                          ? absl::StrCat(Prefix(scheme_), Authority())
                          : origin(),
                      path_);
}

std::string FetchUrl::text() const {
  return absl::StrCat(TextForLog(), query_);
}

absl::Status AtUrl(const FetchUrl& url, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(url.TextForLog(), ": ", status.message()));
}

}  // namespace signet
