#include "service/call_record.h"

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/call_identity.h"
#include "service/message_bytes.h"

namespace signet {
namespace {

bool IsAudited(Method method, grpc::StatusCode code) {
  switch (method) {
    case Method::kSign:
    case Method::kExchange:
    case Method::kRotateKey:
    case Method::kRevokeKey:
    case Method::kRevoke:
      return true;
    default:
      return code == grpc::StatusCode::PERMISSION_DENIED ||
             code == grpc::StatusCode::UNAUTHENTICATED;
  }
}

// What else is done has been done by the time of its line, but a token can
// still be held back.
bool AnswersWithToken(Method method) {
  return method == Method::kSign || method == Method::kExchange;
}

}  // namespace

CallRecord::CallRecord(const CallStart& start)
    : start_(start), began_(std::chrono::steady_clock::now()) {
  start_.watch.counts.CountStart(start_.method);
}

grpc::Status CallRecord::End(const grpc::Status& outcome) {
  std::string request_id(Given(kRequestIdKey, IsRequestId));
  if (request_id.empty() && !outcome.ok()) request_id = NewRequestId();
  grpc::Status status = Audit(outcome, request_id);
  if (request_id.empty() && !status.ok()) request_id = NewRequestId();
  const absl::Duration latency =
      absl::FromChrono(std::chrono::steady_clock::now() - began_);
  start_.watch.counts.CountEnd(start_.method, status.error_code(), latency,
                               start_.request_bytes);
  const absl::string_view traceparent = Given(kTraceparentKey, IsTraceparent);
  if (!request_id.empty()) {
    start_.context.AddTrailingMetadata(kRequestIdKey, request_id);
  }
  if (!traceparent.empty()) {
    start_.context.AddTrailingMetadata(kTraceparentKey,
                                       std::string(traceparent));
  }
  if (start_.watch.log == nullptr) return status;
  start_.watch.log->Write({.method = MethodName(start_.method),
                           .code = status.error_code(),
                           .latency = latency,
                           .request_id = request_id,
                           .traceparent = traceparent});
  return status;
}

grpc::Status CallRecord::Audit(const grpc::Status& status,
                               const std::string& request_id) {
  AuditLog* const audit = start_.watch.audit.get();
  if (audit == nullptr || !IsAudited(start_.method, status.error_code())) {
    return status;
  }
  audit_event_.time = absl::Now();
  audit_event_.peer = start_.context.peer();
  if (audit_event_.action.empty()) {
    audit_event_.action = std::string(MethodName(start_.method));
  }
  audit_event_.outcome = std::string(CodeName(status.error_code()));
  audit_event_.request_id = request_id;
  const absl::Status written = audit->Write(audit_event_);
  const bool holds_back =
      !written.ok() && status.ok() && AnswersWithToken(start_.method);
  return holds_back ? ToGrpc(written) : status;
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
