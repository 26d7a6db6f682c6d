#include "service/jwks_stream.h"

#include <utility>

#include "service/message_bytes.h"

namespace signet {

JwksStream::JwksStream(
    const CallStart& start, std::string issuer,
    std::function<absl::StatusOr<v1::WatchJwksResponse>()> current,
    std::function<void(JwksStream*)> on_done)
    : record_(start),
      issuer_(std::move(issuer)),
      current_(std::move(current)),
      on_done_(std::move(on_done)) {}

void JwksStream::Send() {
  std::unique_lock lock(mutex_);
  SendIfNew();
  FinishIfEnding(std::move(lock));
}

void JwksStream::End(const grpc::Status& status) {
  std::unique_lock lock(mutex_);
  if (!end_) end_ = status;
  FinishIfEnding(std::move(lock));
}

void JwksStream::OnWriteDone(bool ok) {
  std::unique_lock lock(mutex_);
  writing_ = false;
  if (!ok && !end_) end_ = grpc::Status::CANCELLED;
  SendIfNew();
  FinishIfEnding(std::move(lock));
}

void JwksStream::OnCancel() { End(grpc::Status::CANCELLED); }

void JwksStream::OnDone() {
  // Goes with the stream.
  const auto on_done = on_done_;
  on_done(this);
}

void JwksStream::SendIfNew() {
  if (writing_ || end_) return;
  absl::StatusOr<v1::WatchJwksResponse> response = current_();
  if (!response.ok()) {
    end_ = ToGrpc(response.status());
    return;
  }
  if (response->jwks_json() == sent_) return;
  outgoing_ = WriteMessage(*response);
  sent_ = std::move(*response->mutable_jwks_json());
  writing_ = true;
  StartWrite(&outgoing_);
}

void JwksStream::FinishIfEnding(std::unique_lock<std::mutex> lock) {
  if (writing_ || finished_ || !end_) return;
  finished_ = true;
  const grpc::Status status = *end_;
  lock.unlock();
  Finish(record_.End(status));
}

}  // namespace signet
