#include "service/listen/accept_loop.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace signet {
namespace {

// How many connections of one socket are taken in before the others are looked
// at.
constexpr int kTurn = 64;

// How long the system gets to find descriptors or memory.
constexpr absl::Duration kPause = absl::Milliseconds(20);

constexpr absl::Duration kWarningInterval = absl::Seconds(10);

bool IsShortOfResources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS ||
         error == ENOMEM;
}

// Has a socket close with a reset: nothing of it stays behind, and its client
// knows at once.
void CloseAbruptly(const SocketDescriptor& socket) {
  constexpr linger kAtOnce = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof(kAtOnce));
}

}  // namespace

AcceptLoop::AcceptLoop(ListeningSockets listening, Deliver deliver,
                       std::shared_ptr<OpenConnections> connections,
                       std::shared_ptr<EventLog> log)
    : listening_(std::move(listening)),
      deliver_(std::move(deliver)),
      connections_(std::move(connections)),
      log_(std::move(log)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

AcceptLoop::~AcceptLoop() {
  eventfd_write(stop_.number(), 1);
  thread_.join();
}

void AcceptLoop::Run() {
  std::vector<pollfd> polled = {{stop_.number(), POLLIN, 0}};
  for (const SocketDescriptor& listener : listening_.sockets()) {
    polled.push_back({listener.number(), POLLIN, 0});
  }
  absl::Duration pause = absl::ZeroDuration();
  for (;;) {
    // In a pause, only the end is of interest.
    const bool is_paused = pause > absl::ZeroDuration();
    poll(polled.data(), is_paused ? 1 : polled.size(),
         is_paused ? static_cast<int>(absl::ToInt64Milliseconds(pause)) : -1);
    if (polled[0].revents != 0) return;
    pause = absl::ZeroDuration();
    for (const SocketDescriptor& listener : listening_.sockets()) {
      pause = std::max(pause, AcceptFrom(listener));
    }
  }
}

absl::Duration AcceptLoop::AcceptFrom(const SocketDescriptor& listener) {
  for (int i = 0; i < kTurn; ++i) {
    sockaddr_storage peer = {};
    socklen_t length = sizeof(peer);
    SocketDescriptor socket(accept4(listener.number(),
                                    reinterpret_cast<sockaddr*>(&peer), &length,
                                    SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.number() >= 0) {
      const Origin origin = Origin::OfSocket(socket.number(), peer);
      Take(std::move(socket), origin);
    } else if (IsShortOfResources(errno)) {
      connections_->CountFailure();
      Warn("the system has no descriptors or memory left");
      return kPause;
    } else if (errno == EAGAIN) {
      break;
    }
    // Else it was a connection that its client has given up.
  }
  return absl::ZeroDuration();
}

void AcceptLoop::Take(SocketDescriptor socket, const Origin& origin) {
  switch (connections_->Admit(socket.number(), origin)) {
    case OpenConnections::Admission::kAdmitted: {
      constexpr int kYes = 1;  // Means nothing to a Unix socket.
      setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &kYes,
                 sizeof(kYes));
      if (!deliver_(std::move(socket), origin)) {
        Warn("too many users of this machine have connected");
      }
      return;
    }
    case OpenConnections::Admission::kTooMany:
      Warn("max_connections is reached");
      break;
    case OpenConnections::Admission::kTooManyFromOrigin:
      Warn("max_connections_per_address is reached");
      break;
  }
  CloseAbruptly(socket);
}

void AcceptLoop::Warn(LogText why) {
  const absl::Time now = absl::Now();
  if (!log_ || now - warned_ < kWarningInterval) return;
  warned_ = now;
  log_->Warning("connections.refused", {{"why", std::move(why)}});
}

}  // namespace signet
