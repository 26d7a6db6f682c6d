#include "service/event_log.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "jose/json_writer.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace signet {
namespace {

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
  }
  __builtin_unreachable();
}

absl::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
  }
  __builtin_unreachable();
}

std::string ToLine(LogLevel level, absl::string_view event,
                   const EventLog::Fields& fields) {
  JsonObjectWriter writer;
  writer.AddString("time", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ",
                                            absl::Now(), absl::UTCTimeZone()));
  writer.AddString("level", LevelName(level));
  writer.AddString("event", event);
  for (const EventLog::Field& field : fields) {
    writer.AddJson(field.name, field.value.json());
  }
  return std::move(writer).Finish();
}

}  // namespace

LogText LogText::Public(absl::string_view text) {
  LogText value;
  value.json_ = Quote(text);
  return value;
}

std::string LogText::Quote(absl::string_view text) {
  return ToJsonString(text);
}

EventLog::EventLog()
    : logger_(std::make_shared<spdlog::logger>(
          "signet", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->flush_on(spdlog::level::debug);
  SetLevel(LogLevel::kInfo);
}

void EventLog::SetLevel(LogLevel level) { logger_->set_level(ToSpdlog(level)); }

bool EventLog::Writes(LogLevel level) const {
  return logger_->should_log(ToSpdlog(level));
}

void EventLog::Info(absl::string_view event, const Fields& fields) {
  Write(LogLevel::kInfo, event, fields);
}

void EventLog::Warning(absl::string_view event, const Fields& fields) {
  Write(LogLevel::kWarning, event, fields);
}

void EventLog::Write(LogLevel level, absl::string_view event,
                     const Fields& fields) {
  if (!Writes(level)) return;
  logger_->log(ToSpdlog(level), ToLine(level, event, fields));
}

}  // namespace signet
