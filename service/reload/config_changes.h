#ifndef SIGNET_SERVICE_RELOAD_CONFIG_CHANGES_H_
#define SIGNET_SERVICE_RELOAD_CONFIG_CHANGES_H_

#include "absl/status/status.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// CheckChanges returns InvalidArgument, beginning with the field, if `after`
// differs from `before` in anything that a running server cannot change. What
// is not known to be changeable is not.
absl::Status CheckChanges(const config::v1::ServerConfig& before,
                          const config::v1::ServerConfig& after);

}  // namespace signet

#endif  // SIGNET_SERVICE_RELOAD_CONFIG_CHANGES_H_
