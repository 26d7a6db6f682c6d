#include "fetch/cache_lifetime.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "fetch/http_date.h"

namespace signet {
namespace {

// A number of seconds (RFC 9111 section 1.2.2), bounded by what is of use.
std::optional<absl::Duration> ParseDeltaSeconds(absl::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isdigit(c);
      })) {
    return std::nullopt;
  }
  int64_t seconds = 0;
  // What does not fit is long enough.
  if (!absl::SimpleAtoi(text, &seconds)) return kLongestLifetime;
  return std::min(absl::Seconds(seconds), kLongestLifetime);
}

// Splits at commas outside of quoted strings (RFC 9110 section 5.6.4).
std::vector<absl::string_view> SplitDirectives(absl::string_view text) {
  std::vector<absl::string_view> directives;
  size_t begin = 0;
  bool quoted = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      quoted = !quoted;
    } else if (quoted && text[at] == '\\') {
      ++at;
    } else if (!quoted && text[at] == ',') {
      directives.push_back(text.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  directives.push_back(text.substr(begin));
  return directives;
}

// What Cache-Control says; nullopt if nothing about the time.
std::optional<absl::Duration> ControlledLifetime(absl::string_view control) {
  std::optional<absl::Duration> lifetime;
  for (absl::string_view directive : SplitDirectives(control)) {
    const size_t equals = std::min(directive.find('='), directive.size());
    const absl::string_view name =
        absl::StripAsciiWhitespace(directive.substr(0, equals));
    absl::string_view value =
        absl::StripAsciiWhitespace(directive.substr(equals));
    if (absl::EqualsIgnoreCase(name, "no-store") ||
        absl::EqualsIgnoreCase(name, "no-cache")) {
      return absl::ZeroDuration();
    }
    if (!absl::EqualsIgnoreCase(name, "max-age")) continue;
    absl::ConsumePrefix(&value, "=");
    if (absl::ConsumePrefix(&value, "\"")) absl::ConsumeSuffix(&value, "\"");
    const absl::Duration max_age =
        ParseDeltaSeconds(value).value_or(absl::ZeroDuration());
    lifetime = std::min(lifetime.value_or(max_age), max_age);
  }
  return lifetime;
}

absl::Duration LifetimeUntil(const CacheHeaders& headers, absl::Time received) {
  const std::optional<absl::Time> expires = ParseHttpDate(headers.expires);
  // "0" is a usual way to say that it has expired.
  if (!expires) return absl::ZeroDuration();
  return *expires - ParseHttpDate(headers.date).value_or(received);
}

}  // namespace

std::optional<absl::Duration> CacheLifetime(const CacheHeaders& headers,
                                            absl::Time received) {
  std::optional<absl::Duration> lifetime =
      ControlledLifetime(headers.cache_control);
  if (!lifetime && !headers.expires.empty()) {
    lifetime = LifetimeUntil(headers, received);
  }
  if (!lifetime) return std::nullopt;
  absl::Duration age = absl::ZeroDuration();
  if (!headers.age.empty()) {
    age = ParseDeltaSeconds(headers.age).value_or(absl::ZeroDuration());
  }
  return std::clamp(*lifetime - age, absl::ZeroDuration(), kLongestLifetime);
}

}  // namespace signet
