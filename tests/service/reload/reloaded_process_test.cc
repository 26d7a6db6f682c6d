// The real program, told by a signal or by its files that its configuration is
// another.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

// One that accepts tokens for `audience`. Those that are signed are for x.
std::string Config(const std::string& audience) {
  return absl::StrCat(R"(
listen: {address: "127.0.0.1:0"}
issuers: [{issuer: a, signing: {generate: [EdDSA]}}]
policies: [{name: any, kind: JWT, issuers: [a], audiences: [)",
                      audience, "]}]\n");
}

class ReloadedProcessTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const {
    return folder_.PathTo(name);
  }
  // Waits until a token for x is `outcome`.
  static void Await(const ServerProcess& server, const std::string& outcome) {
    v1::SignResponse token;
    ASSERT_TRUE(server.Sign(token).ok());
    while (server.Outcome(token.token()) != outcome) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  TestFolder folder_;
};

TEST_F(ReloadedProcessTest, ReloadsWhenItIsSignalled) {
  folder_.Write("signet.yaml", Config("x"));
  const ServerProcess server(Path("signet.yaml"), Path("log"));
  Await(server, "verified");
  server.Signal(SIGHUP);
  while (!server.HasLogged("config.reloaded")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  folder_.Write("signet.yaml", "issuers: [");
  server.Signal(SIGHUP);
  while (!server.HasLogged("config.not_reloaded")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  Await(server, "verified");
  folder_.Write("signet.yaml", Config("y"));
  server.Signal(SIGHUP);
  Await(server, "AUDIENCE_MISMATCH");
}

TEST_F(ReloadedProcessTest, ReloadsAFileThatIsRenamedIntoPlace) {
  folder_.Write("signet.yaml", Config("x"));
  const ServerProcess server(Path("signet.yaml"), Path("log"));
  Await(server, "verified");
  folder_.Write("new", Config("y"));
  fs::rename(Path("new"), Path("signet.yaml"));
  Await(server, "AUDIENCE_MISMATCH");
}

TEST_F(ReloadedProcessTest, ReloadsAFileBehindALinkThatIsSwitched) {
  for (const auto& [name, audience] :
       {std::pair("..one", "x"), std::pair("..two", "y")}) {
    fs::create_directory(Path(name));
    folder_.Write(absl::StrCat(name, "/signet.yaml"), Config(audience));
  }
  fs::create_symlink("..one", Path("..data"));
  fs::create_symlink("..data/signet.yaml", Path("signet.yaml"));
  const ServerProcess server(Path("signet.yaml"), Path("log"));
  Await(server, "verified");
  fs::create_symlink("..two", Path("..new"));
  fs::rename(Path("..new"), Path("..data"));
  Await(server, "AUDIENCE_MISMATCH");
}

}  // namespace
}  // namespace signet
