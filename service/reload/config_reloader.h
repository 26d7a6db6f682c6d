#ifndef SIGNET_SERVICE_RELOAD_CONFIG_RELOADER_H_
#define SIGNET_SERVICE_RELOAD_CONFIG_RELOADER_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "keys/published.h"
#include "service/audit/audit_log.h"
#include "service/current_setup.h"
#include "service/durable_state.h"
#include "service/event_log.h"
#include "service/http/http_face.h"
#include "service/http/http_server.h"
#include "service/metrics/metrics_page.h"
#include "service/metrics/reload_counts.h"
#include "service/reload/file_marks.h"
#include "service/reload/server_plan.h"
#include "service/reloadable_credentials.h"
#include "service/remote_refresher.h"

namespace signet {

// RunningParts are those of a server that a reload changes.
struct RunningParts {
  std::shared_ptr<CurrentSetup> setup;
  std::shared_ptr<DurableState> state;
  // Begins to fetch the keys of these issuers.
  std::function<absl::StatusOr<std::unique_ptr<RemoteRefresher>>(
      std::shared_ptr<RemoteIssuers>)>
      begin_fetching;
  // Null, if there was nothing to fetch.
  std::unique_ptr<RemoteRefresher> refresher;
  // Null, if no HTTP is spoken; `metrics` and `audit` go into every face.
  std::shared_ptr<Published<HttpFace>> face;
  std::shared_ptr<const MetricsPage> metrics;
  // Null, if nobody is to be told who did what.
  std::shared_ptr<AuditLog> audit;
  // Null, if gRPC speaks no TLS.
  std::shared_ptr<ReloadableCredentials> tls;
  // Null, if no HTTP is spoken; must outlive the reloader.
  HttpServer* http = nullptr;
  std::shared_ptr<EventLog> log;
  std::shared_ptr<ReloadCounts> counts;
};

// ConfigReloader has a running server go by its configuration file as it is
// now: by all of it, or, if anything is wrong, by what was in force before. May
// be used from many threads at once.
class ConfigReloader {
 public:
  // `plan` is what the server was started with, and `marks` how its files
  // looked then.
  ConfigReloader(std::string file, ServerPlan plan, std::vector<FileMark> marks,
                 RunningParts parts);

  // Reload reads everything anew. When it returns OK, every call that begins
  // goes by the new configuration; each goes by one from beginning to end.
  // Otherwise nothing has changed, and the status says what is wrong, as does
  // the log. `cause` is for the log. One at a time: a second waits.
  absl::Status Reload(absl::string_view cause);

  // marks returns how the files looked before they were last read.
  std::vector<FileMark> marks() const;

  // FreeReplaced lets go of what no call goes by any more.
  void FreeReplaced();

 private:
  absl::Status TryReload() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Puts a plan in force, or changes nothing.
  absl::Status PutInForce(const ServerPlan& plan)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Has handshakes that begin later use the certificates of `plan`.
  absl::Status UseCertificates(const ServerPlan& plan) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Null, if no HTTP is spoken.
  absl::StatusOr<std::shared_ptr<const HttpFace>> NewFace(
      const ServerPlan& plan) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string file_;
  mutable std::mutex mutex_;
  // What is in force; never null.
  std::unique_ptr<const ServerPlan> plan_ ABSL_GUARDED_BY(mutex_);
  std::vector<FileMark> marks_ ABSL_GUARDED_BY(mutex_);
  RunningParts parts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_RELOAD_CONFIG_RELOADER_H_
