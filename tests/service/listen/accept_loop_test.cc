#include "service/listen/accept_loop.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "service/elapsed.h"

namespace signet {
namespace {

// Returns once there is something to read from `socket`, or it has ended:
// whether it has ended.
bool AwaitEnd(const SocketDescriptor& socket) {
  pollfd polled = {socket.number(), POLLIN, 0};
  poll(&polled, 1, -1);
  char byte = 0;
  return recv(socket.number(), &byte, 1, 0) <= 0;
}

// A loop whose connections are greeted with one byte, and kept open.
class AcceptLoopTest : public testing::Test {
 protected:
  void Start(ConnectionCaps caps) {
    connections_ = std::make_shared<OpenConnections>(caps, SteadyElapsed);
    auto listening =
        ListeningSockets::Open(ListenAddress::Parse("127.0.0.1:0").value());
    ASSERT_TRUE(listening.ok()) << listening.status();
    port_ = listening->port();
    loop_ = std::make_unique<AcceptLoop>(
        *std::move(listening),
        [this](SocketDescriptor socket, const Origin&) {
          send(socket.number(), "x", 1, MSG_NOSIGNAL);
          const std::lock_guard lock(mutex_);
          taken_.push_back(std::move(socket));
          return true;
        },
        connections_, nullptr);
  }

  static SocketDescriptor NewSocket() {
    return SocketDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }

  // Returns whether the system connects the client with the loop's port.
  bool Connects(const SocketDescriptor& client) const {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(client.number(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)) == 0;
  }

  SocketDescriptor Connect() const {
    SocketDescriptor client = NewSocket();
    EXPECT_TRUE(Connects(client));
    return client;
  }

  std::shared_ptr<OpenConnections> connections_;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<SocketDescriptor> taken_;
  std::unique_ptr<AcceptLoop> loop_;  // Goes first.
};

TEST_F(AcceptLoopTest, EndsConnectionsThatAreTooMany) {
  Start({.total = 100, .per_origin = 2});
  const SocketDescriptor first = Connect();
  const SocketDescriptor second = Connect();
  EXPECT_FALSE(AwaitEnd(first));
  EXPECT_FALSE(AwaitEnd(second));
  EXPECT_TRUE(AwaitEnd(Connect()));
  EXPECT_EQ(connections_->Look().too_many_from_origin, 1);
  {
    const std::lock_guard lock(mutex_);
    taken_.clear();
  }
  // The room is found a little later.
  while (AwaitEnd(Connect())) absl::SleepFor(absl::Milliseconds(10));
}

TEST_F(AcceptLoopTest, SurvivesASystemWithoutDescriptors) {
  Start({.total = 100, .per_origin = 100});
  const SocketDescriptor client = NewSocket();
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  // All numbers below the client's are taken, and so is its own.
  const rlimit none = {static_cast<rlim_t>(client.number()) + 1,
                       before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_TRUE(Connects(client));
  while (connections_->Look().failures < 3) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_FALSE(AwaitEnd(client));
  EXPECT_FALSE(AwaitEnd(Connect()));
}

TEST_F(AcceptLoopTest, TakesNothingInAfterItsEnd) {
  Start({.total = 100, .per_origin = 100});
  EXPECT_FALSE(AwaitEnd(Connect()));
  loop_.reset();
  EXPECT_FALSE(Connects(NewSocket()));
}

}  // namespace
}  // namespace signet
