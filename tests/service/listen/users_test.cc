// Users of this machine, as they come in over a Unix socket.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/substitute.h"
#include "grpcpp/grpcpp.h"
#include "service/current_setup.h"
#include "service/listen_address.h"
#include "service/token_server.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "tests/service/example_setup.h"
#include "tests/service/running_server.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kConfig[] = R"(
issuers:
  - issuer: https://a.example
    signing: {generate: [EdDSA]}
policies:
  - {name: any, kind: JWT, issuers: [https://a.example], any_audience: true}
authorization:
  grants:
    - {roles: [VERIFY], callers: [uid: $0]}
    - {roles: [INTROSPECT], callers: [uid: $1]}
    - {roles: [INTROSPECT], callers: [anonymous: true]}
)";

class UsersTest : public testing::Test {
 protected:
  UsersTest() {
    // The path of a socket must be short.
    EXPECT_EQ(chdir(folder_.path().c_str()), 0);
    const std::string config =
        absl::Substitute(kConfig, getuid(), getuid() + 1);
    server_ = TokenServer::Start(
                  {.address = ListenAddress::Parse("unix:signet.sock").value(),
                   .setup = std::make_shared<CurrentSetup>(NewSetup(config)),
                   .clock = [] { return kNow; }})
                  .value();
  }

  static std::unique_ptr<v1::TokenService::Stub> NewStub() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return v1::TokenService::NewStub(grpc::CreateCustomChannel(
        "unix:signet.sock", grpc::InsecureChannelCredentials(), arguments));
  }

  const TestFolder folder_;
  std::unique_ptr<TokenServer> server_;
};

grpc::StatusCode Verify(v1::TokenService::Stub& stub) {
  v1::VerifyRequest request;
  request.set_policy("any");
  v1::VerifyResponse response;
  return stub.Verify(NewContext().get(), request, &response).error_code();
}

TEST_F(UsersTest, MayDoWhatIsGrantedToThem) {
  const auto stub = NewStub();
  EXPECT_EQ(Verify(*stub), grpc::StatusCode::OK);
  v1::IntrospectRequest request;
  request.set_policy("any");
  v1::IntrospectResponse response;
  EXPECT_EQ(
      stub->Introspect(NewContext().get(), request, &response).error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(UsersTest, AreKnownByAllCallsOfAllConnections) {
  constexpr int kConnections = 8;
  constexpr int kCallers = 4;
  constexpr int kCalls = 50;
  std::vector<std::unique_ptr<v1::TokenService::Stub>> stubs;
  stubs.reserve(kConnections);
  for (int i = 0; i < kConnections; ++i) stubs.push_back(NewStub());
  std::vector<std::thread> callers;
  callers.reserve(size_t{kConnections} * kCallers);
  for (const auto& stub : stubs) {
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&stub] {
        for (int call = 0; call < kCalls; ++call) {
          EXPECT_EQ(Verify(*stub), grpc::StatusCode::OK);
        }
      });
    }
  }
  for (std::thread& caller : callers) caller.join();
}

}  // namespace
}  // namespace signet
