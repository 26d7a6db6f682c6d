#include "fetch/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace signet {
namespace {

constexpr size_t kIpv4Bytes = 4;

// The first `length` bits of addresses that belong together.
struct Block {
  std::array<uint8_t, 12> prefix;
  size_t length;
};

// RFC 6890, with what the registry of special-purpose addresses has since.
constexpr Block kIpv4NotPublic[] = {
    {{0}, 8},              // "This network".
    {{10}, 8},             // Private.
    {{100, 64}, 10},       // Shared by a provider's customers (RFC 6598).
    {{127}, 8},            // Loopback.
    {{169, 254}, 16},      // Link-local; clouds keep their secrets here.
    {{172, 16}, 12},       // Private.
    {{192, 0, 0}, 24},     // Protocol assignments.
    {{192, 0, 2}, 24},     // Documentation.
    {{192, 88, 99}, 24},   // Relays from 6to4.
    {{192, 168}, 16},      // Private.
    {{198, 18}, 15},       // Benchmarks.
    {{198, 51, 100}, 24},  // Documentation.
    {{203, 0, 113}, 24},   // Documentation.
    {{224}, 3},            // Multicast, reserved, broadcast.
};

// Of the rest of IPv6, nothing is public: unspecified, loopback, unique local
// (RFC 4193), link-local, multicast.
constexpr Block kIpv6Global = {{0x20}, 3};
constexpr Block kIpv6NotPublic[] = {
    {{0x20, 0x01, 0x00}, 23},        // Protocols; Teredo.
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // Documentation.
    {{0x3f, 0xff, 0x00}, 20},        // Documentation.
};

constexpr Block kMapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Block kNat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};
constexpr Block k6to4 = {{0x20, 0x02}, 16};
constexpr size_t k6to4Offset = 2;
constexpr size_t kLastIpv4Offset = 12;

}  // namespace

std::optional<IpAddress> IpAddress::Parse(absl::string_view text) {
  const std::string terminated(text);
  // It would end there for inet_pton.
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  Bytes bytes = {};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
    return IpAddress(IpFamily::kIpv4, bytes);
  }
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) {
    return IpAddress(IpFamily::kIpv6, bytes);
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::FromSocketAddress(const sockaddr& address,
                                                      socklen_t length) {
  Bytes bytes = {};
  if (address.sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, &address, sizeof(ipv4));
    std::memcpy(bytes.data(), &ipv4.sin_addr, sizeof(ipv4.sin_addr));
    return IpAddress(IpFamily::kIpv4, bytes);
  }
  if (address.sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 ipv6;
    std::memcpy(&ipv6, &address, sizeof(ipv6));
    std::memcpy(bytes.data(), &ipv6.sin6_addr, sizeof(ipv6.sin6_addr));
    return IpAddress(IpFamily::kIpv6, bytes);
  }
  return std::nullopt;
}

bool IpAddress::IsLoopback() const {
  if (const std::optional<IpAddress> embedded = Embedded()) {
    return StartsWith(kMapped.prefix, kMapped.length) && embedded->IsLoopback();
  }
  if (family_ == IpFamily::kIpv4) return bytes_[0] == 127;
  return IN6_IS_ADDR_LOOPBACK(bytes_.data());
}

bool IpAddress::IsPublic() const {
  const auto contains_this = [this](const Block& block) {
    return StartsWith(block.prefix, block.length);
  };
  if (const std::optional<IpAddress> embedded = Embedded()) {
    return embedded->IsPublic();
  }
  if (family_ == IpFamily::kIpv4) {
    return std::none_of(std::begin(kIpv4NotPublic), std::end(kIpv4NotPublic),
                        contains_this);
  }
  return contains_this(kIpv6Global) &&
         std::none_of(std::begin(kIpv6NotPublic), std::end(kIpv6NotPublic),
                      contains_this);
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text;
  return inet_ntop(family_ == IpFamily::kIpv4 ? AF_INET : AF_INET6,
                   bytes_.data(), text.data(), text.size());
}

std::optional<IpAddress> IpAddress::Embedded() const {
  if (family_ == IpFamily::kIpv4) return std::nullopt;
  if (StartsWith(kMapped.prefix, kMapped.length) ||
      StartsWith(kNat64.prefix, kNat64.length)) {
    return Ipv4At(kLastIpv4Offset);
  }
  if (StartsWith(k6to4.prefix, k6to4.length)) return Ipv4At(k6to4Offset);
  return std::nullopt;
}

IpAddress IpAddress::Ipv4At(size_t offset) const {
  Bytes bytes = {};
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), kIpv4Bytes,
              bytes.begin());
  return {IpFamily::kIpv4, bytes};
}

bool IpAddress::StartsWith(absl::Span<const uint8_t> prefix,
                           size_t length) const {
  const size_t whole = length / 8;
  if (!std::equal(prefix.begin(), prefix.begin() + whole, bytes_.begin())) {
    return false;
  }
  const size_t rest = length % 8;
  if (rest == 0) return true;
  const unsigned different =
      static_cast<unsigned>(prefix[whole]) ^ bytes_[whole];
  return different >> (8 - rest) == 0;
}

}  // namespace signet
