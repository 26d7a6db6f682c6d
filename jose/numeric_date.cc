#include "jose/numeric_date.h"

namespace signet {
namespace {

// 9999-12-31T23:59:59Z.
constexpr double kLatest = 253402300799;

}  // namespace

std::optional<absl::Time> ReadNumericDate(JsonValue value) {
  const std::optional<double> seconds = AsNumber(value);
  if (!seconds || *seconds < 0 || *seconds > kLatest) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(*seconds);
}

}  // namespace signet
