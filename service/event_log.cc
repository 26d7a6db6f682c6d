#include "service/event_log.h"

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "jose/json_writer.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace signet {
namespace {

std::string ToLine(absl::string_view level, absl::string_view event,
                   EventLog::Fields fields) {
  JsonObjectWriter writer;
  writer.AddString("time", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ",
                                            absl::Now(), absl::UTCTimeZone()));
  writer.AddString("level", level);
  writer.AddString("event", event);
  for (const auto& [name, value] : fields) writer.AddString(name, value);
  return std::move(writer).Finish();
}

}  // namespace

EventLog::EventLog()
    : logger_(std::make_shared<spdlog::logger>(
          "signet", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->flush_on(spdlog::level::info);
}

void EventLog::Info(absl::string_view event, Fields fields) {
  logger_->info(ToLine("info", event, fields));
}

void EventLog::Warning(absl::string_view event, Fields fields) {
  logger_->warn(ToLine("warning", event, fields));
}

}  // namespace signet
