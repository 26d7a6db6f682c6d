#include "service/listen/listening_sockets.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// How often the system chooses a port, until it is free on all addresses.
constexpr int kPortChoices = 16;

// What the system could not do. NotFound, if this machine has no such address,
// as where IPv6 is switched off but has names.
absl::Status Failed(int error) {
  const bool is_elsewhere = error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
  return {is_elsewhere ? absl::StatusCode::kNotFound
                       : absl::StatusCode::kFailedPrecondition,
          std::strerror(error)};
}

sockaddr_un UnixAddress(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  return address;
}

// Whether there is a Unix socket that nobody listens on.
bool IsAbandoned(const std::string& path, const sockaddr_un& address) {
  struct stat file = {};
  // Other files refuse connections, too.
  if (lstat(path.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  const SocketDescriptor prober(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return prober.number() >= 0 &&
         connect(prober.number(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) != 0 &&
         errno == ECONNREFUSED;
}

// Listens on the address, of `length` bytes.
absl::StatusOr<SocketDescriptor> ListenOn(const sockaddr& address,
                                          socklen_t length) {
  SocketDescriptor listener(
      socket(address.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (listener.number() < 0) return Failed(errno);
  constexpr int kYes = 1;
  if (address.sa_family != AF_UNIX &&
      setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &kYes,
                 sizeof(kYes)) != 0) {
    return Failed(errno);
  }
  if (bind(listener.number(), &address, length) != 0 ||
      listen(listener.number(), SOMAXCONN) != 0) {
    return Failed(errno);
  }
  return listener;
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::StatusOr<Addresses> Resolve(const std::string& host) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) return absl::FailedPreconditionError(gai_strerror(error));
  return Addresses(found, freeaddrinfo);
}

// Where the port is in an address of either family.
in_port_t& PortOf(sockaddr& address) {
  return address.sa_family == AF_INET6
             ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
             : reinterpret_cast<sockaddr_in&>(address).sin_port;
}

int PortOf(const SocketDescriptor& socket) {
  sockaddr_storage address = {};
  socklen_t length = sizeof(address);
  getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(PortOf(reinterpret_cast<sockaddr&>(address)));
}

// Listens on all addresses, with the same port.
absl::StatusOr<std::vector<SocketDescriptor>> ListenOnAll(addrinfo* addresses,
                                                          int port) {
  std::vector<SocketDescriptor> sockets;
  absl::Status failure = absl::FailedPreconditionError("has no address");
  for (addrinfo* entry = addresses; entry; entry = entry->ai_next) {
    PortOf(*entry->ai_addr) = htons(static_cast<in_port_t>(port));
    absl::StatusOr<SocketDescriptor> socket =
        ListenOn(*entry->ai_addr, entry->ai_addrlen);
    if (socket.ok()) {
      port = PortOf(*socket);
      sockets.push_back(*std::move(socket));
      continue;
    }
    if (!absl::IsNotFound(socket.status())) return socket.status();
    failure = socket.status();
  }
  if (sockets.empty()) return failure;
  return sockets;
}

}  // namespace

absl::StatusOr<ListeningSockets> ListeningSockets::Open(
    const ListenAddress& address) {
  ListeningSockets sockets;
  const absl::Status opened =
      address.is_unix_socket()
          ? sockets.OpenUnix(address.unix_path())
          : sockets.OpenTcp(address.host(), address.port());
  if (opened.ok()) return sockets;
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", address.text(), " (", opened.message(),
                   "); is the address this machine's, and is it free?"));
}

ListeningSockets::~ListeningSockets() {
  if (sockets_.empty()) return;  // Moved away.
  for (const UnixFile& file : files_) {
    struct stat now = {};
    const bool is_ours = lstat(file.path.c_str(), &now) == 0 &&
                         now.st_dev == file.device && now.st_ino == file.inode;
    if (is_ours) unlink(file.path.c_str());
  }
}

absl::Status ListeningSockets::OpenUnix(const std::string& path) {
  const sockaddr_un address = UnixAddress(path);
  if (IsAbandoned(path, address)) unlink(path.c_str());
  absl::StatusOr<SocketDescriptor> socket =
      ListenOn(reinterpret_cast<const sockaddr&>(address), sizeof(address));
  if (!socket.ok()) return socket.status();
  struct stat file = {};
  if (lstat(path.c_str(), &file) != 0) return Failed(errno);
  files_.push_back({path, file.st_dev, file.st_ino});
  sockets_.push_back(*std::move(socket));
  return absl::OkStatus();
}

absl::Status ListeningSockets::OpenTcp(const std::string& host, int port) {
  const absl::StatusOr<Addresses> addresses = Resolve(host);
  if (!addresses.ok()) return addresses.status();
  absl::Status status;
  for (int i = 0; i < (port == 0 ? kPortChoices : 1); ++i) {
    absl::StatusOr<std::vector<SocketDescriptor>> sockets =
        ListenOnAll(addresses->get(), port);
    status = sockets.status();
    if (!sockets.ok()) continue;
    sockets_ = *std::move(sockets);
    port_ = PortOf(sockets_.front());
    break;
  }
  return status;
}

}  // namespace signet
