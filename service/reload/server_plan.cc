#include "service/reload/server_plan.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/time/clock.h"
#include "service/reload/config_changes.h"
#include "service/yaml/yaml_config.h"

namespace signet {
namespace {

std::string FolderOf(const std::string& file) {
  const size_t slash = file.rfind('/');
  if (slash == std::string::npos) return "";
  // The root alone has a name that ends in its slash.
  return file.substr(0, std::max<size_t>(slash, 1));
}

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

absl::StatusOr<ServerPlan> Plan(config::v1::ServerConfig config,
                                const std::string& folder,
                                const ServerPlan* before) {
  if (before != nullptr) {
    const absl::Status changes = CheckChanges(before->config, config);
    if (!changes.ok()) return changes;
  }
  absl::StatusOr<Exposure> exposure =
      PlanExposure(config.listen(), folder, absl::Now());
  if (!exposure.ok()) return exposure.status();
  if (!exposure->address.is_loopback() && !config.has_authorization()) {
    return absl::InvalidArgumentError(
        "authorization: is required beyond loopback; everyone who can connect "
        "could have tokens signed");
  }
  absl::StatusOr<ServerSetup> setup =
      before == nullptr ? BuildServerSetup(config, folder)
                        : BuildSuccessor(config, folder, *before->setup);
  if (!setup.ok()) return setup.status();
  ServerPlan plan{std::move(config),
                  std::make_shared<const ServerSetup>(*std::move(setup)),
                  *std::move(exposure)};
  plan.log_level = LogLevelOf(plan.config.log());
  if (plan.config.has_audit()) {
    absl::StatusOr<AuditOptions> audit =
        ReadAuditOptions(plan.config.audit(), folder);
    if (!audit.ok()) return audit.status();
    plan.audit.emplace(*std::move(audit));
  }
  if (plan.config.has_http()) {
    absl::StatusOr<HttpOptions> http =
        ReadHttpOptions(plan.config.http(), *plan.setup, folder, absl::Now());
    if (!http.ok()) return http.status();
    plan.http.emplace(*std::move(http));
  }
  return plan;
}

}  // namespace

absl::StatusOr<ServerPlan> ReadServerPlan(const std::string& file,
                                          const ServerPlan* before,
                                          std::vector<FileMark>& marks) {
  const FileMark mark = MarkFile(file);
  absl::StatusOr<config::v1::ServerConfig> config = LoadServerConfig(file);
  if (!config.ok()) {
    marks = MarkAgain(marks);
    if (marks.empty()) marks.push_back(mark);
    marks.front() = mark;
    return config.status();
  }
  const std::string folder = FolderOf(file);
  marks = {mark};
  for (const std::string& named : FilesNamedIn(*config, folder)) {
    marks.push_back(MarkFile(named));
  }
  absl::StatusOr<ServerPlan> plan = Plan(*std::move(config), folder, before);
  if (!plan.ok()) return LocateProblem(file, plan.status());
  return plan;
}

}  // namespace signet
