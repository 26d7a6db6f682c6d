#ifndef SIGNET_SERVICE_EVENT_LOG_H_
#define SIGNET_SERVICE_EVENT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace spdlog {
class logger;
}

namespace signet {

// LogText is what may be in a log: words of ours, numbers, and the messages of
// statuses, which name no secrets. A string that came from somewhere is not a
// LogText, so that no token or key can get into a log by mistake; who has one
// that everybody may see says so (Public).
class LogText {
 public:
  // Implicit, so that fields can be written as they are.
  template <size_t kSize>
  LogText(const char (&words)[kSize]) : json_(Quote(words)) {}       // NOLINT
  LogText(int64_t number) : json_(absl::StrCat(number)) {}           // NOLINT
  LogText(const absl::Status& why) : json_(Quote(why.message())) {}  // NOLINT

  // Public makes one of a string that is neither secret nor a claim.
  static LogText Public(absl::string_view text);

  // json is a JSON value.
  const std::string& json() const { return json_; }

 private:
  LogText() = default;

  static std::string Quote(absl::string_view text);

  std::string json_;
};

// LogLevel says which events are written.
enum class LogLevel {
  kDebug,    // Also every call.
  kInfo,     // What changes, and calls that fail.
  kWarning,  // What an operator should look after.
};

// EventLog writes what happens to the server, one JSON object per line, to
// standard error: "time", "level", "event" and the fields given. May be used
// from many threads at once.
class EventLog {
 public:
  struct Field {
    absl::string_view name;
    LogText value;
  };
  using Fields = std::vector<Field>;

  // Writes kInfo and above.
  EventLog();

  // SetLevel has events below `level` left out from now on.
  void SetLevel(LogLevel level);

  // Writes says whether events of `level` are written.
  bool Writes(LogLevel level) const;

  // Write writes an event, if its level is written; Info and Warning do so for
  // theirs.
  void Write(LogLevel level, absl::string_view event, const Fields& fields);
  void Info(absl::string_view event, const Fields& fields = {});
  void Warning(absl::string_view event, const Fields& fields = {});

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_EVENT_LOG_H_
