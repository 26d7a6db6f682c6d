#include "service/rate/retry_delay.h"

#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"

namespace signet {
namespace {

constexpr absl::string_view kRetryInfo =
    "type.googleapis.com/google.rpc.RetryInfo";

// The fields of the messages of google/rpc that are written here; they are not
// part of protobuf, and too few to be worth a copy of their files. All have
// numbers below 16, and are written as a tag, a length and bytes, but for one
// that is a number.
void AppendNumber(uint64_t number, std::string& bytes) {
  for (; number >= 0x80; number >>= 7U) {
    bytes.push_back(static_cast<char>(number | 0x80U));
  }
  bytes.push_back(static_cast<char>(number));
}

void AppendField(uint32_t field, absl::string_view value, std::string& bytes) {
  constexpr uint32_t kLengthDelimited = 2;
  AppendNumber(field << 3U | kLengthDelimited, bytes);
  AppendNumber(value.size(), bytes);
  bytes.append(value.data(), value.size());
}

}  // namespace

absl::Status WithRetryDelay(absl::Status status, absl::Duration delay) {
  google::protobuf::Duration retry_delay;
  retry_delay.set_seconds(absl::IDivDuration(delay, absl::Seconds(1), &delay));
  retry_delay.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(delay)));
  std::string retry_info;
  AppendField(1, retry_delay.SerializeAsString(), retry_info);
  status.SetPayload(kRetryInfo, absl::Cord(retry_info));
  return status;
}

std::string RetryDetails(const absl::Status& status) {
  const absl::optional<absl::Cord> retry_info = status.GetPayload(kRetryInfo);
  if (!retry_info) return "";
  std::string any;
  AppendField(1, kRetryInfo, any);
  AppendField(2, std::string(*retry_info), any);
  std::string details;
  AppendNumber(1U << 3U, details);
  AppendNumber(static_cast<uint64_t>(status.code()), details);
  AppendField(2, status.message(), details);
  AppendField(3, any, details);
  return details;
}

}  // namespace signet
