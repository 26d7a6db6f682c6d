#include "service/verify_stream.h"

#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "grpc/support/time.h"
#include "service/message_bytes.h"

namespace signet {

VerifyStream::VerifyStream(Options options, RunningCalls& calls,
                           const CallStart& start)
    : options_(std::move(options)), mark_(calls), record_(start) {
  const std::lock_guard lock(mutex_);
  ReadMore();
}

void VerifyStream::Stop() {
  std::unique_lock lock(mutex_);
  End({grpc::StatusCode::UNAVAILABLE,
       "the server is stopping; ask another about what has no answer"});
  FinishIfDone(std::move(lock));
}

void VerifyStream::OnReadDone(bool ok) {
  std::unique_lock lock(mutex_);
  reading_ = false;
  // The client has closed its half, or is gone: then nobody sees the status.
  if (!ok) End(grpc::Status::OK);
  // What was still being read at the end gets no answer.
  if (!end_) Receive();
  ReadMore();
  if (verifying_ || arrived_.requests.empty()) {
    FinishIfDone(std::move(lock));
    return;
  }
  verifying_ = true;
  seen_ = arrived_.requests.size();
  lock.unlock();
  LookSoon();
}

void VerifyStream::OnWriteDone(bool ok) {
  std::unique_lock lock(mutex_);
  writing_ = false;
  --unanswered_;
  unanswered_bytes_ -= answers_.front().request_bytes;
  answers_.pop_front();
  if (!ok) Abandon();
  WriteMore();
  ReadMore();
  FinishIfDone(std::move(lock));
}

void VerifyStream::OnCancel() {
  std::unique_lock lock(mutex_);
  Abandon();
  FinishIfDone(std::move(lock));
}

void VerifyStream::OnDone() {
  // Goes with the stream.
  const auto on_done = options_.on_done;
  on_done(this);
}

void VerifyStream::Receive() {
  v1::StreamVerifyRequest request;
  const absl::Status read = ReadMessage(incoming_, request);
  if (!read.ok()) {
    End(ToGrpc(read));
    return;
  }
  arrived_.requests.push_back(std::move(request));
  arrived_.bytes.push_back(incoming_.Length());
  ++unanswered_;
  unanswered_bytes_ += incoming_.Length();
}

void VerifyStream::LookSoon() {
  // One that has gone off cannot be set again from what it calls.
  alarm_.emplace();
  alarm_->Set(gpr_inf_past(GPR_CLOCK_MONOTONIC), [this](bool) { Look(); });
}

void VerifyStream::Look() {
  std::unique_lock lock(mutex_);
  const size_t seen = std::exchange(seen_, arrived_.requests.size());
  if (reading_ && seen_ != seen) {
    lock.unlock();
    LookSoon();
    return;
  }
  const Arrived arrived = std::exchange(arrived_, {});
  lock.unlock();
  std::vector<Answer> answers = Verify(arrived);
  lock.lock();
  if (!abandoned_) absl::c_move(answers, std::back_inserter(answers_));
  WriteMore();
  // What has arrived meanwhile.
  verifying_ = !arrived_.requests.empty();
  if (!verifying_) {
    FinishIfDone(std::move(lock));
    return;
  }
  seen_ = arrived_.requests.size();
  lock.unlock();
  LookSoon();
}

std::vector<VerifyStream::Answer> VerifyStream::Verify(
    const Arrived& arrived) const {
  const std::vector<v1::StreamVerifyResponse> responses =
      options_.verify(arrived.requests);
  std::vector<Answer> answers;
  answers.reserve(responses.size());
  for (size_t i = 0; i < responses.size(); ++i) {
    answers.push_back({WriteMessage(responses[i]), arrived.bytes[i]});
  }
  return answers;
}

void VerifyStream::ReadMore() {
  if (end_ || reading_ || unanswered_ == kMaxUnanswered ||
      unanswered_bytes_ >= options_.max_unanswered_bytes) {
    return;
  }
  reading_ = true;
  StartRead(&incoming_);
}

void VerifyStream::WriteMore() {
  if (writing_ || answers_.empty()) return;
  writing_ = true;
  StartWrite(&answers_.front().bytes);
}

void VerifyStream::End(const grpc::Status& status) {
  if (!end_) end_ = status;
}

void VerifyStream::Abandon() {
  abandoned_ = true;
  End(grpc::Status::CANCELLED);
  arrived_ = {};
  answers_.erase(answers_.begin() + (writing_ ? 1 : 0), answers_.end());
}

void VerifyStream::FinishIfDone(std::unique_lock<std::mutex> lock) {
  const bool done =
      end_ && arrived_.requests.empty() && !verifying_ && answers_.empty();
  if (!done || finished_) return;
  finished_ = true;
  const grpc::Status status = *end_;
  lock.unlock();
  Finish(record_.End(status));
}

}  // namespace signet
