#ifndef SIGNET_SERVICE_LISTEN_LISTENING_SOCKETS_H_
#define SIGNET_SERVICE_LISTEN_LISTENING_SOCKETS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/listen/socket_descriptor.h"
#include "service/listen_address.h"

namespace signet {

// ListeningSockets are the sockets of an address: one, or one for each of the
// addresses of a host name. Nobody else listens there while they are open.
class ListeningSockets {
 public:
  // Open returns FailedPrecondition, if not even one can be had, or somebody
  // else has one of them. A Unix socket that nobody listens on any more is
  // replaced.
  static absl::StatusOr<ListeningSockets> Open(const ListenAddress& address);

  ListeningSockets(ListeningSockets&& other) noexcept = default;
  ListeningSockets& operator=(ListeningSockets&& other) = delete;
  // Removes the Unix socket from its folder, unless somebody replaced it.
  ~ListeningSockets();

  // port is the one that is listened on, also if the system chose it; 0 for a
  // Unix socket.
  int port() const { return port_; }

  // sockets do not block.
  const std::vector<SocketDescriptor>& sockets() const { return sockets_; }

 private:
  // A Unix socket in its folder.
  struct UnixFile {
    std::string path;
    dev_t device;
    ino_t inode;
  };

  ListeningSockets() = default;

  absl::Status OpenUnix(const std::string& path);
  absl::Status OpenTcp(const std::string& host, int port);

  std::vector<SocketDescriptor> sockets_;
  std::vector<UnixFile> files_;  // At most one.
  int port_ = 0;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_LISTENING_SOCKETS_H_
