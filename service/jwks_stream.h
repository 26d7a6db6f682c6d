#ifndef SIGNET_SERVICE_JWKS_STREAM_H_
#define SIGNET_SERVICE_JWKS_STREAM_H_

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "grpcpp/support/status.h"
#include "service/call_record.h"
#include "signet/v1/key_service.pb.h"

namespace signet {

// JwksStream is one call of WatchJwks: it sends the set of the moment, and the
// new one after each change. A client that reads slowly gets the latest, not
// all of them.
class JwksStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // `current` returns the set of the moment, or what the stream ends with when
  // there is none any more; `on_done` is the last that is called, and deletes
  // the stream.
  JwksStream(const CallStart& start, std::string issuer,
             std::function<absl::StatusOr<v1::WatchJwksResponse>()> current,
             std::function<void(JwksStream*)> on_done);

  const std::string& issuer() const { return issuer_; }

  // Send has the set sent, if it is another than the last. Call it once to
  // begin, and after each change.
  void Send();

  // End ends the stream with `status` once what is being sent is out.
  void End(const grpc::Status& status);

 private:
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void SendIfNew() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives the lock up first: once it has finished, the stream may be gone.
  void FinishIfEnding(std::unique_lock<std::mutex> lock)
      ABSL_NO_THREAD_SAFETY_ANALYSIS;

  CallRecord record_;
  const std::string issuer_;
  const std::function<absl::StatusOr<v1::WatchJwksResponse>()> current_;
  const std::function<void(JwksStream*)> on_done_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  std::mutex mutex_;
  // What was sent last, and is kept by gRPC's leave until it is out.
  std::string sent_ ABSL_GUARDED_BY(mutex_);
  grpc::ByteBuffer outgoing_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // What it ends with, once it is to end.
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_JWKS_STREAM_H_
