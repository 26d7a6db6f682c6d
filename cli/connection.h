#ifndef SIGNET_CLI_CONNECTION_H_
#define SIGNET_CLI_CONNECTION_H_

#include <memory>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "signet/v1/token_service.grpc.pb.h"

namespace signet {

// Connection is how a command reaches a server.
struct Connection {
  std::string server = "127.0.0.1:7410";
  // Without it, nothing is encrypted. An empty name is a file that is not
  // there, not a wish for that.
  std::optional<std::string> ca_file;
  std::optional<std::string> certificate_file;
  std::optional<std::string> private_key_file;
  bool plaintext = false;
  double timeout_seconds = 10;

  // AddTo declares the options on a command. The object must outlive it.
  void AddTo(CLI::App& command);

  // Call sends one request with `method`, for example
  // &v1::TokenService::Stub::Verify, and waits for the answer.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (v1::TokenService::Stub::*method)(grpc::ClientContext*,
                                                     const Request&, Response*),
      const Request& request) const {
    const absl::StatusOr<std::unique_ptr<v1::TokenService::Stub>> stub =
        Connect();
    if (!stub.ok()) return stub.status();
    grpc::ClientContext context;
    SetDeadline(context);
    Response response;
    const grpc::Status status =
        ((**stub).*method)(&context, request, &response);
    if (!status.ok()) return ToStatus(status);
    return response;
  }

 private:
  absl::StatusOr<std::unique_ptr<v1::TokenService::Stub>> Connect() const;
  void SetDeadline(grpc::ClientContext& context) const;
  absl::Status ToStatus(const grpc::Status& status) const;
};

}  // namespace signet

#endif  // SIGNET_CLI_CONNECTION_H_
