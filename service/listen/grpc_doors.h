#ifndef SIGNET_SERVICE_LISTEN_GRPC_DOORS_H_
#define SIGNET_SERVICE_LISTEN_GRPC_DOORS_H_

#include <sys/types.h>

#include <memory>
#include <utility>
#include <vector>

#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "service/listen/origin.h"
#include "service/listen/socket_descriptor.h"

namespace signet {

// GrpcDoors are where a gRPC server takes connections in that somebody else
// accepted. For one thread at a time.
class GrpcDoors {
 public:
  // ForAll makes one door in a server that is yet to be built, for all
  // connections.
  static GrpcDoors ForAll(grpc::ServerBuilder& builder,
                          std::shared_ptr<grpc::ServerCredentials> credentials);

  // ForUsers makes doors of which each is for the Unix sockets of one user: it
  // belongs to the first who needs one, for good. Calls that come in by it have
  // the user's number in their AuthContext (kUserIdProperty), because gRPC
  // itself tells a call nothing of its socket.
  static GrpcDoors ForUsers(grpc::ServerBuilder& builder);

  // Let hands a socket over, which must not block. Returns false, and closes
  // it, if it is of a user for whom there is no door. Not after the server has
  // begun to shut down.
  bool Let(SocketDescriptor socket, const Origin& origin);

 private:
  class UserStamp;
  struct Door {
    std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;
    // Null, if the door is for all.
    std::shared_ptr<UserStamp> stamp;
  };

  explicit GrpcDoors(std::vector<Door> doors) : doors_(std::move(doors)) {}

  const Door* DoorOf(const Origin& origin);

  std::vector<Door> doors_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_GRPC_DOORS_H_
