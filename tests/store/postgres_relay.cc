#include "tests/store/postgres_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

int Connect(const std::string& path) {
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  EXPECT_EQ(connect(server, reinterpret_cast<const sockaddr*>(&address),
                    sizeof address),
            0)
      << path;
  return server;
}

// What has come; nothing, once the other end is closed.
std::string Receive(int from) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(size, 0))};
}

// Returns whether there was something, and it could be sent.
bool Send(int to, absl::string_view bytes) {
  if (bytes.empty()) return false;
  while (!bytes.empty()) {
    const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

PostgresRelay::PostgresRelay(std::string server_socket, std::string word,
                             std::string other)
    : server_socket_(std::move(server_socket)),
      word_(std::move(word)),
      other_(std::move(other)),
      listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  EXPECT_EQ(word_.size(), other_.size());
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(listening_, any, size), 0);
  EXPECT_EQ(listen(listening_, SOMAXCONN), 0);
  EXPECT_EQ(getsockname(listening_, any, &size), 0);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

PostgresRelay::~PostgresRelay() {
  shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  close(listening_);
  const std::lock_guard lock(mutex_);
  for (const int each : sockets_) shutdown(each, SHUT_RDWR);
  for (std::thread& relaying : relaying_) relaying.join();
  for (const int each : sockets_) close(each);
}

void PostgresRelay::Accept() {
  for (;;) {
    const int client = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = Connect(server_socket_);
    const std::lock_guard lock(mutex_);
    sockets_.insert(sockets_.end(), {client, server});
    relaying_.emplace_back([=, this] { Relay(client, server); });
  }
}

void PostgresRelay::Relay(int client, int server) {
  std::array<pollfd, 2> ends = {
      {{.fd = client, .events = POLLIN, .revents = 0},
       {.fd = server, .events = POLLIN, .revents = 0}}};
  bool open = true;
  while (open && poll(ends.data(), ends.size(), /*timeout=*/-1) > 0) {
    if (ends[0].revents != 0) {
      open = Send(server, Mishear(Receive(client)));
    }
    if (open && ends[1].revents != 0) open = Send(client, Receive(server));
  }
  // Whoever is still there sees that the other has gone.
  shutdown(client, SHUT_RDWR);
  shutdown(server, SHUT_RDWR);
}

std::string PostgresRelay::Mishear(std::string said) {
  const size_t at = said.find(word_);
  if (at == std::string::npos) return said;
  ++misheard_;
  return said.replace(at, other_.size(), other_);
}

}  // namespace signet
