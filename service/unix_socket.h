#ifndef SIGNET_SERVICE_UNIX_SOCKET_H_
#define SIGNET_SERVICE_UNIX_SOCKET_H_

#include "absl/strings/string_view.h"

namespace signet {

// IsServedUnixSocket reports whether `grpc_target` is a Unix domain socket
// that a process listens on. gRPC would take it over without asking, and
// remove it in the end.
bool IsServedUnixSocket(absl::string_view grpc_target);

}  // namespace signet

#endif  // SIGNET_SERVICE_UNIX_SOCKET_H_
