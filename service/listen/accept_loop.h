#ifndef SIGNET_SERVICE_LISTEN_ACCEPT_LOOP_H_
#define SIGNET_SERVICE_LISTEN_ACCEPT_LOOP_H_

#include <functional>
#include <memory>
#include <thread>

#include "absl/time/time.h"
#include "service/event_log.h"
#include "service/listen/listening_sockets.h"
#include "service/listen/open_connections.h"
#include "service/listen/origin.h"
#include "service/listen/socket_descriptor.h"

namespace signet {

// AcceptLoop takes connections in on a thread of its own, and hands over those
// that may be. When there are too many it ends them at once, so that clients
// turn elsewhere; when the system has no descriptors or memory for one, it
// waits and goes on.
class AcceptLoop {
 public:
  // Deliver gets sockets that do not block, on the thread of the loop. It
  // returns false, if it has no place for one from there.
  using Deliver =
      std::function<bool(SocketDescriptor socket, const Origin& origin)>;

  // `log` may be null. Each is told of there, but no more than one in 10 s.
  AcceptLoop(ListeningSockets listening, Deliver deliver,
             std::shared_ptr<OpenConnections> connections,
             std::shared_ptr<EventLog> log);
  // Its thread has its address.
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;
  // Takes no more connections in: those that have not been handed over by then
  // are refused by the system.
  ~AcceptLoop();

 private:
  void Run();
  // Accepts what waits. Returns for how long not to try again.
  absl::Duration AcceptFrom(const SocketDescriptor& listener);
  void Take(SocketDescriptor socket, const Origin& origin);
  // Tells the log, if that was not done lately.
  void Warn(LogText why);

  const ListeningSockets listening_;
  const Deliver deliver_;
  const std::shared_ptr<OpenConnections> connections_;
  const std::shared_ptr<EventLog> log_;
  absl::Time warned_ = absl::InfinitePast();
  const SocketDescriptor stop_;  // An eventfd.
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_ACCEPT_LOOP_H_
