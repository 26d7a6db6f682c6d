#include "service/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/yaml/error_text.h"

namespace signet {
namespace {

constexpr absl::string_view kUnixPrefix = "unix:";
constexpr uint8_t kIpv4LoopbackNet = 127;
constexpr size_t kMappedIpv4Offset = 12;
constexpr int kMaxPort = 65535;
constexpr size_t kMaxPortDigits = 5;
// The socket's path is stored with a NUL behind it.
constexpr size_t kMaxUnixPathBytes = sizeof(sockaddr_un{}.sun_path) - 1;
// RFC 1035 section 2.3.4.
constexpr size_t kMaxLabelBytes = 63;
constexpr size_t kMaxNameBytes = 253;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(c); });
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelBytes &&
         label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

// Resolvers read what ends in a number as an IPv4 address in one of its old
// spellings: "127.1", "0x7f.1", "017700000001".
bool IsNumber(absl::string_view label) {
  const auto is_hex_digit = [](char c) { return absl::ascii_isxdigit(c); };
  if (absl::StartsWithIgnoreCase(label, "0x")) {
    return std::all_of(label.begin() + 2, label.end(), is_hex_digit);
  }
  return AllDigits(label);
}

bool IsHostName(absl::string_view host) {
  if (host.size() > kMaxNameBytes) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  return std::all_of(labels.begin(), labels.end(), IsLabel) &&
         !IsNumber(labels.back());
}

bool IsLoopback(const in6_addr& address) {
  return IN6_IS_ADDR_LOOPBACK(&address) ||
         (IN6_IS_ADDR_V4MAPPED(&address) &&
          address.s6_addr[kMappedIpv4Offset] == kIpv4LoopbackNet);
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
  in6_addr address;
  std::array<char, INET6_ADDRSTRLEN> canonical;
  if (inet_pton(AF_INET6, std::string(host).c_str(), &address) != 1 ||
      inet_ntop(AF_INET6, &address, canonical.data(), canonical.size()) ==
          nullptr) {
    return absl::InvalidArgumentError("the host is not an IPv6 address");
  }
  return ListenAddress(
      absl::StrCat("[", canonical.data(), "]:", port),
      IsLoopback(address) ? Reach::kThisMachine : Reach::kNetwork);
}

absl::StatusOr<ListenAddress> ListenAddress::ParseIpv4OrName(
    absl::string_view host, int port) {
  if (host.empty()) return absl::InvalidArgumentError("the host is missing");
  if (absl::StrContains(host, ':')) {
    return absl::InvalidArgumentError("an IPv6 address needs brackets");
  }
  const std::string target = absl::StrCat(host, ":", port);
  in_addr address;
  if (inet_pton(AF_INET, std::string(host).c_str(), &address) == 1) {
    const bool is_loopback = ntohl(address.s_addr) >> 24U == kIpv4LoopbackNet;
    return ListenAddress(target,
                         is_loopback ? Reach::kThisMachine : Reach::kNetwork);
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
