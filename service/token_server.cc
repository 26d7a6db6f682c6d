#include "service/token_server.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "grpc/grpc.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "keys/key_preparer_thread.h"
#include "service/token_handlers.h"
#include "service/unix_socket.h"
#include "signet/v1/token_service.grpc.pb.h"

namespace signet {
namespace {

// The codes are the same by definition.
grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()),
          std::string(status.message())};
}

absl::Status CannotListen(const ListenAddress& address) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", address.text(),
                   "; is the address this machine's, and is it free?"));
}

// How many calls of the service are running: from when gRPC hands them over
// until their answers are on the wire.
class RunningCalls {
 public:
  // What gRPC tells about one call. It ends itself.
  class Call final : public grpc::ServerUnaryReactor {
   public:
    explicit Call(RunningCalls& calls) : calls_(calls) {
      calls_.count_.fetch_add(1, std::memory_order_relaxed);
    }

   private:
    void OnDone() override {
      // What was answered happened before whoever sees no call.
      calls_.count_.fetch_sub(1, std::memory_order_release);
      delete this;
    }

    RunningCalls& calls_;
  };

  bool none() const { return count_.load(std::memory_order_acquire) == 0; }

 private:
  std::atomic<int64_t> count_ = 0;
};

// All methods of the service, as bytes in and bytes out.
using RawTokenService = v1::TokenService::WithRawCallbackMethod_Sign<
    v1::TokenService::WithRawCallbackMethod_Verify<
        v1::TokenService::WithRawCallbackMethod_BatchVerify<
            v1::TokenService::WithRawCallbackMethod_Introspect<
                v1::TokenService::Service>>>>;

// Hands each call to its handler, and the handler's answer to gRPC. Reads the
// requests itself: gRPC would call one that is not a message of its type, or
// has a string that is not UTF-8, an unimplemented method.
class TokenServiceAdapter final : public RawTokenService {
 public:
  TokenServiceAdapter(std::shared_ptr<const ServerSetup> setup, Clock clock)
      : max_response_bytes_(static_cast<size_t>(setup->max_message_bytes)),
        handlers_(std::move(setup)),
        clock_(std::move(clock)) {}

  const RunningCalls& running_calls() const { return running_calls_; }

  grpc::ServerUnaryReactor* Sign(grpc::CallbackServerContext*,
                                 const grpc::ByteBuffer* request,
                                 grpc::ByteBuffer* response) override {
    return Answer(&TokenHandlers::Sign, *request, *response);
  }
  grpc::ServerUnaryReactor* Verify(grpc::CallbackServerContext*,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override {
    return Answer(&TokenHandlers::Verify, *request, *response);
  }
  grpc::ServerUnaryReactor* BatchVerify(grpc::CallbackServerContext*,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override {
    return Answer(&TokenHandlers::BatchVerify, *request, *response);
  }
  grpc::ServerUnaryReactor* Introspect(grpc::CallbackServerContext*,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
    return Answer(&TokenHandlers::Introspect, *request, *response);
  }

 private:
  template <typename Request, typename Response>
  using Handler = absl::StatusOr<Response> (TokenHandlers::*)(const Request&,
                                                              absl::Time) const;

  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Answer(Handler<Request, Response> handler,
                                   const grpc::ByteBuffer& request_bytes,
                                   grpc::ByteBuffer& response_bytes) {
    auto* call = new RunningCalls::Call(running_calls_);
    call->Finish(Handle(handler, request_bytes, response_bytes));
    return call;
  }

  template <typename Request, typename Response>
  grpc::Status Handle(Handler<Request, Response> handler,
                      grpc::ByteBuffer request_bytes,
                      grpc::ByteBuffer& response_bytes) const {
    Request request;
    if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Request>(
             &request_bytes, &request)
             .ok()) {
      return {grpc::StatusCode::INVALID_ARGUMENT,
              absl::StrCat("the request is not a ",
                           Request::descriptor()->full_name(),
                           ", or has a string that is not UTF-8")};
    }
    const absl::StatusOr<Response> response =
        (handlers_.*handler)(request, clock_());
    if (!response.ok()) return ToGrpc(response.status());
    // A caller that takes no more would learn nothing from the rest.
    if (response->ByteSizeLong() > max_response_bytes_) {
      return {grpc::StatusCode::RESOURCE_EXHAUSTED,
              absl::StrCat("the answer has more than ", max_response_bytes_,
                           " bytes; ask about fewer tokens at once")};
    }
    bool own_buffer = false;
    return grpc::GenericSerialize<grpc::ProtoBufferWriter, Response>(
        *response, &response_bytes, &own_buffer);
  }

  size_t max_response_bytes_;
  TokenHandlers handlers_;
  Clock clock_;
  RunningCalls running_calls_;
};

// Between two looks at whether a server that stops has calls left. Also what a
// call gets that gRPC took but has not handed over, and an answer to arrive.
constexpr std::chrono::milliseconds kDrainInterval(50);

class GrpcTokenServer final : public TokenServer {
 public:
  explicit GrpcTokenServer(TokenServerOptions options)
      : adapter_(options.setup, std::move(options.clock)),
        setup_(std::move(options.setup)) {}
  // Is called from gRPC's threads, which hold its address.
  GrpcTokenServer(const GrpcTokenServer&) = delete;
  GrpcTokenServer& operator=(const GrpcTokenServer&) = delete;
  ~GrpcTokenServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Listen(const ListenAddress& address,
                      std::shared_ptr<grpc::ServerCredentials> credentials) {
    if (IsServedUnixSocket(address)) return CannotListen(address);
    grpc::ServerBuilder builder;
    // Two servers on one port would share its calls without anyone noticing.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    // A few compressed bytes could ask for any amount of memory: gRPC applies
    // its limit only to what comes out.
    for (const grpc_compression_algorithm algorithm :
         {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
      builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
    }
    builder.SetMaxReceiveMessageSize(setup_->max_message_bytes);
    builder.AddListeningPort(address.ToGrpcTarget(), std::move(credentials),
                             &port_);
    // For which gRPC makes up a port.
    is_unix_socket_ = address.is_unix_socket();
    builder.RegisterService(&adapter_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return CannotListen(address);
    if (setup_->key_preparer) key_preparer_.emplace(*setup_->key_preparer);
    SetServing(true);
    return absl::OkStatus();
  }

  int port() const override { return is_unix_socket_ ? 0 : port_; }

  void Drain(absl::Duration patience) override {
    if (server_ == nullptr) return;
    SetServing(false);
    const auto shutdown = std::async(std::launch::async, [this, patience] {
      server_->Shutdown(absl::ToChronoTime(absl::Now() + patience));
    });
    int quiet_intervals = 0;
    while (shutdown.wait_for(kDrainInterval) == std::future_status::timeout) {
      quiet_intervals =
          adapter_.running_calls().none() ? quiet_intervals + 1 : 0;
      // What is left are streams: of health, of reflection. They would go on
      // for as long as their clients like.
      if (quiet_intervals > 1) {
        grpc_server_cancel_all_calls(server_->c_server());
      }
    }
    server_->Wait();
    server_ = nullptr;
    key_preparer_.reset();
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
  // While the server serves, hot keys get tables.
  std::optional<KeyPreparerThread> key_preparer_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool is_unix_socket_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TokenServer>> TokenServer::Start(
    TokenServerOptions options) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  const ListenAddress address = options.address;
  auto credentials = std::move(options.credentials);
  auto server = std::make_unique<GrpcTokenServer>(std::move(options));
  const absl::Status listening =
      server->Listen(address, std::move(credentials));
  if (!listening.ok()) return listening;
  return server;
}

}  // namespace signet
