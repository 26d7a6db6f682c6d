#include "cli/serve_command.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/printable.h"
#include "fetch/curl_fetcher.h"
#include "fetch/fetcher.h"
#include "service/audit/audit_log.h"
#include "service/audit/audit_options.h"
#include "service/call_log.h"
#include "service/call_record.h"
#include "service/current_setup.h"
#include "service/durable_state.h"
#include "service/elapsed.h"
#include "service/event_log.h"
#include "service/exposure.h"
#include "service/http/http_face.h"
#include "service/http/http_options.h"
#include "service/http/http_server.h"
#include "service/listen_address.h"
#include "service/metrics/audit_metrics.h"
#include "service/metrics/call_counts.h"
#include "service/metrics/measured_store.h"
#include "service/metrics/metrics_page.h"
#include "service/metrics/process_metrics.h"
#include "service/metrics/state_metrics.h"
#include "service/remote_refresher.h"
#include "service/server_setup.h"
#include "service/state_options.h"
#include "service/systemd_notification.h"
#include "service/token_server.h"
#include "service/yaml/yaml_config.h"
#include "store/open_store.h"
#include "store/records.h"
#include "store/store.h"

namespace signet {
namespace {

// How long running calls may take to end, once the server is told to stop.
constexpr absl::Duration kDrainPatience = absl::Seconds(10);

struct ServeCommand {
  std::string config_file;
  bool check_only = false;

  ExitCode Run() const;
};

// What a configuration file comes to.
struct Plan {
  std::shared_ptr<const ServerSetup> setup;
  Exposure exposure;
  // Nothing, if no HTTP is to be spoken.
  std::optional<HttpOptions> http;
  LogLevel log_level = LogLevel::kInfo;
  // Nothing, if nobody is to be told who did what.
  std::optional<AuditOptions> audit;
};

LogLevel LogLevelOf(const config::v1::Log& config) {
  switch (config.level()) {
    case config::v1::LOG_LEVEL_DEBUG:
      return LogLevel::kDebug;
    case config::v1::LOG_LEVEL_WARNING:
      return LogLevel::kWarning;
    default:
      return LogLevel::kInfo;
  }
}

absl::StatusOr<Plan> ReadPlan(const std::string& file) {
  const absl::StatusOr<config::v1::ServerConfig> config =
      LoadServerConfig(file);
  if (!config.ok()) return config.status();
  const size_t slash = file.rfind('/');
  // The root alone has a name that ends in its slash.
  const std::string folder = slash == std::string::npos
                                 ? ""
                                 : file.substr(0, std::max<size_t>(slash, 1));
  absl::StatusOr<Exposure> exposure =
      PlanExposure(config->listen(), folder, absl::Now());
  if (!exposure.ok()) return LocateProblem(file, exposure.status());
  absl::StatusOr<ServerSetup> setup = BuildServerSetup(*config, folder);
  if (!setup.ok()) return LocateProblem(file, setup.status());
  Plan plan{std::make_shared<const ServerSetup>(*std::move(setup)),
            *std::move(exposure)};
  plan.log_level = LogLevelOf(config->log());
  if (config->has_audit()) {
    absl::StatusOr<AuditOptions> audit =
        ReadAuditOptions(config->audit(), folder);
    if (!audit.ok()) return LocateProblem(file, audit.status());
    plan.audit.emplace(*std::move(audit));
  }
  if (config->has_http()) {
    absl::StatusOr<HttpOptions> http =
        ReadHttpOptions(config->http(), *plan.setup, folder, absl::Now());
    if (!http.ok()) return LocateProblem(file, http.status());
    plan.http.emplace(*std::move(http));
  }
  return plan;
}

// Opens the store, and has `setup` follow it. `calls` counts what is asked of
// it.
absl::StatusOr<std::shared_ptr<DurableState>> StartState(
    const ServerSetup& setup, std::shared_ptr<StoreCalls> calls,
    std::shared_ptr<EventLog> log) {
  absl::StatusOr<KeyEncryptionKey> sealer = LoadKeyEncryptionKey(setup.state);
  if (!sealer.ok()) return sealer.status();
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(setup.state.store);
  if (!store.ok()) return store.status();
  return DurableState::Start(
      {.store = std::make_unique<MeasuredStore>(
           *std::move(store), std::move(calls), SteadyElapsed),
       .sealer = *std::move(sealer),
       .issuers = setup.issuers,
       .remote = setup.remote,
       .revocations = setup.revocations,
       .freshness = setup.freshness,
       .log = std::move(log)});
}

// Has the keys of remote issuers fetched, and kept in the store. Null, if there
// are no such issuers.
absl::StatusOr<std::unique_ptr<RemoteRefresher>> StartRefreshing(
    const ServerSetup& setup, const std::shared_ptr<DurableState>& state,
    EventLog& log) {
  if (setup.remote->empty()) return nullptr;
  absl::StatusOr<std::unique_ptr<Fetcher>> fetcher = NewCurlFetcher();
  if (!fetcher.ok()) return fetcher.status();
  return std::make_unique<RemoteRefresher>(
      setup.remote, *std::move(fetcher), log,
      [state](JwkSetRecord record, std::function<void(absl::Status)> done) {
        state->writer().KeepJwkSet(std::move(record), std::move(done));
      });
}

// Counts calls, and tells of them in the log and, if somebody wants it, in the
// audit log.
absl::StatusOr<std::shared_ptr<CallWatch>> StartWatching(
    const Plan& plan, const std::shared_ptr<EventLog>& log) {
  auto watch = std::make_shared<CallWatch>();
  watch->log = std::make_unique<CallLog>(*log, SteadyElapsed);
  if (!plan.audit) return watch;
  absl::StatusOr<std::unique_ptr<AuditLog>> audit =
      AuditLog::Open(*plan.audit, log);
  if (!audit.ok()) return audit.status();
  watch->audit = *std::move(audit);
  return watch;
}

// The signals that end the server. They are blocked before any other thread
// starts, so that only the one that waits for them gets them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// The address that was configured, with the port that was given by the system.
std::string ActualAddress(const ListenAddress& address, int port) {
  const std::string& text = address.text();
  if (address.is_unix_socket()) return text;
  return absl::StrCat(text.substr(0, text.rfind(':') + 1), port);
}

// All that the parts of the server tell Prometheus.
std::shared_ptr<const MetricsPage> NewMetricsPage(
    const std::shared_ptr<const ServerSetup>& setup,
    const std::shared_ptr<const DurableState>& state,
    const std::shared_ptr<const StoreCalls>& store_calls,
    const std::shared_ptr<CallWatch>& watch) {
  return std::make_shared<const MetricsPage>(MetricsPage::Sources{
      setup->counts,
      // Lives in the watch, and keeps that alive.
      std::shared_ptr<const CallCounts>(watch, &watch->counts),
      std::make_shared<const StateMetrics>(setup, state), store_calls,
      std::make_shared<const AuditMetrics>(watch->audit),
      std::make_shared<const ProcessMetrics>()});
}

// Has the same setup and state answer over HTTP. Null, if nobody wants it.
absl::StatusOr<std::unique_ptr<HttpServer>> StartHttp(
    const Plan& plan, std::shared_ptr<DurableState> state,
    std::shared_ptr<const MetricsPage> metrics,
    const std::shared_ptr<CallWatch>& watch, EventLog& log) {
  if (!plan.http) return nullptr;
  absl::StatusOr<std::unique_ptr<const HttpFace>> face =
      HttpFace::Create(*plan.http, plan.setup, std::move(state),
                       std::move(metrics), watch->audit);
  if (!face.ok()) return face.status();
  absl::StatusOr<std::unique_ptr<HttpServer>> server =
      HttpServer::Start(*plan.http, {.face = *std::move(face)});
  if (!server.ok()) return server.status();
  log.Info("http.listening",
           {{"address",
             LogText::Public(absl::StrCat(
                 plan.http->tls ? "https://" : "http://",
                 ActualAddress(plan.http->address, (*server)->port())))}});
  return server;
}

// Ends both servers. Calls of either may run meanwhile.
void Drain(TokenServer& server, HttpServer* http) {
  const absl::Time end = absl::Now() + kDrainPatience;
  if (http != nullptr) http->Refuse();
  server.Drain(kDrainPatience);
  if (http != nullptr) http->Drain(end - absl::Now());
}

ExitCode ServeCommand::Run() const {
  if (check_only) {
    const absl::StatusOr<Plan> plan = ReadPlan(config_file);
    if (!plan.ok()) return Report(plan.status());
    std::cout << Printable(config_file) << ": good\n";
    return ExitCode::kAccepted;
  }
  const sigset_t stop_signals = BlockStopSignals();
  absl::StatusOr<Plan> plan = ReadPlan(config_file);
  if (!plan.ok()) return Report(plan.status());
  const auto log = std::make_shared<EventLog>();
  log->SetLevel(plan->log_level);
  const auto store_calls = std::make_shared<StoreCalls>();
  absl::StatusOr<std::shared_ptr<DurableState>> state =
      StartState(*plan->setup, store_calls, log);
  if (!state.ok()) return Report(state.status());
  absl::StatusOr<std::unique_ptr<RemoteRefresher>> refresher =
      StartRefreshing(*plan->setup, *state, *log);
  if (!refresher.ok()) return Report(refresher.status());
  const absl::StatusOr<std::shared_ptr<CallWatch>> watch =
      StartWatching(*plan, log);
  if (!watch.ok()) return Report(watch.status());
  const absl::StatusOr<std::unique_ptr<TokenServer>> server =
      TokenServer::Start({.address = plan->exposure.address,
                          .credentials = plan->exposure.credentials,
                          .setup = std::make_shared<CurrentSetup>(plan->setup),
                          .state = *state,
                          .watch = *watch});
  if (!server.ok()) return Report(server.status());
  const absl::StatusOr<std::unique_ptr<HttpServer>> http = StartHttp(
      *plan, *state, NewMetricsPage(plan->setup, *state, store_calls, *watch),
      *watch, *log);
  if (!http.ok()) return Report(http.status());

  const std::string address =
      ActualAddress(plan->exposure.address, (*server)->port());
  log->Info("server.listening", {{"address", LogText::Public(address)}});
  const char* const systemd = std::getenv("NOTIFY_SOCKET");
  NotifySystemd(systemd, "READY=1");
  int signal = 0;
  sigwait(&stop_signals, &signal);
  log->Info("server.draining",
            {{"signal", LogText::Public(strsignal(signal))}});
  NotifySystemd(systemd, "STOPPING=1");
  Drain(**server, http->get());
  log->Info("server.stopped");
  return ExitCode::kAccepted;
}

}  // namespace

void AddServeCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand("serve", "Run the token service");
  const auto options = std::make_shared<ServeCommand>();
  command
      .add_option(
          "--config", options->config_file,
          "The configuration (YAML); see proto/signet/config/v1/config.proto")
      ->required();
  command.add_flag("--check-config", options->check_only,
                   "Only say whether the configuration is good");
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
