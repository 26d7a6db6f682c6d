#include "service/systemd_notification.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

// What systemd listens on.
class NotifySocket {
 public:
  // `name` as in NOTIFY_SOCKET.
  explicit NotifySocket(std::string name)
      : name_(std::move(name)), socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name_.data(), name_.size());
    if (name_[0] == '@') address.sun_path[0] = '\0';
    const auto size =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
  }
  NotifySocket(const NotifySocket&) = delete;  // Owns the socket.
  NotifySocket& operator=(const NotifySocket&) = delete;
  ~NotifySocket() { EXPECT_EQ(close(socket_), 0); }

  const char* name() const { return name_.c_str(); }

  // Returns what comes next; waits for it.
  std::string Next() const {
    std::array<char, 64> bytes = {};
    const ssize_t size = recv(socket_, bytes.data(), bytes.size(), 0);
    return size < 0 ? "" : std::string(bytes.data(), static_cast<size_t>(size));
  }

 private:
  const std::string name_;
  const int socket_;
};

TEST(NotifySystemd, TellsWhoeverListens) {
  // Folders of tests have names that are too long.
  const std::string name = absl::StrCat("/tmp/signet-test-", getpid());
  const NotifySocket socket(name);
  NotifySystemd(socket.name(), "READY=1");
  EXPECT_EQ(socket.Next(), "READY=1");
  EXPECT_EQ(unlink(name.c_str()), 0);
}

TEST(NotifySystemd, KnowsNamesThatAreNoFiles) {
  const NotifySocket socket(absl::StrCat("@signet-test-", getpid()));
  NotifySystemd(socket.name(), "STOPPING=1");
  EXPECT_EQ(socket.Next(), "STOPPING=1");
}

TEST(NotifySystemd, DoesWithoutAnybodyWhoListens) {
  NotifySystemd(nullptr, "READY=1");
  NotifySystemd("", "READY=1");
  NotifySystemd("/nonexistent/notify", "READY=1");
  NotifySystemd(std::string(200, 'x').c_str(), "READY=1");
}

TEST(Server, TellsSystemdThatItServesAndThatItStops) {
  const TestFolder folder;
  const NotifySocket socket(absl::StrCat("@signet-test-", getpid()));
  folder.Write("signet.yaml", R"(
listen: {address: "127.0.0.1:0"}
issuers: [{issuer: a, signing: {generate: [EdDSA]}}]
policies: [{name: any, kind: JWT, issuers: [a], any_audience: true}]
)");
  ASSERT_EQ(setenv("NOTIFY_SOCKET", socket.name(), 1), 0);
  const ServerProcess server(folder.PathTo("signet.yaml"),
                             folder.PathTo("log"));
  ASSERT_EQ(unsetenv("NOTIFY_SOCKET"), 0);
  EXPECT_EQ(socket.Next(), "READY=1");
  server.Signal(SIGTERM);
  EXPECT_EQ(socket.Next(), "STOPPING=1");
}

}  // namespace
}  // namespace signet
