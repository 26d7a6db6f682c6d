#include "service/token_server.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "service/token_handlers.h"
#include "signet/v1/token_service.grpc.pb.h"

namespace signet {
namespace {

// The codes are the same by definition.
grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()),
          std::string(status.message())};
}

// Hands each call to its handler, and the handler's answer to gRPC.
class TokenServiceAdapter final : public v1::TokenService::CallbackService {
 public:
  TokenServiceAdapter(std::shared_ptr<const ServerSetup> setup, Clock clock)
      : handlers_(std::move(setup)), clock_(std::move(clock)) {}

  grpc::ServerUnaryReactor* Sign(grpc::CallbackServerContext* context,
                                 const v1::SignRequest* request,
                                 v1::SignResponse* response) override {
    return Answer(context, handlers_.Sign(*request, clock_()), response);
  }
  grpc::ServerUnaryReactor* Verify(grpc::CallbackServerContext* context,
                                   const v1::VerifyRequest* request,
                                   v1::VerifyResponse* response) override {
    return Answer(context, handlers_.Verify(*request, clock_()), response);
  }
  grpc::ServerUnaryReactor* BatchVerify(
      grpc::CallbackServerContext* context,
      const v1::BatchVerifyRequest* request,
      v1::BatchVerifyResponse* response) override {
    return Answer(context, handlers_.BatchVerify(*request, clock_()), response);
  }
  grpc::ServerUnaryReactor* Introspect(
      grpc::CallbackServerContext* context,
      const v1::IntrospectRequest* request,
      v1::IntrospectResponse* response) override {
    return Answer(context, handlers_.Introspect(*request, clock_()), response);
  }

 private:
  template <typename Response>
  static grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                          absl::StatusOr<Response> answer,
                                          Response* response) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    if (answer.ok()) *response = std::move(*answer);
    reactor->Finish(ToGrpc(answer.status()));
    return reactor;
  }

  TokenHandlers handlers_;
  Clock clock_;
};

class GrpcTokenServer final : public TokenServer {
 public:
  explicit GrpcTokenServer(TokenServerOptions options)
      : adapter_(options.setup, std::move(options.clock)),
        setup_(std::move(options.setup)) {}
  // Is called from gRPC's threads, which hold its address.
  GrpcTokenServer(const GrpcTokenServer&) = delete;
  GrpcTokenServer& operator=(const GrpcTokenServer&) = delete;
  ~GrpcTokenServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Listen(const std::string& address,
                      std::shared_ptr<grpc::ServerCredentials> credentials) {
    grpc::ServerBuilder builder;
    // Two servers on one port would share its calls without anyone noticing.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetMaxReceiveMessageSize(setup_->max_message_bytes);
    builder.AddListeningPort(address, std::move(credentials), &port_);
    // For which gRPC makes up a port.
    is_unix_socket_ = absl::StartsWith(address, "unix:");
    builder.RegisterService(&adapter_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "cannot listen on ", address,
          "; is the address this machine's, and is the port free?"));
    }
    SetServing(true);
    return absl::OkStatus();
  }

  int port() const override { return is_unix_socket_ ? 0 : port_; }

  void Drain(absl::Duration patience) override {
    if (server_ == nullptr) return;
    SetServing(false);
    server_->Shutdown(absl::ToChronoTime(absl::Now() + patience));
    server_->Wait();
    server_ = nullptr;
  }

 private:
  void SetServing(bool serving) {
    grpc::HealthCheckServiceInterface* health =
        server_->GetHealthCheckService();
    health->SetServingStatus(serving);
    health->SetServingStatus(v1::TokenService::service_full_name(), serving);
  }

  TokenServiceAdapter adapter_;
  std::shared_ptr<const ServerSetup> setup_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool is_unix_socket_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TokenServer>> TokenServer::Start(
    TokenServerOptions options) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  const std::string address = options.address;
  auto credentials = std::move(options.credentials);
  auto server = std::make_unique<GrpcTokenServer>(std::move(options));
  const absl::Status listening =
      server->Listen(address, std::move(credentials));
  if (!listening.ok()) return listening;
  return server;
}

}  // namespace signet
