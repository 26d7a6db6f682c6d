#include "cli/serve_command.h"

#include <pthread.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/printable.h"
#include "fetch/curl_fetcher.h"
#include "fetch/fetcher.h"
#include "keys/published.h"
#include "service/audit/audit_log.h"
#include "service/call_log.h"
#include "service/call_record.h"
#include "service/current_setup.h"
#include "service/durable_state.h"
#include "service/elapsed.h"
#include "service/event_log.h"
#include "service/exposure.h"
#include "service/http/http_face.h"
#include "service/http/http_server.h"
#include "service/listen/descriptor_limit.h"
#include "service/listen/open_connections.h"
#include "service/listen_address.h"
#include "service/metrics/audit_metrics.h"
#include "service/metrics/call_counts.h"
#include "service/metrics/connection_metrics.h"
#include "service/metrics/measured_store.h"
#include "service/metrics/metrics_page.h"
#include "service/metrics/process_metrics.h"
#include "service/metrics/reload_counts.h"
#include "service/metrics/state_metrics.h"
#include "service/reload/config_reloader.h"
#include "service/reload/config_watcher.h"
#include "service/reload/file_marks.h"
#include "service/reload/server_plan.h"
#include "service/remote_issuers.h"
#include "service/remote_refresher.h"
#include "service/server_setup.h"
#include "service/state_options.h"
#include "service/systemd_notification.h"
#include "service/token_server.h"
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

// Has the keys of remote issuers fetched, and kept in the store.
absl::StatusOr<std::unique_ptr<RemoteRefresher>> BeginFetching(
    std::shared_ptr<RemoteIssuers> remote,
    const std::shared_ptr<DurableState>& state, EventLog& log) {
  absl::StatusOr<std::unique_ptr<Fetcher>> fetcher = NewCurlFetcher();
  if (!fetcher.ok()) return fetcher.status();
  return std::make_unique<RemoteRefresher>(
      std::move(remote), *std::move(fetcher), log,
      [state](JwkSetRecord record, std::function<void(absl::Status)> done) {
        state->writer().KeepJwkSet(std::move(record), std::move(done));
      });
}

// The signals that end the server, and the one that has it read its
// configuration anew. They are blocked before any other thread starts, so that
// only the one that waits for them gets them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Says what each signal asks for, until one of them ends the server.
void AwaitEnd(const sigset_t& signals, ConfigWatcher& config, EventLog& log) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    config.ReloadNow();
  }
  log.Info("server.draining", {{"signal", LogText::Public(strsignal(signal))}});
}

// What counts things for Prometheus.
struct Counters {
  explicit Counters(const ServerSetup& setup)
      : connections(std::make_shared<OpenConnections>(
            WithinDescriptors(setup.connections.caps, RaiseDescriptorLimit()),
            SteadyElapsed)) {}

  std::shared_ptr<OpenConnections> connections;
  std::shared_ptr<StoreCalls> store_calls = std::make_shared<StoreCalls>();
  std::shared_ptr<CallWatch> watch = std::make_shared<CallWatch>();
  std::shared_ptr<ReloadCounts> reloads =
      std::make_shared<ReloadCounts>(absl::Now());
};

// All that the parts of the server tell Prometheus.
std::shared_ptr<const MetricsPage> NewMetricsPage(
    const std::shared_ptr<const CurrentSetup>& setup,
    const std::shared_ptr<const DurableState>& state,
    const Counters& counters) {
  return std::make_shared<const MetricsPage>(MetricsPage::Sources{
      // Of all setups.
      setup->Share()->counts,
      // Lives in the watch, and keeps that alive.
      std::shared_ptr<const CallCounts>(counters.watch,
                                        &counters.watch->counts),
      std::make_shared<const StateMetrics>(setup, state), counters.store_calls,
      std::make_shared<const AuditMetrics>(counters.watch->audit),
      std::make_shared<const ConnectionMetrics>(counters.connections),
      counters.reloads, std::make_shared<const ProcessMetrics>()});
}

// Has the same setup and state answer over HTTP, as `face` says. Null, if
// nobody wants it.
absl::StatusOr<std::unique_ptr<HttpServer>> StartHttp(
    const ServerPlan& plan, std::shared_ptr<const Published<HttpFace>> face,
    EventLog& log) {
  if (!plan.http) return nullptr;
  absl::StatusOr<std::unique_ptr<HttpServer>> server =
      HttpServer::Start(*plan.http, {.face = std::move(face)});
  if (!server.ok()) return server.status();
  log.Info("http.listening",
           {{"address", LogText::Public(absl::StrCat(
                            plan.http->tls ? "https://" : "http://",
                            plan.http->address.TextWith((*server)->port())))}});
  return server;
}

// Has calls told of in the log and, if somebody wants it, in the audit log.
absl::Status StartWatching(const ServerPlan& plan,
                           const std::shared_ptr<EventLog>& log,
                           CallWatch& watch) {
  watch.log = std::make_unique<CallLog>(*log, SteadyElapsed);
  if (!plan.audit) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<AuditLog>> audit =
      AuditLog::Open(*plan.audit, log);
  if (!audit.ok()) return audit.status();
  watch.audit = *std::move(audit);
  return absl::OkStatus();
}

// Starts what a reload can change.
absl::StatusOr<RunningParts> StartParts(const ServerPlan& plan,
                                        const Counters& counters) {
  const auto log = std::make_shared<EventLog>();
  log->SetLevel(plan.log_level);
  absl::Status watching = StartWatching(plan, log, *counters.watch);
  if (!watching.ok()) return watching;
  absl::StatusOr<std::shared_ptr<DurableState>> state =
      StartState(*plan.setup, counters.store_calls, log);
  if (!state.ok()) return state.status();
  RunningParts parts{
      .setup = std::make_shared<CurrentSetup>(plan.setup),
      .state = *state,
      .begin_fetching =
          [state = *state, log](std::shared_ptr<RemoteIssuers> remote) {
            return BeginFetching(std::move(remote), state, *log);
          },
      .audit = counters.watch->audit,
      .tls = plan.exposure.tls,
      .log = log,
      .counts = counters.reloads};
  parts.metrics = NewMetricsPage(parts.setup, parts.state, counters);
  if (!plan.setup->remote->empty()) {
    auto refresher = parts.begin_fetching(plan.setup->remote);
    if (!refresher.ok()) return refresher.status();
    parts.refresher = *std::move(refresher);
  }
  if (plan.http) {
    auto face = HttpFace::Create(*plan.http, plan.setup, parts.state,
                                 parts.metrics, parts.audit);
    if (!face.ok()) return face.status();
    parts.face = std::make_shared<Published<HttpFace>>(*std::move(face));
  }
  return parts;
}

// Ends both servers. Calls of either may run meanwhile.
void Drain(TokenServer& server, HttpServer* http) {
  const absl::Time end = absl::Now() + kDrainPatience;
  if (http != nullptr) http->Refuse();
  server.Drain(kDrainPatience);
  if (http != nullptr) http->Drain(end - absl::Now());
}

ExitCode ServeCommand::Run() const {
  std::vector<FileMark> marks;
  if (check_only) {
    const absl::StatusOr<ServerPlan> plan =
        ReadServerPlan(config_file, nullptr, marks);
    if (!plan.ok()) return Report(plan.status());
    std::cout << Printable(config_file) << ": good\n";
    return ExitCode::kAccepted;
  }
  const sigset_t signals = BlockSignals();
  absl::StatusOr<ServerPlan> plan = ReadServerPlan(config_file, nullptr, marks);
  if (!plan.ok()) return Report(plan.status());
  const Counters counters(*plan->setup);
  absl::StatusOr<RunningParts> parts = StartParts(*plan, counters);
  if (!parts.ok()) return Report(parts.status());
  const std::shared_ptr<EventLog> log = parts->log;
  const ListenAddress listen = plan->exposure.address;
  const absl::StatusOr<std::unique_ptr<TokenServer>> server =
      TokenServer::Start({.address = listen,
                          .credentials = plan->exposure.credentials,
                          .channelz = plan->exposure.channelz,
                          .setup = parts->setup,
                          .state = parts->state,
                          .connections = counters.connections,
                          .log = log,
                          .watch = counters.watch});
  if (!server.ok()) return Report(server.status());
  const absl::StatusOr<std::unique_ptr<HttpServer>> http =
      StartHttp(*plan, parts->face, *log);
  if (!http.ok()) return Report(http.status());
  parts->http = http->get();

  ConfigReloader reloader(config_file, *std::move(plan), std::move(marks),
                          *std::move(parts));
  log->Info("server.listening",
            {{"address", LogText::Public(listen.TextWith((*server)->port()))}});
  const char* const systemd = std::getenv("NOTIFY_SOCKET");
  NotifySystemd(systemd, "READY=1");
  {
    ConfigWatcher config(reloader);
    AwaitEnd(signals, config, *log);
  }
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
