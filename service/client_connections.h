#ifndef SIGNET_SERVICE_CLIENT_CONNECTIONS_H_
#define SIGNET_SERVICE_CLIENT_CONNECTIONS_H_

#include <cstdint>

#include "absl/time/time.h"
#include "grpcpp/server.h"

namespace grpc_core {
class Server;
}  // namespace grpc_core

namespace signet {

// ClientConnections are those of one gRPC server, which must outlive it.
class ClientConnections {
 public:
  // Is made as soon as `server` has started: of several in one process, gRPC
  // numbers them as they come.
  explicit ClientConnections(grpc::Server& server);

  // SendAway takes no new connections, and tells the clients of all there are
  // to call elsewhere from now on (GOAWAY, RFC 9113 section 6.8). Calls that
  // they make before they hear of it are still taken.
  void SendAway();

  // AwaitEnd is called after SendAway, and returns once all connections have
  // ended, or after `patience`.
  void AwaitEnd(absl::Duration patience);

 private:
  grpc_core::Server& Core();
  bool none() const;

  grpc::Server& server_;
  const intptr_t channelz_id_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_CLIENT_CONNECTIONS_H_
