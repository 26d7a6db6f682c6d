#include "service/call_record.h"

#include <string>

#include "absl/time/time.h"
#include "service/call_identity.h"

namespace signet {

CallRecord::CallRecord(const CallStart& start)
    : start_(start), began_(std::chrono::steady_clock::now()) {
  start_.watch.counts.CountStart(start_.method);
}

void CallRecord::End(const grpc::Status& status) {
  const absl::Duration latency =
      absl::FromChrono(std::chrono::steady_clock::now() - began_);
  start_.watch.counts.CountEnd(start_.method, status.error_code(), latency,
                               start_.request_bytes);
  std::string request_id(Given(kRequestIdKey, IsRequestId));
  const absl::string_view traceparent = Given(kTraceparentKey, IsTraceparent);
  if (request_id.empty() && !status.ok()) request_id = NewRequestId();
  if (!request_id.empty()) {
    start_.context.AddTrailingMetadata(kRequestIdKey, request_id);
  }
  if (!traceparent.empty()) {
    start_.context.AddTrailingMetadata(kTraceparentKey,
                                       std::string(traceparent));
  }
  if (start_.watch.log == nullptr) return;
  start_.watch.log->Write({.method = MethodName(start_.method),
                           .code = status.error_code(),
                           .latency = latency,
                           .request_id = request_id,
                           .traceparent = traceparent});
}

absl::string_view CallRecord::Given(const char* key,
                                    bool (*is_good)(absl::string_view)) const {
  const auto& metadata = start_.context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return "";
  const absl::string_view value(found->second.data(), found->second.size());
  return is_good(value) ? value : "";
}

}  // namespace signet
