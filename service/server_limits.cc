#include "service/server_limits.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "keys/key_material.h"
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
constexpr uint32_t kDefaultMessageBytes = 4 * kMiB;
constexpr Bounds kMessageBytes = {64 * kKiB, 64 * kMiB};
constexpr Bounds kRsaBits = {KeyLimits{}.max_rsa_bits, kMaxRsaBits};
// With less, the largest tokens would never be remembered, and the largest
// tables would leave no room for others. With more, somebody has mistaken the
// unit.
constexpr Bounds kMemoryBytes = {kMiB, 64 * kGiB};
constexpr uint64_t kDefaultKeyTableBytes = 64 * kMiB;

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
uint32_t Given(uint32_t value, uint32_t otherwise) {
  return value == 0 ? otherwise : value;
}

}  // namespace

absl::StatusOr<ServerLimits> ReadLimits(const config::v1::Limits& config) {
  const uint32_t rsa_bits =
      Given(config.max_rsa_bits(), KeyLimits{}.max_rsa_bits);
  const uint32_t batch_size = Given(config.max_batch_size(), kDefaultBatchSize);
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
  status.Update(CheckBounds("max_message_bytes", message_bytes, kMessageBytes));
  status.Update(CheckMemory("token_cache_bytes", token_cache_bytes));
  status.Update(CheckMemory("key_table_bytes", key_table_bytes));
  if (!status.ok()) return status;
  return ServerLimits{.max_rsa_bits = rsa_bits,
                      .max_batch_size = batch_size,
                      .max_message_bytes = static_cast<int>(message_bytes),
                      .token_cache_bytes = token_cache_bytes,
                      .key_table_bytes = key_table_bytes};
}

}  // namespace signet
