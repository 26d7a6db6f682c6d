#include "service/http/issuer_location.h"

#include <algorithm>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace signet {
namespace {

bool IsHost(absl::string_view host) {
  return !host.empty() && absl::c_all_of(host, [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("-.:[]_", c);
  });
}

// RFC 3986 section 3.3: pchar.
bool IsSegment(absl::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." &&
         absl::c_all_of(segment, [](char c) {
           return absl::ascii_isalnum(c) ||
                  absl::StrContains("-._~!$&'()*+,;=:@%", c);
         });
}

}  // namespace

std::string NormalHost(absl::string_view host) {
  if (!absl::ConsumeSuffix(&host, ":443")) absl::ConsumeSuffix(&host, ":80");
  return absl::AsciiStrToLower(host);
}

std::optional<IssuerLocation> LocateIssuer(absl::string_view issuer) {
  absl::string_view rest = issuer;
  if (!absl::ConsumePrefix(&rest, "https://") &&
      !absl::ConsumePrefix(&rest, "http://")) {
    return std::nullopt;
  }
  const size_t slash = std::min(rest.find('/'), rest.size());
  const absl::string_view host = rest.substr(0, slash);
  if (!IsHost(host)) return std::nullopt;
  absl::string_view path = rest.substr(slash);
  // OpenID Connect Discovery section 4.1: documents stand behind the name
  // without its last slash.
  absl::ConsumeSuffix(&path, "/");
  if (!path.empty() &&
      !absl::c_all_of(absl::StrSplit(path.substr(1), '/'), IsSegment)) {
    return std::nullopt;
  }
  const size_t origin_size = issuer.size() - rest.size() + slash;
  return IssuerLocation{std::string(issuer.substr(0, origin_size)),
                        NormalHost(host), std::string(path)};
}

}  // namespace signet
