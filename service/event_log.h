#ifndef SIGNET_SERVICE_EVENT_LOG_H_
#define SIGNET_SERVICE_EVENT_LOG_H_

#include <initializer_list>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"

namespace spdlog {
class logger;
}

namespace signet {

// EventLog writes what happens to the server, one JSON object per line, to
// standard error: "time", "level", "event" and the fields given. Tokens, keys
// and claim values do not belong in it. May be used from many threads at once.
class EventLog {
 public:
  using Field = std::pair<absl::string_view, absl::string_view>;
  using Fields = std::initializer_list<Field>;

  EventLog();

  void Info(absl::string_view event, Fields fields = {});
  // Warning is for what an operator should look after.
  void Warning(absl::string_view event, Fields fields = {});

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_EVENT_LOG_H_
