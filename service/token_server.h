#ifndef SIGNET_SERVICE_TOKEN_SERVER_H_
#define SIGNET_SERVICE_TOKEN_SERVER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "service/call_record.h"
#include "service/clock.h"
#include "service/current_setup.h"
#include "service/durable_state.h"
#include "service/event_log.h"
#include "service/exposure.h"
#include "service/listen/open_connections.h"
#include "service/listen_address.h"

namespace signet {

// TokenServerOptions says how to serve.
struct TokenServerOptions {
  ListenAddress address;
  // As in Exposure.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  // Once a server of the process has it, all that start later do.
  Channelz channelz = Channelz::kOff;
  // Is for this server alone: its keys get their tables from one thread, which
  // the server runs.
  std::shared_ptr<const CurrentSetup> setup;
  // What outlives the process. Without it, KeyService and RevocationService are
  // not served.
  std::shared_ptr<DurableState> state;
  // Counts the connections of this server, and bounds them. Null: its own, with
  // the bounds of the setup.
  std::shared_ptr<OpenConnections> connections;
  // Is told of connections that were refused. May be null.
  std::shared_ptr<EventLog> log;
  // Is told of every call.
  std::shared_ptr<CallWatch> watch = std::make_shared<CallWatch>();
  Clock clock = [] { return absl::Now(); };
};

// TokenServer serves TokenService, KeyService and RevocationService over gRPC,
// with server reflection and grpc.health.v1.Health beside them. It serves from
// Start until Drain.
class TokenServer {
 public:
  // Start listens. FailedPrecondition, if the address cannot be had.
  static absl::StatusOr<std::unique_ptr<TokenServer>> Start(
      TokenServerOptions options);

  virtual ~TokenServer() = default;

  // port is the one that is listened on, also if the system chose it; 0 for a
  // Unix socket.
  virtual int port() const = 0;

  // Drain reports not serving, takes no new connections, and asks the clients
  // of all others to call elsewhere; calls that they make before they hear of
  // it are still served. It takes no new calls once the clients have left or
  // 2 s have passed, and waits until those of TokenService that are running
  // have ended; after `patience` it cancels them. A StreamVerify ends with
  // UNAVAILABLE once what it has read is answered. Streams of health and
  // reflection, which need not end, it then cancels.
  virtual void Drain(absl::Duration patience) = 0;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_TOKEN_SERVER_H_
