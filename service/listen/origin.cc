#include "service/listen/origin.h"

#include <netinet/in.h>

#include <cstring>

namespace signet {

Origin Origin::OfSocket(int descriptor, const sockaddr_storage& peer) {
  Bytes bytes = {};
  if (peer.ss_family == AF_INET) {
    sockaddr_in address;
    std::memcpy(&address, &peer, sizeof(address));
    std::memcpy(bytes.data(), &address.sin_addr, sizeof(address.sin_addr));
    return {Kind::kIpv4, bytes};
  }
  if (peer.ss_family == AF_INET6) {
    sockaddr_in6 address;
    std::memcpy(&address, &peer, sizeof(address));
    if (IN6_IS_ADDR_V4MAPPED(&address.sin6_addr)) {
      constexpr size_t kPrefixBytes = 12;
      std::memcpy(bytes.data(), &address.sin6_addr.s6_addr[kPrefixBytes],
                  sizeof(in_addr));
      return {Kind::kIpv4, bytes};
    }
    std::memcpy(bytes.data(), &address.sin6_addr, bytes.size());
    return {Kind::kIpv6, bytes};
  }
  ucred user = {};
  socklen_t size = sizeof(user);
  if (peer.ss_family != AF_UNIX ||
      getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &user, &size) != 0) {
    return {Kind::kUnknown, bytes};
  }
  std::memcpy(bytes.data(), &user.uid, sizeof(user.uid));
  return {Kind::kUser, bytes};
}

std::optional<uid_t> Origin::uid() const {
  if (kind_ != Kind::kUser) return std::nullopt;
  uid_t uid = 0;
  std::memcpy(&uid, bytes_.data(), sizeof(uid));
  return uid;
}

}  // namespace signet
