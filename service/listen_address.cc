#include "service/listen_address.h"

#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "fetch/host_name.h"
#include "fetch/ip_address.h"
#include "service/yaml/error_text.h"

namespace signet {
namespace {

constexpr absl::string_view kUnixPrefix = "unix:";
constexpr int kMaxPort = 65535;
constexpr size_t kMaxPortDigits = 5;
// The socket's path is stored with a NUL behind it.
constexpr size_t kMaxUnixPathBytes = sizeof(sockaddr_un{}.sun_path) - 1;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(c); });
}

absl::StatusOr<int> ParsePort(absl::string_view text) {
  int port = 0;
  if (text.empty() || text.size() > kMaxPortDigits || !AllDigits(text) ||
      !absl::SimpleAtoi(text, &port) || port > kMaxPort) {
    return absl::InvalidArgumentError("the port is not from 0 to 65535");
  }
  return port;
}

}  // namespace

absl::StatusOr<ListenAddress> ListenAddress::Parse(absl::string_view text) {
  absl::StatusOr<ListenAddress> address = ParseUnquoted(text);
  if (address.ok()) return address;
  return absl::InvalidArgumentError(
      absl::StrCat(QuoteForError(text), ": ", address.status().message(),
                   "; expected HOST:PORT, [IPV6]:PORT or unix:PATH"));
}

bool ListenAddress::is_unix_socket() const {
  return absl::StartsWith(text_, kUnixPrefix);
}

std::string ListenAddress::ToGrpcTarget() const {
  if (!is_unix_socket()) return text_;
  // gRPC reads it as a URI, in which these have a meaning of their own.
  return absl::StrReplaceAll(text_, {{"%", "%25"}, {"?", "%3F"}, {"#", "%23"}});
}

std::string ListenAddress::TextWith(int port) const {
  if (is_unix_socket()) return text_;
  return absl::StrCat(text_.substr(0, text_.rfind(':') + 1), port);
}

std::string ListenAddress::host() const {
  absl::string_view host = absl::string_view(text_).substr(0, text_.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) host.remove_suffix(1);
  return std::string(host);
}

int ListenAddress::port() const {
  return *ParsePort(absl::string_view(text_).substr(text_.rfind(':') + 1));
}

std::string ListenAddress::unix_path() const {
  return text_.substr(kUnixPrefix.size());
}

absl::StatusOr<ListenAddress> ListenAddress::ParseUnquoted(
    absl::string_view text) {
  // It would end the text for the system's own functions.
  if (absl::StrContains(text, '\0')) {
    return absl::InvalidArgumentError("there is a NUL in it");
  }
  if (absl::ConsumePrefix(&text, kUnixPrefix)) return ParseUnix(text);
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError("the port is missing");
  }
  const absl::StatusOr<int> port = ParsePort(text.substr(colon + 1));
  if (!port.ok()) return port.status();
  absl::string_view host = text.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]")) {
    return ParseIpv6(host, *port);
  }
  return ParseIpv4OrName(text.substr(0, colon), *port);
}

absl::StatusOr<ListenAddress> ListenAddress::ParseUnix(absl::string_view path) {
  if (path.empty()) return absl::InvalidArgumentError("the path is missing");
  if (path.size() > kMaxUnixPathBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the path is longer than ", kMaxUnixPathBytes, " bytes"));
  }
  return ListenAddress(absl::StrCat(kUnixPrefix, path), Reach::kThisMachine);
}

absl::StatusOr<ListenAddress> ListenAddress::ParseIpv6(absl::string_view host,
                                                       int port) {
  const std::optional<IpAddress> address = IpAddress::Parse(host);
  if (!address || address->family() != IpFamily::kIpv6) {
    return absl::InvalidArgumentError("the host is not an IPv6 address");
  }
  return ListenAddress(
      absl::StrCat("[", address->text(), "]:", port),
      address->IsLoopback() ? Reach::kThisMachine : Reach::kNetwork);
}

absl::StatusOr<ListenAddress> ListenAddress::ParseIpv4OrName(
    absl::string_view host, int port) {
  if (host.empty()) return absl::InvalidArgumentError("the host is missing");
  if (absl::StrContains(host, ':')) {
    return absl::InvalidArgumentError("an IPv6 address needs brackets");
  }
  const std::string target = absl::StrCat(host, ":", port);
  if (const std::optional<IpAddress> address = IpAddress::Parse(host)) {
    return ListenAddress(
        target, address->IsLoopback() ? Reach::kThisMachine : Reach::kNetwork);
  }
  if (!IsHostName(host)) {
    return absl::InvalidArgumentError(
        "the host is neither an IPv4 address nor a host name");
  }
  return ListenAddress(target, absl::EqualsIgnoreCase(host, "localhost")
                                   ? Reach::kThisMachine
                                   : Reach::kNetwork);
}

}  // namespace signet
