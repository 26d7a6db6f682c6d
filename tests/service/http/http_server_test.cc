// The server behind real sockets. tests/interop/http_face_test.js has more.

#include "service/http/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/service/fake_clock.h"
#include "tests/service/http/face_fixture.h"

namespace signet {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A connection to a port of this machine.
class Connection {
 public:
  explicit Connection(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address),
                         sizeof(address)) == 0;
  }
  Connection(const Connection&) = delete;  // Stands for a socket.
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket_); }

  bool connected() const { return connected_; }

  void Send(const std::string& text) const {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // Receive waits until `end` has come, or the server has closed.
  std::string Receive(const std::string& end) const {
    std::string text;
    std::array<char, 4096> part;
    while (text.find(end) == std::string::npos) {
      const ssize_t size = recv(socket_, part.data(), part.size(), 0);
      if (size <= 0) break;
      text.append(part.data(), static_cast<size_t>(size));
    }
    return text;
  }

  // ReceiveAll waits until the server has closed.
  std::string ReceiveAll() const { return Receive(std::string(1, '\0')); }

 private:
  int socket_;
  bool connected_ = false;
};

std::string GetRequest(const std::string& path) {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\n\r\n");
}

std::string RevokeRequest(const std::string& token) {
  return absl::StrCat("POST /oauth2/revoke HTTP/1.1\r\nHost: x\r\n",
                      "Authorization: ", kGateCredentials,
                      "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                      "Content-Length: ", token.size() + 6,
                      "\r\n\r\ntoken=", token);
}

class HttpServerTest : public testing::Test {
 protected:
  void Start(Clock clock = [] { return absl::Now(); }) {
    server_ =
        HttpServer::Start(
            fixture_.options(),
            {.face = std::make_shared<Published<HttpFace>>(fixture_.TakeFace()),
             .clock = std::move(clock)})
            .value();
  }

  FaceFixture fixture_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersOneRequestAfterTheOther) {
  Start();
  const Connection connection(server_->port());
  for (int i = 0; i < 3; ++i) {
    connection.Send(GetRequest("/healthz"));
    EXPECT_THAT(connection.Receive("alive\n"), StartsWith("HTTP/1.1 200 OK"));
  }
}

TEST_F(HttpServerTest, AnswersManyAtTheSameTime) {
  Start();
  const std::string token = fixture_.AccessToken();
  constexpr int kClients = 8;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      for (int j = 0; j < 10; ++j) {
        const Connection connection(server_->port());
        connection.Send(RevokeRequest(token));
        EXPECT_THAT(connection.Receive("\r\n\r\n"),
                    StartsWith("HTTP/1.1 200 OK"));
        connection.Send(GetRequest("/tenant/jwks.json"));
        EXPECT_THAT(connection.Receive("]}"), HasSubstr("\"Ed25519\""));
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST_F(HttpServerTest, HasOthersWaitWhileAllConnectionsAreTaken) {
  fixture_.options().limits.max_connections = 1;
  Start();
  auto first = std::make_unique<Connection>(server_->port());
  first->Send(GetRequest("/healthz"));
  EXPECT_THAT(first->Receive("alive\n"), HasSubstr("200"));
  const Connection second(server_->port());
  second.Send(GetRequest("/healthz"));
  first.reset();
  EXPECT_THAT(second.Receive("alive\n"), HasSubstr("200"));
}

TEST_F(HttpServerTest, ClosesConnectionsThatDoNothing) {
  fixture_.options().limits.request_timeout = absl::Milliseconds(100);
  fixture_.options().limits.keep_alive_timeout = absl::Milliseconds(100);
  Start();
  const Connection silent(server_->port());
  EXPECT_EQ(silent.ReceiveAll(), "");
  const Connection done(server_->port());
  done.Send(GetRequest("/healthz"));
  EXPECT_THAT(done.ReceiveAll(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, RefusesNewRequestsOnceItIsToldTo) {
  Start();
  const Connection connection(server_->port());
  connection.Send(GetRequest("/readyz"));
  EXPECT_THAT(connection.Receive("ready\n"), StartsWith("HTTP/1.1 200 OK"));
  server_->Refuse();
  connection.Send(GetRequest("/readyz"));
  const std::string refusal = connection.ReceiveAll();
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 503 Service Unavailable"));
  EXPECT_THAT(refusal, HasSubstr("\r\nConnection: close\r\n"));
  const Connection other(server_->port());
  other.Send(GetRequest("/healthz"));
  EXPECT_THAT(other.ReceiveAll(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, LetsRequestsThatRunComplete) {
  FakeClock clock(absl::Now());
  Start(clock.AsClock());
  const Connection connection(server_->port());
  clock.Stop();
  connection.Send(RevokeRequest(fixture_.AccessToken()));
  clock.AwaitAsker();
  auto drained =
      std::async(std::launch::async, [&] { server_->Drain(absl::Minutes(1)); });
  clock.Go();
  EXPECT_THAT(connection.Receive("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
  drained.get();
  EXPECT_FALSE(Connection(server_->port()).connected());
}

TEST_F(HttpServerTest, DoesNotShareAPort) {
  Start();
  FaceFixture second;
  second.options().address =
      ListenAddress::Parse(absl::StrCat("127.0.0.1:", server_->port())).value();
  EXPECT_EQ(
      HttpServer::Start(
          second.options(),
          {.face = std::make_shared<Published<HttpFace>>(second.TakeFace())})
          .status(),
      absl::FailedPreconditionError(
          absl::StrCat("cannot serve HTTP on 127.0.0.1:", server_->port(),
                       "; is the address this machine's, and is it free?")));
}

TEST_F(HttpServerTest, ListensOnIpv6) {
  fixture_.options().address = ListenAddress::Parse("[::1]:0").value();
  const auto server = HttpServer::Start(
      fixture_.options(),
      {.face = std::make_shared<Published<HttpFace>>(fixture_.TakeFace())});
  // Where the machine has it.
  if (!server.ok()) GTEST_SKIP() << server.status();
  EXPECT_GT((*server)->port(), 0);
}

}  // namespace
}  // namespace signet
