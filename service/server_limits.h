#ifndef SIGNET_SERVICE_SERVER_LIMITS_H_
#define SIGNET_SERVICE_SERVER_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/listen/open_connections.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// ConnectionLimits bounds what the clients of gRPC can take.
struct ConnectionLimits {
  int max_metadata_bytes;  // Of a call.
  int max_streams;         // Of a connection.
  absl::Duration max_idle;
  absl::Duration max_age;  // May be infinite.
  absl::Duration handshake_timeout;
  size_t max_memory_bytes;  // Of all connections.
  ConnectionCaps caps;
};

// ServerLimits bounds what a server takes on. Each is a field of
// config::v1::Limits, with its default filled in.
struct ServerLimits {
  uint32_t max_rsa_bits;
  size_t max_batch_size;
  int64_t max_calls;
  int max_message_bytes;
  // 0 is for none.
  size_t token_cache_bytes;
  size_t key_table_bytes;
  ConnectionLimits connections;
};

// ReadLimits returns InvalidArgument, beginning with the field at fault, if one
// of the limits is out of its bounds.
absl::StatusOr<ServerLimits> ReadLimits(const config::v1::Limits& config);

}  // namespace signet

#endif  // SIGNET_SERVICE_SERVER_LIMITS_H_
