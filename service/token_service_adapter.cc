#include "service/token_service_adapter.h"

#include <cstddef>
#include <thread>
#include <utility>

#include "absl/types/span.h"
#include "service/message_bytes.h"
#include "service/unary_call.h"

namespace signet {
namespace {

// Writes an answer to `bytes`, and returns the status that the call ends with.
template <typename Response>
absl::Status WriteAnswer(const TokenHandlers& handlers,
                         const absl::StatusOr<Response>& answer,
                         grpc::ByteBuffer& bytes) {
  if (!answer.ok()) return answer.status();
  absl::Status size = handlers.CheckResponseSize(*answer);
  if (size.ok()) bytes = WriteMessage(*answer);
  return size;
}

// A call of Verify that is verified together with others. gRPC keeps
// `response_bytes` for as long as the call lives.
class VerifyCall final : public UnaryCall, public VerifyCoalescer::Call {
 public:
  VerifyCall(RunningCalls& calls, const TokenHandlers& handlers,
             v1::VerifyRequest request, grpc::ByteBuffer& response_bytes)
      : UnaryCall(calls),
        handlers_(handlers),
        request_(std::move(request)),
        response_bytes_(response_bytes) {}

  const v1::VerifyRequest& request() const override { return request_; }

  void Answer(absl::StatusOr<v1::VerifyResponse> answer) override {
    Finish(ToGrpc(WriteAnswer(handlers_, answer, response_bytes_)));
  }

 private:
  const TokenHandlers& handlers_;
  const v1::VerifyRequest request_;
  grpc::ByteBuffer& response_bytes_;
};

}  // namespace

TokenServiceAdapter::TokenServiceAdapter(
    std::shared_ptr<const ServerSetup> setup, Clock clock)
    : setup_(std::move(setup)),
      handlers_(setup_),
      clock_(std::move(clock)),
      coalescer_(std::thread::hardware_concurrency(),
                 [this](absl::Span<const v1::VerifyRequest* const> requests) {
                   return handlers_.VerifyTogether(requests, clock_());
                 }) {}

grpc::ServerUnaryReactor* TokenServiceAdapter::Sign(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer(&TokenHandlers::Sign, *request, *response);
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Verify(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  v1::VerifyRequest message;
  absl::Status read = ReadMessage(*request, message);
  if (!read.ok() || message.explain()) {
    return Answer(&TokenHandlers::Verify, *request, *response);
  }
  auto* call =
      new VerifyCall(running_calls_, handlers_, std::move(message), *response);
  coalescer_.Submit(*call);
  return call;
}

grpc::ServerUnaryReactor* TokenServiceAdapter::BatchVerify(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer(&TokenHandlers::BatchVerify, *request, *response);
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Introspect(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer(&TokenHandlers::Introspect, *request, *response);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
TokenServiceAdapter::StreamVerify(grpc::CallbackServerContext*) {
  auto* stream = new VerifyStream(
      {.verify =
           [this](absl::Span<const v1::StreamVerifyRequest> requests) {
             return handlers_.StreamVerify(requests, clock_());
           },
       .max_unanswered_bytes = static_cast<size_t>(setup_->max_message_bytes),
       .on_done = [this](VerifyStream* done) { Remove(done); }},
      running_calls_);
  const std::lock_guard lock(streams_mutex_);
  streams_.insert(stream);
  if (stopping_) stream->Stop();
  return stream;
}

void TokenServiceAdapter::StopStreams() {
  const std::lock_guard lock(streams_mutex_);
  stopping_ = true;
  for (VerifyStream* stream : streams_) stream->Stop();
}

void TokenServiceAdapter::Remove(VerifyStream* stream) {
  {
    const std::lock_guard lock(streams_mutex_);
    streams_.erase(stream);
  }
  delete stream;
}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* TokenServiceAdapter::Answer(
    Handler<Request, Response> handler, const grpc::ByteBuffer& request_bytes,
    grpc::ByteBuffer& response_bytes) {
  auto* call = new UnaryCall(running_calls_);
  call->Finish(ToGrpc(Handle(handler, request_bytes, response_bytes)));
  return call;
}

template <typename Request, typename Response>
absl::Status TokenServiceAdapter::Handle(
    Handler<Request, Response> handler, const grpc::ByteBuffer& request_bytes,
    grpc::ByteBuffer& response_bytes) const {
  Request request;
  absl::Status read = ReadMessage(request_bytes, request);
  if (!read.ok()) return read;
  return WriteAnswer(handlers_, (handlers_.*handler)(request, clock_()),
                     response_bytes);
}

}  // namespace signet
