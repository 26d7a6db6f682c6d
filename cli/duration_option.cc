#include "cli/duration_option.h"

#include <utility>

#include "absl/time/time.h"

namespace signet {

void AddDurationOption(
    CLI::App& command, const std::string& name, const std::string& description,
    std::function<void(const google::protobuf::Duration&)> set) {
  const auto read = [name, set = std::move(set)](const std::string& text) {
    absl::Duration duration;
    if (!absl::ParseDuration(text, &duration) ||
        duration <= absl::ZeroDuration() ||
        duration == absl::InfiniteDuration()) {
      throw CLI::ValidationError(name, "write a duration like 90s or 1h30m");
    }
    const int64_t seconds = absl::ToInt64Seconds(duration);
    google::protobuf::Duration message;
    message.set_seconds(seconds);
    message.set_nanos(static_cast<int32_t>(
        absl::ToInt64Nanoseconds(duration - absl::Seconds(seconds))));
    set(message);
  };
  command.add_option_function<std::string>(name, read, description);
}

}  // namespace signet
