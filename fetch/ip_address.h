#ifndef SIGNET_FETCH_IP_ADDRESS_H_
#define SIGNET_FETCH_IP_ADDRESS_H_

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace signet {

enum class IpFamily { kIpv4, kIpv6 };

// IpAddress is an IPv4 or IPv6 address, without a port or zone.
class IpAddress {
 public:
  // Parse reads "192.0.2.1" or "2001:db8::1": the spellings of inet_pton, which
  // knows none of the old ones ("127.1"). nullopt for anything else.
  static std::optional<IpAddress> Parse(absl::string_view text);

  // FromSocketAddress reads an address of `length` bytes; nullopt if it belongs
  // to another family or is too short.
  static std::optional<IpAddress> FromSocketAddress(const sockaddr& address,
                                                    socklen_t length);

  IpFamily family() const { return family_; }

  // IsLoopback reports whether it is in 127.0.0.0/8, also mapped into IPv6, or
  // ::1.
  bool IsLoopback() const;

  // IsPublic reports whether hosts of the internet at large have such
  // addresses: neither private (RFC 1918, RFC 4193, RFC 6598), loopback,
  // link-local, unspecified or multicast, nor otherwise set apart (RFC 6890).
  // An address that stands for an IPv4 address (mapped, NAT64, 6to4) is as
  // public as that.
  bool IsPublic() const;

  // text is the canonical form (RFC 5952).
  std::string text() const;

 private:
  using Bytes = std::array<uint8_t, 16>;

  IpAddress(IpFamily family, const Bytes& bytes)
      : family_(family), bytes_(bytes) {}

  // The IPv4 address that begins at this byte.
  IpAddress Ipv4At(size_t offset) const;
  // Whether it begins with `length` bits of `prefix`.
  bool StartsWith(absl::Span<const uint8_t> prefix, size_t length) const;
  // The IPv4 address that this IPv6 address stands for, if it does.
  std::optional<IpAddress> Embedded() const;

  IpFamily family_;
  // Of an IPv4 address, the first four.
  Bytes bytes_;
};

}  // namespace signet

#endif  // SIGNET_FETCH_IP_ADDRESS_H_
