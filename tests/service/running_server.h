#ifndef SIGNET_TESTS_SERVICE_RUNNING_SERVER_H_
#define SIGNET_TESTS_SERVICE_RUNNING_SERVER_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "service/server_setup.h"
#include "service/token_server.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "tests/service/example_setup.h"

namespace signet {

// NewContext is for a call that should take no time: its deadline is there to
// end a test that hangs.
std::unique_ptr<grpc::ClientContext> NewContext();

// NewChannel is a connection of its own to `port` of this machine.
std::shared_ptr<grpc::Channel> NewChannel(
    int port, const std::shared_ptr<grpc::ChannelCredentials>& credentials =
                  grpc::InsecureChannelCredentials());

// RunningServer is a TokenServer on a port that the system chose, with a client
// for it.
class RunningServer {
 public:
  // Without TLS, serving the example setup at kNow.
  RunningServer() : RunningServer(NewExampleSetup(), [] { return kNow; }) {}
  RunningServer(std::shared_ptr<const ServerSetup> setup, Clock clock);
  RunningServer(
      std::shared_ptr<const ServerSetup> setup, Clock clock,
      std::shared_ptr<grpc::ServerCredentials> server_credentials,
      const std::shared_ptr<grpc::ChannelCredentials>& client_credentials);

  TokenServer& server() { return *server_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  v1::TokenService::Stub& stub() { return *stub_; }

  // Sign and Verify call the server; the test fails unless it answers.
  std::string Sign(const v1::SignRequest& request);
  v1::VerifyResponse Verify(const std::string& token,
                            const std::string& policy);

 private:
  std::unique_ptr<TokenServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::TokenService::Stub> stub_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_RUNNING_SERVER_H_
