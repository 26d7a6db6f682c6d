#include "service/call_record.h"

#include "absl/time/time.h"

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
}

}  // namespace signet
