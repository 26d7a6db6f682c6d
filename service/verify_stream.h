#ifndef SIGNET_SERVICE_VERIFY_STREAM_H_
#define SIGNET_SERVICE_VERIFY_STREAM_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/types/span.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "grpcpp/support/status.h"
#include "service/call_record.h"
#include "service/running_calls.h"
#include "signet/v1/token_service.pb.h"

namespace signet {

// VerifyStream is one call of StreamVerify.
//
// It reads a message at a time, and writes one at a time, as gRPC has it. What
// has been read waits in arrived_ until it is verified, all together: the
// stream looks at it behind whatever gRPC already has to do, and again for as
// long as more has arrived since the last look. So a request that comes alone
// is verified at once, and those that come close together share a batch,
// without any waiting. A request counts against the bounds until gRPC has taken
// its answer; when they are reached, the stream does not read, and so the
// client cannot send.
//
// It ends with the status that is known first (end_), once all that was read is
// answered. gRPC's reactions come from any thread, some at the same time; all
// state is under one mutex.
class VerifyStream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // kMaxUnanswered is how many requests are read and not answered yet.
  static constexpr size_t kMaxUnanswered = 64;

  // Options says what a stream does, and within what bounds.
  struct Options {
    // Answers requests that have arrived together, in their order.
    std::function<std::vector<v1::StreamVerifyResponse>(
        absl::Span<const v1::StreamVerifyRequest>)>
        verify;
    // Of requests that are read and not answered; one more is read that
    // exceeds it.
    size_t max_unanswered_bytes;
    // Called last: the stream may go.
    std::function<void(VerifyStream*)> on_done;
  };

  // Counts as one of `calls` until it goes, which these must outlive.
  VerifyStream(Options options, RunningCalls& calls, const CallStart& start);

  // Stop reads no more. The stream ends, as the server is stopping, when what
  // it has read is answered.
  void Stop();

 private:
  // The answer to a request of so many bytes.
  struct Answer {
    grpc::ByteBuffer bytes;
    size_t request_bytes;
  };
  struct Arrived {
    std::vector<v1::StreamVerifyRequest> requests;
    std::vector<size_t> bytes;  // Of each.
  };

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // Takes in the message that has been read.
  void Receive() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Have Look called, on a thread of gRPC's.
  void LookSoon();
  // Verifies what has arrived, unless more keeps arriving.
  void Look();
  std::vector<Answer> Verify(const Arrived& arrived) const;

  // Start what there is to do, unless it is being done.
  void ReadMore() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WriteMore() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Reads no more, and ends with `status` unless an end is known already.
  void End(const grpc::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Forgets what would be answered: nobody listens.
  void Abandon() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends the stream if all is done. The last to be called with `lock`: then the
  // stream may be gone.
  void FinishIfDone(std::unique_lock<std::mutex> lock);

  const Options options_;
  const RunningCalls::Mark mark_;
  CallRecord record_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  std::mutex mutex_;
  grpc::ByteBuffer incoming_;  // gRPC's while reading_.
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  Arrived arrived_ ABSL_GUARDED_BY(mutex_);
  // How many had arrived when the next look was asked for.
  size_t seen_ ABSL_GUARDED_BY(mutex_) = 0;
  // From the first that arrives until it is verified.
  bool verifying_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Alarm> alarm_;  // Of the one thread that verifies.
  // The first is gRPC's while writing_.
  std::deque<Answer> answers_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  size_t unanswered_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t unanswered_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool abandoned_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_VERIFY_STREAM_H_
