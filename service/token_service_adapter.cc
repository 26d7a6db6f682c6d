#include "service/token_service_adapter.h"

#include <cstddef>
#include <utility>

#include "absl/types/span.h"
#include "service/message_bytes.h"

namespace signet {
namespace {

// What gRPC tells about a call with one request and one response. It ends
// itself.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  explicit UnaryCall(RunningCalls& calls) : mark_(calls) {}

 private:
  void OnDone() override { delete this; }

  RunningCalls::Mark mark_;
};

}  // namespace

TokenServiceAdapter::TokenServiceAdapter(
    std::shared_ptr<const ServerSetup> setup, Clock clock)
    : setup_(std::move(setup)), handlers_(setup_), clock_(std::move(clock)) {}

grpc::ServerUnaryReactor* TokenServiceAdapter::Sign(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer(&TokenHandlers::Sign, *request, *response);
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Verify(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer(&TokenHandlers::Verify, *request, *response);
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
  const absl::Status read = ReadMessage(request_bytes, request);
  if (!read.ok()) return read;
  const absl::StatusOr<Response> response =
      (handlers_.*handler)(request, clock_());
  if (!response.ok()) return response.status();
  const absl::Status size = handlers_.CheckResponseSize(*response);
  if (!size.ok()) return size;
  response_bytes = WriteMessage(*response);
  return absl::OkStatus();
}

}  // namespace signet
