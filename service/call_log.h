#ifndef SIGNET_SERVICE_CALL_LOG_H_
#define SIGNET_SERVICE_CALL_LOG_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"
#include "service/elapsed.h"
#include "service/event_log.h"

namespace signet {

// EndedCall is what is told of a call in the log.
struct EndedCall {
  absl::string_view method;
  grpc::StatusCode code;
  absl::Duration latency;
  // Well-formed (call_identity.h).
  absl::string_view request_id;
  // Well-formed, or empty.
  absl::string_view traceparent;
};

// CallLog writes calls that failed to the log: what the server is to blame for
// as a warning, the others as information; and at the level of debug, those
// that ended well. It writes at most kMaxPerSecond lines a second, whatever
// callers do, and with the next one, how many it left out. May be used from
// many threads at once.
class CallLog {
 public:
  static constexpr int kMaxPerSecond = 50;

  // `log` must outlive it.
  CallLog(EventLog& log, Elapsed elapsed)
      : log_(log), elapsed_(std::move(elapsed)) {}

  void Write(const EndedCall& call);

 private:
  // Nothing, if no line may be written now; otherwise how many could not be,
  // since the last that could.
  std::optional<int64_t> Admit();

  EventLog& log_;
  const Elapsed elapsed_;

  std::mutex mutex_;
  // The second that `written_` lines were written in.
  int64_t second_ ABSL_GUARDED_BY(mutex_) = 0;
  int written_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t left_out_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_CALL_LOG_H_
