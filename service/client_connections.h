#ifndef SIGNET_SERVICE_CLIENT_CONNECTIONS_H_
#define SIGNET_SERVICE_CLIENT_CONNECTIONS_H_

#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "service/listen/open_connections.h"

namespace signet {

// ClientConnections are those of one gRPC server, which must outlive it, and
// gets no more of them.
class ClientConnections {
 public:
  ClientConnections(grpc::Server& server,
                    std::shared_ptr<OpenConnections> connections)
      : server_(server), connections_(std::move(connections)) {}

  // SendAway tells the clients of all there are to call elsewhere from now on
  // (GOAWAY, RFC 9113 section 6.8). Calls that they make before they hear of it
  // are still taken.
  void SendAway();

  // AwaitEnd is called after SendAway, and returns once all connections have
  // ended, or after `patience`.
  void AwaitEnd(absl::Duration patience);

 private:
  grpc::Server& server_;
  std::shared_ptr<OpenConnections> connections_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_CLIENT_CONNECTIONS_H_
