#include "service/audit/audit_options.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "service/config_field.h"

namespace signet {

absl::StatusOr<AuditOptions> ReadAuditOptions(const config::v1::Audit& config,
                                              const std::string& folder) {
  if (config.file().empty() || absl::EndsWith(config.file(), "/")) {
    return absl::InvalidArgumentError("audit.file: must name a file");
  }
  return AuditOptions{
      .file = ResolvePath(folder, config.file()),
      .durability = config.sync() ? Durability::kDisk : Durability::kKernel};
}

}  // namespace signet
