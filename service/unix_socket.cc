#include "service/unix_socket.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace signet {

bool IsServedUnixSocket(absl::string_view grpc_target) {
  if (!absl::ConsumePrefix(&grpc_target, "unix:")) return false;
  // Targets are percent-encoded; ListenAddress encodes nothing else.
  const std::string path = absl::StrReplaceAll(grpc_target, {{"%25", "%"}});
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return false;
  path.copy(address.sun_path, path.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  return connect(descriptor, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) == 0;
}

}  // namespace signet
