#include "service/token_server.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "grpc/grpc.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "keys/key_preparer_thread.h"
#include "service/client_connections.h"
#include "service/elapsed.h"
#include "service/key_handlers.h"
#include "service/key_service_adapter.h"
#include "service/listen/accept_loop.h"
#include "service/listen/grpc_doors.h"
#include "service/listen/listening_sockets.h"
#include "service/token_service_adapter.h"

namespace signet {
namespace {

// The services that look after keys, and what they stand on.
struct KeyServices {
  KeyServices(const TokenServerOptions& options, RunningCalls& calls)
      : handlers(options.state, options.setup),
        keys({handlers, *options.setup, calls, *options.watch, options.clock},
             *options.setup->Share()->issuers),
        revocations(
            {handlers, *options.setup, calls, *options.watch, options.clock}) {}

  const KeyHandlers handlers;
  KeyServiceAdapter keys;
  RevocationServiceAdapter revocations;
};

// Between two looks at whether a server that stops has calls left. Also what a
// call gets that gRPC took but has not handed over, and an answer to arrive.
constexpr std::chrono::milliseconds kDrainInterval(50);

// How long a client may take to hear that it shall call elsewhere. Only those
// that do nothing else hold a stopping server up for so long: streams of health
// and reflection that go on, and clients that hang.
constexpr absl::Duration kLeavePatience = absl::Seconds(2);

// How long calls of a connection that is too old have to end.
constexpr absl::Duration kAgeGrace = absl::Seconds(30);

void BoundConnections(const ConnectionLimits& limits,
                      grpc::ServerBuilder& builder) {
  const auto milliseconds = [](absl::Duration duration) {
    return static_cast<int>(absl::ToInt64Milliseconds(duration));
  };
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                             limits.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             limits.max_streams);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             milliseconds(limits.max_idle));
  if (limits.max_age != absl::InfiniteDuration()) {
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                               milliseconds(limits.max_age));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                               milliseconds(kAgeGrace));
  }
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             milliseconds(limits.handshake_timeout));
  grpc::ResourceQuota quota("signet");
  quota.Resize(limits.max_memory_bytes);
  builder.SetResourceQuota(quota);
}

std::shared_ptr<OpenConnections> ConnectionsOf(
    const TokenServerOptions& options) {
  if (options.connections) return options.connections;
  return std::make_shared<OpenConnections>(
      options.setup->Share()->connections.caps, SteadyElapsed);
}

class GrpcTokenServer final : public TokenServer {
 public:
  explicit GrpcTokenServer(const TokenServerOptions& options)
      : watch_(options.watch),
        adapter_(options.setup, *watch_, options.clock),
        setup_(options.setup),
        open_connections_(ConnectionsOf(options)),
        log_(options.log) {
    if (options.state) {
      key_services_.emplace(options, adapter_.running_calls());
    }
  }
  // Is called from gRPC's threads, which hold its address.
  GrpcTokenServer(const GrpcTokenServer&) = delete;
  GrpcTokenServer& operator=(const GrpcTokenServer&) = delete;
  ~GrpcTokenServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Listen(const ListenAddress& address,
                      std::shared_ptr<grpc::ServerCredentials> credentials) {
    absl::StatusOr<ListeningSockets> listening =
        ListeningSockets::Open(address);
    if (!listening.ok()) return listening.status();
    port_ = listening->port();
    grpc::ServerBuilder builder;
    // A few compressed bytes could ask for any amount of memory: gRPC applies
    // its limit only to what comes out.
    for (const grpc_compression_algorithm algorithm :
         {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
      builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
    }
    builder.SetMaxReceiveMessageSize(setup_->Share()->max_message_bytes);
    BoundConnections(setup_->Share()->connections, builder);
    doors_ = credentials ? GrpcDoors::ForAll(builder, std::move(credentials))
                         : GrpcDoors::ForUsers(builder);
    builder.RegisterService(&adapter_);
    if (key_services_) {
      builder.RegisterService(&key_services_->keys);
      builder.RegisterService(&key_services_->revocations);
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) {
      return absl::InternalError("gRPC does not start a server");
    }
    connections_.emplace(*server_, open_connections_);
    // All setups have the same one.
    const auto preparer = setup_->Share()->key_preparer;
    if (preparer) key_preparer_.emplace(*preparer);
    SetServing(true);
    setup_->Share()->freshness->SetListener([this] { SetServing(true); });
    accept_loop_.emplace(
        *std::move(listening),
        [this](SocketDescriptor socket, const Origin& origin) {
          return doors_->Let(std::move(socket), origin);
        },
        open_connections_, log_);
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  void Drain(absl::Duration patience) override {
    if (server_ == nullptr) return;
    setup_->Share()->freshness->SetListener(nullptr);
    const absl::Time end = absl::Now() + patience;
    SetServing(false);
    accept_loop_.reset();
    connections_->SendAway();
    adapter_.StopStreams();
    if (key_services_) key_services_->keys.StopStreams();
    connections_->AwaitEnd(std::min(patience, kLeavePatience));
    // Calls that wait for keys could wait for longer than anyone is patient.
    setup_->Share()->remote->Stop();
    const auto shutdown = std::async(std::launch::async, [this, end] {
      server_->Shutdown(absl::ToChronoTime(end));
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
  // Says what is served; less of it while what the server knows is stale.
  void SetServing(bool serving) {
    const bool verifies =
        serving && setup_->Share()->freshness->CheckVerifying().ok();
    const bool changes = serving && !setup_->Share()->freshness->IsStale();
    grpc::HealthCheckServiceInterface* health =
        server_->GetHealthCheckService();
    health->SetServingStatus(verifies);
    health->SetServingStatus(v1::TokenService::service_full_name(), verifies);
    if (!key_services_) return;
    health->SetServingStatus(v1::KeyService::service_full_name(), changes);
    health->SetServingStatus(v1::RevocationService::service_full_name(),
                             changes);
  }

  const std::shared_ptr<CallWatch> watch_;
  TokenServiceAdapter adapter_;
  std::optional<KeyServices> key_services_;
  std::shared_ptr<const CurrentSetup> setup_;
  // While the server serves, hot keys get tables.
  std::optional<KeyPreparerThread> key_preparer_;
  std::unique_ptr<grpc::Server> server_;
  const std::shared_ptr<OpenConnections> open_connections_;
  const std::shared_ptr<EventLog> log_;
  std::optional<ClientConnections> connections_;
  std::optional<GrpcDoors> doors_;
  std::optional<AcceptLoop> accept_loop_;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TokenServer>> TokenServer::Start(
    TokenServerOptions options) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  if (options.channelz == Channelz::kOn) {
    grpc::channelz::experimental::InitChannelzService();
  }
  const ListenAddress address = options.address;
  auto credentials = std::move(options.credentials);
  auto server = std::make_unique<GrpcTokenServer>(std::move(options));
  const absl::Status listening =
      server->Listen(address, std::move(credentials));
  if (!listening.ok()) return listening;
  return server;
}

}  // namespace signet
