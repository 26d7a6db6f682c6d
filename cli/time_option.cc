#include "cli/time_option.h"

#include <cstdint>
#include <utility>

#include "absl/time/time.h"

namespace signet {

CLI::Option* AddTimeOption(
    CLI::App& command, const std::string& name, const std::string& description,
    std::function<void(const google::protobuf::Timestamp&)> set) {
  const auto read = [name, set = std::move(set)](const std::string& text) {
    absl::Time time;
    std::string problem;
    // Abseil also takes "infinite-future".
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &problem) ||
        time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
      throw CLI::ValidationError(name,
                                 "write a time like 2026-01-31T12:00:00Z");
    }
    const int64_t seconds = absl::ToUnixSeconds(time);
    google::protobuf::Timestamp message;
    message.set_seconds(seconds);
    message.set_nanos(static_cast<int32_t>(
        absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
    set(message);
  };
  return command.add_option_function<std::string>(name, read, description);
}

}  // namespace signet
