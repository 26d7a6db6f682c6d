#ifndef SIGNET_SERVICE_AUDIT_AUDIT_OPTIONS_H_
#define SIGNET_SERVICE_AUDIT_AUDIT_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "service/audit/audit_log.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// ReadAuditOptions returns InvalidArgument, beginning with the field at fault,
// if the configuration names no file. Its path is relative to `folder`.
absl::StatusOr<AuditOptions> ReadAuditOptions(const config::v1::Audit& config,
                                              const std::string& folder);

}  // namespace signet

#endif  // SIGNET_SERVICE_AUDIT_AUDIT_OPTIONS_H_
