#ifndef SIGNET_SERVICE_CONFIG_DURATION_H_
#define SIGNET_SERVICE_CONFIG_DURATION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"
#include "service/message_conversion.h"

namespace signet {

// ReadDuration reads an optional duration into `target`, which keeps its value
// if none is `given`. Errors begin with `field`.
template <typename Target>
absl::Status ReadDuration(absl::string_view field, bool given,
                          const google::protobuf::Duration& message,
                          Target& target) {
  if (!given) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> duration =
      DurationFromMessage(message, field);
  if (!duration.ok()) return duration.status();
  target = *duration;
  return absl::OkStatus();
}

}  // namespace signet

#endif  // SIGNET_SERVICE_CONFIG_DURATION_H_
