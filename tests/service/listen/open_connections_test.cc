#include "service/listen/open_connections.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "service/listen/socket_descriptor.h"

namespace signet {
namespace {

using Admission = OpenConnections::Admission;

// That of a TCP socket whose peer has this IPv4 address.
Origin Ipv4(uint32_t address) {
  sockaddr_storage peer = {};
  auto& ipv4 = reinterpret_cast<sockaddr_in&>(peer);
  ipv4.sin_family = AF_INET;
  ipv4.sin_addr.s_addr = htonl(address);
  return Origin::OfSocket(-1, peer);
}

Origin Ipv6(const std::array<uint8_t, 16>& address) {
  sockaddr_storage peer = {};
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(peer);
  ipv6.sin6_family = AF_INET6;
  std::copy(address.begin(), address.end(), ipv6.sin6_addr.s6_addr);
  return Origin::OfSocket(-1, peer);
}

SocketDescriptor NewSocket() {
  return SocketDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

class OpenConnectionsTest : public testing::Test {
 protected:
  Admission Admit(const SocketDescriptor& socket, const Origin& origin) {
    return connections_.Admit(socket.number(), origin);
  }

  absl::Duration elapsed_ = absl::ZeroDuration();
  OpenConnections connections_{{.total = 3, .per_origin = 2},
                               [this] { return elapsed_; }};
};

TEST_F(OpenConnectionsTest, AreNoMoreThanMayBe) {
  const SocketDescriptor sockets[] = {NewSocket(), NewSocket(), NewSocket(),
                                      NewSocket(), NewSocket()};
  EXPECT_EQ(Admit(sockets[0], Ipv4(1)), Admission::kAdmitted);
  EXPECT_EQ(Admit(sockets[1], Ipv4(1)), Admission::kAdmitted);
  EXPECT_EQ(Admit(sockets[2], Ipv4(1)), Admission::kTooManyFromOrigin);
  EXPECT_EQ(Admit(sockets[2], Ipv4(2)), Admission::kAdmitted);
  EXPECT_EQ(Admit(sockets[3], Ipv4(3)), Admission::kTooMany);
  EXPECT_EQ(Admit(sockets[4], Ipv4(1)), Admission::kTooMany);
  const OpenConnections::Figures figures = connections_.Look();
  EXPECT_EQ(figures.open, 3);
  EXPECT_EQ(figures.admitted, 3);
  EXPECT_EQ(figures.too_many, 2);
  EXPECT_EQ(figures.too_many_from_origin, 1);
}

TEST_F(OpenConnectionsTest, MakeRoomWhenTheyClose) {
  SocketDescriptor first = NewSocket();
  const SocketDescriptor second = NewSocket();
  Admit(first, Ipv4(1));
  Admit(second, Ipv4(1));
  EXPECT_EQ(connections_.Look().open, 2);
  const int number = first.number();
  first = SocketDescriptor(-1);
  // Has the number of the one that was closed, and is another.
  const SocketDescriptor next = NewSocket();
  ASSERT_EQ(next.number(), number);
  elapsed_ += absl::Milliseconds(50);
  EXPECT_EQ(Admit(next, Ipv4(1)), Admission::kAdmitted);
  EXPECT_EQ(connections_.Look().open, 2);
}

TEST_F(OpenConnectionsTest, AreNotLookedAtForEachThatIsRefused) {
  SocketDescriptor first = NewSocket();
  const SocketDescriptor second = NewSocket();
  const SocketDescriptor third = NewSocket();
  Admit(first, Ipv4(1));
  Admit(second, Ipv4(1));
  EXPECT_EQ(Admit(third, Ipv4(1)), Admission::kTooManyFromOrigin);
  first = SocketDescriptor(-1);
  elapsed_ += absl::Milliseconds(49);
  EXPECT_EQ(Admit(third, Ipv4(1)), Admission::kTooManyFromOrigin);
  elapsed_ += absl::Milliseconds(1);
  EXPECT_EQ(Admit(third, Ipv4(1)), Admission::kAdmitted);
}

TEST(OriginTest, IsWhatHostsHaveForThemselves) {
  const Origin a = Ipv6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 1});
  EXPECT_EQ(a, Ipv6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 2}));
  EXPECT_FALSE(a == Ipv6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 2, 1}));
  EXPECT_EQ(Ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}),
            Ipv4(0x0a000001));
  EXPECT_FALSE(Ipv4(0x0a000001) == Ipv4(0x0a000002));
  EXPECT_EQ(a.uid(), std::nullopt);
}

TEST(OriginTest, IsAUserAtAUnixSocket) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const SocketDescriptor one(ends[0]);
  const SocketDescriptor other(ends[1]);
  sockaddr_storage peer = {};
  peer.ss_family = AF_UNIX;
  EXPECT_EQ(Origin::OfSocket(one.number(), peer).uid(), getuid());
}

TEST(WithinDescriptorsTest, LeavesSomeForAllElse) {
  const auto total = [](size_t descriptors) {
    return WithinDescriptors({.total = 8192, .per_origin = 9}, descriptors)
        .total;
  };
  EXPECT_EQ(total(1'000'000), 8192);
  EXPECT_EQ(total(8704), 8192);
  EXPECT_EQ(total(8703), 8191);
  EXPECT_EQ(total(1024), 512);
  EXPECT_EQ(total(100), 50);
  EXPECT_EQ(total(1), 1);
}

}  // namespace
}  // namespace signet
