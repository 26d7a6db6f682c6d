#include "service/client_connections.h"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "grpc/grpc.h"
#include "grpc/support/alloc.h"
#include "grpcpp/alarm.h"

namespace grpc_core {

// Server is gRPC's own, which its public headers do not show. grpc::Server
// would refuse calls from the moment that it sends clients away, and so fail
// those that are already on their way.
class Server {
 public:
  void StopListening();
  void SendGoaways();
};

}  // namespace grpc_core

namespace signet {
namespace {

// Between two looks at whether all have left.
constexpr absl::Duration kInterval = absl::Milliseconds(20);

// What channelz, gRPC's account of itself, answers: JSON.
using ChannelzAnswer = std::unique_ptr<char, decltype(&gpr_free)>;

// The number of the server that was started last; 0, if there is none.
intptr_t LastServerId() {
  static constexpr absl::string_view kBeforeId = R"("serverId":")";
  intptr_t last = 0;
  for (;;) {
    const ChannelzAnswer answer(grpc_channelz_get_servers(last + 1), gpr_free);
    const absl::string_view text =
        answer ? absl::string_view(answer.get()) : absl::string_view();
    const size_t at = text.rfind(kBeforeId);
    if (at == absl::string_view::npos) return last;
    const absl::string_view id = text.substr(at + kBeforeId.size());
    int64_t number = 0;
    if (!absl::SimpleAtoi(id.substr(0, id.find('"')), &number)) return last;
    last = static_cast<intptr_t>(number);
  }
}

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

ClientConnections::ClientConnections(grpc::Server& server)
    : server_(server), channelz_id_(LastServerId()) {}

void ClientConnections::SendAway() {
  OnThreadOfGrpc([this] {
    Core().StopListening();
    Core().SendGoaways();
  });
}

void ClientConnections::AwaitEnd(absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  while (!none() && absl::Now() < end) {
    absl::SleepFor(kInterval);
    // For those that were being made; the others have heard it.
    OnThreadOfGrpc([this] { Core().SendGoaways(); });
  }
}

grpc_core::Server& ClientConnections::Core() {
  return *reinterpret_cast<grpc_core::Server*>(server_.c_server());
}

bool ClientConnections::none() const {
  const ChannelzAnswer answer(
      grpc_channelz_get_server_sockets(channelz_id_, 0, 1), gpr_free);
  return !answer || !absl::StrContains(answer.get(), R"("socketId")");
}

}  // namespace signet
