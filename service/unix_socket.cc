#include "service/unix_socket.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace signet {

bool IsServedUnixSocket(const ListenAddress& address) {
  absl::string_view path = address.text();
  if (!absl::ConsumePrefix(&path, "unix:")) return false;
  sockaddr_un socket_address = {};
  socket_address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(socket_address.sun_path)) return false;
  path.copy(socket_address.sun_path, path.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  return connect(descriptor, reinterpret_cast<const sockaddr*>(&socket_address),
                 sizeof(socket_address)) == 0;
}

}  // namespace signet
