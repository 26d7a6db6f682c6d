#ifndef SIGNET_SERVICE_RATE_RETRY_DELAY_H_
#define SIGNET_SERVICE_RATE_RETRY_DELAY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace signet {

// WithRetryDelay adds to a status after what time it makes sense to repeat the
// call.
absl::Status WithRetryDelay(absl::Status status, absl::Duration delay);

// RetryDetails returns what a gRPC status tells of that behind its message: a
// google.rpc.Status with a google.rpc.RetryInfo, serialized; clients know it as
// grpc-status-details-bin. Empty, if there is nothing to tell.
std::string RetryDetails(const absl::Status& status);

}  // namespace signet

#endif  // SIGNET_SERVICE_RATE_RETRY_DELAY_H_
