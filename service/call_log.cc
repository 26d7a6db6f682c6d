#include "service/call_log.h"

#include "service/metrics/call_counts.h"

namespace signet {
namespace {

// Whether it is the server, or what it depends on, that could not do what a
// caller may ask for.
bool IsOurFault(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DATA_LOSS:
      return true;
    default:
      return false;
  }
}

EventLog::Fields FieldsOf(const EndedCall& call, int64_t left_out) {
  EventLog::Fields fields = {
      {"method", LogText::Public(call.method)},
      {"code", LogText::Public(CodeName(call.code))},
      {"duration_us", absl::ToInt64Microseconds(call.latency)},
      {"request_id", LogText::Public(call.request_id)}};
  if (!call.traceparent.empty()) {
    fields.push_back({"traceparent", LogText::Public(call.traceparent)});
  }
  if (left_out > 0) fields.push_back({"left_out", left_out});
  return fields;
}

}  // namespace

void CallLog::Write(const EndedCall& call) {
  const bool ended_well = call.code == grpc::StatusCode::OK;
  const LogLevel level = ended_well              ? LogLevel::kDebug
                         : IsOurFault(call.code) ? LogLevel::kWarning
                                                 : LogLevel::kInfo;
  if (!log_.Writes(level)) return;
  const std::optional<int64_t> left_out = Admit();
  if (!left_out) return;
  log_.Write(level, ended_well ? "call.ended" : "call.failed",
             FieldsOf(call, *left_out));
}

std::optional<int64_t> CallLog::Admit() {
  const int64_t second = absl::ToInt64Seconds(elapsed_());
  const std::lock_guard lock(mutex_);
  if (second != second_) {
    second_ = second;
    written_ = 0;
  }
  if (written_ == kMaxPerSecond) {
    ++left_out_;
    return std::nullopt;
  }
  ++written_;
  return std::exchange(left_out_, 0);
}

}  // namespace signet
