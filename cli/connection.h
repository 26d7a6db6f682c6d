#ifndef SIGNET_CLI_CONNECTION_H_
#define SIGNET_CLI_CONNECTION_H_

#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "CLI/CLI.hpp"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "grpcpp/support/sync_stream.h"

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
  // AddServerTo leaves out how long to wait for an answer: for a command that
  // listens for as long as it is let.
  void AddServerTo(CLI::App& command);

  // Call sends one request with `method`, for example
  // &v1::TokenService::Stub::Verify, and waits for the answer.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) const {
    const absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = Connect();
    if (!channel.ok()) return channel.status();
    Stub stub(*channel);
    grpc::ClientContext context;
    SetDeadline(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return ToStatus(status);
    return response;
  }

  // Listen sends one request with `method`, and gives `take` each answer until
  // it returns false, or the server ends the stream.
  template <typename Stub, typename Request, typename Response>
  absl::Status Listen(
      std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
          grpc::ClientContext*, const Request&),
      const Request& request,
      std::type_identity_t<absl::FunctionRef<bool(const Response&)>> take)
      const {
    const absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = Connect();
    if (!channel.ok()) return channel.status();
    Stub stub(*channel);
    grpc::ClientContext context;
    const std::unique_ptr<grpc::ClientReader<Response>> reader =
        (stub.*method)(&context, request);
    Response response;
    while (reader->Read(&response)) {
      if (take(response)) continue;
      context.TryCancel();
      (void)reader->Finish();
      return absl::OkStatus();
    }
    const grpc::Status status = reader->Finish();
    return status.ok() ? absl::OkStatus() : ToStatus(status);
  }

 private:
  absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect() const;
  void SetDeadline(grpc::ClientContext& context) const;
  absl::Status ToStatus(const grpc::Status& status) const;
};

}  // namespace signet

#endif  // SIGNET_CLI_CONNECTION_H_
