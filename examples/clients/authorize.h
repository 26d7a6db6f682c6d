#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "signet/v1/token_service.grpc.pb.h"

// Connect is called once. `credentials` are grpc::SslCredentials with the CA of
// Signet's certificate, and your own certificate and key.
inline std::unique_ptr<signet::v1::TokenService::Stub> Connect(
    const std::string& address,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName("round_robin");
  return signet::v1::TokenService::NewStub(
      grpc::CreateCustomChannel(address, credentials, arguments));
}

// Authorize returns the claims of a token that `policy` accepts. Whoever gets
// nothing denies: the token is not good, or Signet could not decide.
inline std::optional<signet::v1::Claims> Authorize(
    signet::v1::TokenService::Stub& signet, const std::string& token,
    const std::string& policy) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(1));
  signet::v1::VerifyRequest request;
  request.set_token(token);
  request.set_policy(policy);
  signet::v1::VerifyResponse answer;
  const grpc::Status status = signet.Verify(&context, request, &answer);
  if (!status.ok()) std::cerr << "undecided: " << status.error_code() << "\n";
  if (!status.ok() || !answer.has_verified()) return std::nullopt;
  return answer.verified().claims();
}
