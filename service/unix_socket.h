#ifndef SIGNET_SERVICE_UNIX_SOCKET_H_
#define SIGNET_SERVICE_UNIX_SOCKET_H_

#include "service/listen_address.h"

namespace signet {

// IsServedUnixSocket reports whether `address` is a Unix domain socket that a
// process listens on. gRPC would take it over without asking, and remove it in
// the end.
bool IsServedUnixSocket(const ListenAddress& address);

}  // namespace signet

#endif  // SIGNET_SERVICE_UNIX_SOCKET_H_
