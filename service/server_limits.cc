#include "service/server_limits.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"
#include "keys/key_material.h"
#include "service/config_duration.h"
#include "verifier/token_cache.h"

namespace signet {
namespace {

// What a limit may be.
struct Bounds {
  uint64_t least;
  uint64_t most;
};

constexpr uint64_t kKiB = uint64_t{1} << 10U;
constexpr uint64_t kMiB = kKiB << 10U;
constexpr uint64_t kGiB = kMiB << 10U;

constexpr uint32_t kDefaultBatchSize = 1024;
constexpr Bounds kBatchSizes = {1, 65'536};
constexpr uint32_t kDefaultCalls = 16'384;
constexpr Bounds kCalls = {1, 1'000'000};
constexpr uint32_t kDefaultMessageBytes = 4 * kMiB;
constexpr Bounds kMessageBytes = {64 * kKiB, 64 * kMiB};
constexpr Bounds kRsaBits = {KeyLimits{}.max_rsa_bits, kMaxRsaBits};
// With less, the largest tokens would never be remembered, and the largest
// tables would leave no room for others. With more, somebody has mistaken the
// unit.
constexpr Bounds kMemoryBytes = {kMiB, 64 * kGiB};
constexpr uint64_t kDefaultKeyTableBytes = 64 * kMiB;
constexpr uint32_t kDefaultMetadataBytes = 16 * kKiB;
constexpr Bounds kMetadataBytes = {kKiB, kMiB};
constexpr uint32_t kDefaultStreams = 1024;
constexpr Bounds kStreams = {1, 65'536};
constexpr absl::Duration kDefaultIdle = absl::Minutes(30);
constexpr absl::Duration kDefaultHandshake = absl::Seconds(10);
constexpr absl::Duration kLongest = absl::Hours(24);
constexpr uint64_t kDefaultConnectionMemory = kGiB;
constexpr uint32_t kDefaultConnections = 8192;
constexpr uint32_t kDefaultConnectionsPerAddress = 1024;
constexpr Bounds kConnections = {1, 1'000'000};
constexpr Bounds kConnectionMemory = {16 * kMiB, 64 * kGiB};

absl::Status CheckBounds(absl::string_view field, uint64_t value,
                         const Bounds& bounds, absl::string_view or_else = "") {
  if (value >= bounds.least && value <= bounds.most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("limits.", field, ": must be ",
                                                 or_else, "from ", bounds.least,
                                                 " to ", bounds.most));
}

// Here 0 switches off what the memory would be for.
absl::Status CheckMemory(absl::string_view field, uint64_t value) {
  if (value == 0) return absl::OkStatus();
  return CheckBounds(field, value, kMemoryBytes, "0, or ");
}

// Returns `value`, or `otherwise` if it was not given.
template <typename Number>
Number Given(Number value, Number otherwise) {
  return value == 0 ? otherwise : value;
}

// Reads a duration of the limits, which is in `duration` by default.
absl::Status ReadLimit(absl::string_view name, bool is_given,
                       const google::protobuf::Duration& message,
                       absl::Duration& duration) {
  const std::string field = absl::StrCat("limits.", name);
  absl::Status read = ReadDuration(field, is_given, message, duration);
  if (!read.ok() || !is_given) return read;
  // gRPC counts in milliseconds.
  if (duration >= absl::Milliseconds(1) && duration <= kLongest) return read;
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be from 1ms to 24h"));
}

absl::StatusOr<ConnectionLimits> ReadConnectionLimits(
    const config::v1::Limits& config) {
  const uint32_t metadata_bytes =
      Given(config.max_metadata_bytes(), kDefaultMetadataBytes);
  const uint32_t streams =
      Given(config.max_concurrent_streams(), kDefaultStreams);
  const uint64_t memory_bytes =
      Given(config.max_connection_memory_bytes(), kDefaultConnectionMemory);
  const ConnectionCaps caps = {
      .total = Given(config.max_connections(), kDefaultConnections),
      .per_origin = Given(config.max_connections_per_address(),
                          kDefaultConnectionsPerAddress)};
  ConnectionLimits limits{
      .max_metadata_bytes = static_cast<int>(metadata_bytes),
      .max_streams = static_cast<int>(streams),
      .max_idle = kDefaultIdle,
      .max_age = absl::InfiniteDuration(),
      .handshake_timeout = kDefaultHandshake,
      .max_memory_bytes = memory_bytes,
      .caps = caps};
  absl::Status status =
      CheckBounds("max_metadata_bytes", metadata_bytes, kMetadataBytes);
  status.Update(CheckBounds("max_concurrent_streams", streams, kStreams));
  status.Update(CheckBounds("max_connection_memory_bytes", memory_bytes,
                            kConnectionMemory));
  status.Update(CheckBounds("max_connections", caps.total, kConnections));
  status.Update(CheckBounds("max_connections_per_address", caps.per_origin,
                            kConnections));
  status.Update(ReadLimit("max_connection_idle",
                          config.has_max_connection_idle(),
                          config.max_connection_idle(), limits.max_idle));
  status.Update(ReadLimit("max_connection_age", config.has_max_connection_age(),
                          config.max_connection_age(), limits.max_age));
  status.Update(ReadLimit("handshake_timeout", config.has_handshake_timeout(),
                          config.handshake_timeout(),
                          limits.handshake_timeout));
  if (!status.ok()) return status;
  return limits;
}

}  // namespace

absl::StatusOr<ServerLimits> ReadLimits(const config::v1::Limits& config) {
  const uint32_t rsa_bits =
      Given(config.max_rsa_bits(), KeyLimits{}.max_rsa_bits);
  const uint32_t batch_size = Given(config.max_batch_size(), kDefaultBatchSize);
  const uint32_t calls = Given(config.max_calls(), kDefaultCalls);
  const uint32_t message_bytes =
      Given(config.max_message_bytes(), kDefaultMessageBytes);
  const uint64_t token_cache_bytes = config.has_token_cache_bytes()
                                         ? config.token_cache_bytes()
                                         : TokenCache::kDefaultBytes;
  const uint64_t key_table_bytes = config.has_key_table_bytes()
                                       ? config.key_table_bytes()
                                       : kDefaultKeyTableBytes;
  absl::Status status = CheckBounds("max_rsa_bits", rsa_bits, kRsaBits);
  status.Update(CheckBounds("max_batch_size", batch_size, kBatchSizes));
  status.Update(CheckBounds("max_calls", calls, kCalls));
  status.Update(CheckBounds("max_message_bytes", message_bytes, kMessageBytes));
  status.Update(CheckMemory("token_cache_bytes", token_cache_bytes));
  status.Update(CheckMemory("key_table_bytes", key_table_bytes));
  const absl::StatusOr<ConnectionLimits> connections =
      ReadConnectionLimits(config);
  status.Update(connections.status());
  if (!status.ok()) return status;
  return ServerLimits{.max_rsa_bits = rsa_bits,
                      .max_batch_size = batch_size,
                      .max_calls = calls,
                      .max_message_bytes = static_cast<int>(message_bytes),
                      .token_cache_bytes = token_cache_bytes,
                      .key_table_bytes = key_table_bytes,
                      .connections = *connections};
}

}  // namespace signet
