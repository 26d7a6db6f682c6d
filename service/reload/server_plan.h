#ifndef SIGNET_SERVICE_RELOAD_SERVER_PLAN_H_
#define SIGNET_SERVICE_RELOAD_SERVER_PLAN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/audit/audit_options.h"
#include "service/event_log.h"
#include "service/exposure.h"
#include "service/http/http_options.h"
#include "service/reload/file_marks.h"
#include "service/server_setup.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// ServerPlan is what a configuration file comes to.
struct ServerPlan {
  config::v1::ServerConfig config;
  std::shared_ptr<const ServerSetup> setup;
  Exposure exposure;
  // Nothing, if no HTTP is to be spoken.
  std::optional<HttpOptions> http;
  LogLevel log_level = LogLevel::kInfo;
  // Nothing, if nobody is to be told who did what.
  std::optional<AuditOptions> audit;
};

// ReadServerPlan reads a configuration, and everything that it names. If a
// server runs by `before`, which is then not null, the plan is one that it can
// change to (CheckChanges, BuildSuccessor). Fails as LoadServerConfig does, or
// with what is wrong in which line. Into `marks` goes how the files looked
// before they were read, also on failure; those that are unknown then, as far
// as they were in it, are looked at again.
absl::StatusOr<ServerPlan> ReadServerPlan(const std::string& file,
                                          const ServerPlan* before,
                                          std::vector<FileMark>& marks);

}  // namespace signet

#endif  // SIGNET_SERVICE_RELOAD_SERVER_PLAN_H_
