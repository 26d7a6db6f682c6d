#include "service/client_connections.h"

#include <chrono>
#include <functional>
#include <future>

#include "absl/time/clock.h"
#include "grpcpp/alarm.h"

namespace grpc_core {

// Server is gRPC's own, which its public headers do not show. grpc::Server
// would refuse calls from the moment that it sends clients away, and so fail
// those that are already on their way.
class Server {
 public:
  void SendGoaways();
};

}  // namespace grpc_core

namespace signet {
namespace {

// Between two looks at whether all have left.
constexpr absl::Duration kInterval = absl::Milliseconds(20);

// Calls methods of gRPC's own server on a thread of gRPC's, for they need what
// only such threads have. Alarms are run on one.
void OnThreadOfGrpc(const std::function<void()>& call) {
  std::promise<void> done;
  grpc::Alarm alarm;
  alarm.Set(std::chrono::system_clock::now(), [&](bool) {
    call();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace

void ClientConnections::SendAway() {
  OnThreadOfGrpc([this] {
    reinterpret_cast<grpc_core::Server*>(server_.c_server())->SendGoaways();
  });
}

void ClientConnections::AwaitEnd(absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  while (connections_->Look().open > 0 && absl::Now() < end) {
    absl::SleepFor(kInterval);
    // For those that were being made; the others have heard it.
    SendAway();
  }
}

}  // namespace signet
