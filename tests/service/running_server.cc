#include "tests/service/running_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/current_setup.h"
#include "service/listen_address.h"

namespace signet {

std::unique_ptr<grpc::ClientContext> NewContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() +
                        std::chrono::minutes(1));
  return context;
}

std::shared_ptr<grpc::Channel> NewChannel(
    int port, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  // Or else channels to the same address share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                   credentials, arguments);
}

RunningServer::RunningServer(std::shared_ptr<const ServerSetup> setup,
                             Clock clock)
    : RunningServer(std::move(setup), std::move(clock),
                    grpc::InsecureServerCredentials(),
                    grpc::InsecureChannelCredentials()) {}

RunningServer::RunningServer(
    std::shared_ptr<const ServerSetup> setup, Clock clock,
    std::shared_ptr<grpc::ServerCredentials> server_credentials,
    const std::shared_ptr<grpc::ChannelCredentials>& client_credentials)
    : server_(TokenServer::Start(
                  {.address = ListenAddress::Parse("127.0.0.1:0").value(),
                   .credentials = std::move(server_credentials),
                   .setup = std::make_shared<CurrentSetup>(std::move(setup)),
                   .clock = std::move(clock)})
                  .value()),
      channel_(NewChannel(server_->port(), client_credentials)),
      stub_(v1::TokenService::NewStub(channel_)) {}

std::string RunningServer::Sign(const v1::SignRequest& request) {
  v1::SignResponse response;
  const grpc::Status status =
      stub_->Sign(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.token();
}

v1::VerifyResponse RunningServer::Verify(const std::string& token,
                                         const std::string& policy) {
  v1::VerifyRequest request;
  request.set_token(token);
  request.set_policy(policy);
  v1::VerifyResponse response;
  const grpc::Status status =
      stub_->Verify(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

}  // namespace signet
