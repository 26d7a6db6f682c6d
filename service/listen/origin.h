#ifndef SIGNET_SERVICE_LISTEN_ORIGIN_H_
#define SIGNET_SERVICE_LISTEN_ORIGIN_H_

#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace signet {

// Origin is where a connection comes from, as far as hosts share a fate: an
// IPv4 address; the first 64 bits of an IPv6 address, for a host has all that
// follow to itself; or a user of this machine.
class Origin {
 public:
  // OfSocket returns that of a connected TCP or Unix socket, whose peer has the
  // address `peer`. An IPv4 address that is mapped into IPv6 is itself.
  static Origin OfSocket(int descriptor, const sockaddr_storage& peer);

  // uid is the user, of a Unix socket; if the system does not know one, there
  // is none.
  std::optional<uid_t> uid() const;

  friend bool operator==(const Origin& a, const Origin& b) {
    return a.kind_ == b.kind_ && a.bytes_ == b.bytes_;
  }
  template <typename Hash>
  friend Hash AbslHashValue(Hash hash, const Origin& origin) {
    return Hash::combine(std::move(hash), origin.kind_, origin.bytes_);
  }

 private:
  enum class Kind { kUnknown, kIpv4, kIpv6, kUser };
  using Bytes = std::array<uint8_t, 8>;

  Origin(Kind kind, const Bytes& bytes) : kind_(kind), bytes_(bytes) {}

  Kind kind_;
  // Of an IPv4 address and a user, the first four.
  Bytes bytes_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_ORIGIN_H_
