#include "service/key_service_adapter.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/audit/described_call.h"
#include "service/message_bytes.h"
#include "service/unary_call.h"

namespace signet {
namespace {

template <typename Request, typename Response>
using Handler = void (KeyHandlers::*)(const Request&, absl::Time,
                                      const KeyHandlers::Done<Response>&) const;

// Has `handler` answer a call, now or later. gRPC keeps `response` for as long
// as the call lives.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Handle(const KeyHandlers& handlers,
                                 Handler<Request, Response> handler,
                                 absl::Time now, RunningCalls& calls,
                                 const CallStart& start,
                                 const grpc::ByteBuffer& bytes,
                                 grpc::ByteBuffer& response) {
  auto* call = new UnaryCall(calls, start);
  Request request;
  const absl::Status read = ReadMessage(bytes, request);
  if (!read.ok()) {
    call->Finish(ToGrpc(read));
    return call;
  }
  Describe(request, call->audit_event());
  (handlers.*handler)(
      request, now, [call, &response](const absl::StatusOr<Response>& answer) {
        if (answer.ok()) {
          Describe(*answer, call->audit_event());
          response = WriteMessage(*answer);
        }
        call->Finish(ToGrpc(answer.status()));
      });
  return call;
}

// A stream that never begins.
class Refusal final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  Refusal(const CallStart& start, const absl::Status& status) {
    Finish(CallRecord(start).End(ToGrpc(status)));
  }

 private:
  void OnDone() override { delete this; }
};

const grpc::Status kStopping(grpc::StatusCode::UNAVAILABLE,
                             "the server is stopping; watch another");

}  // namespace

KeyServiceAdapter::KeyServiceAdapter(const KeyHandlers& handlers,
                                     LiveIssuers& issuers, RunningCalls& calls,
                                     CallWatch& watch, Clock clock)
    : handlers_(handlers),
      calls_(calls),
      call_watch_(watch),
      clock_(std::move(clock)),
      watch_(
          issuers.Watch([this](absl::string_view issuer) { SendTo(issuer); })) {
}

grpc::ServerUnaryReactor* KeyServiceAdapter::ListKeys(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(handlers_, &KeyHandlers::ListKeys, clock_(), calls_,
                {call_watch_, Method::kListKeys, *context, request->Length()},
                *request, *response);
}

grpc::ServerUnaryReactor* KeyServiceAdapter::RotateKey(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(handlers_, &KeyHandlers::RotateKey, clock_(), calls_,
                {call_watch_, Method::kRotateKey, *context, request->Length()},
                *request, *response);
}

grpc::ServerUnaryReactor* KeyServiceAdapter::RevokeKey(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(handlers_, &KeyHandlers::RevokeKey, clock_(), calls_,
                {call_watch_, Method::kRevokeKey, *context, request->Length()},
                *request, *response);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* KeyServiceAdapter::WatchJwks(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  const CallStart start{call_watch_, Method::kWatchJwks, *context,
                        request->Length()};
  v1::WatchJwksRequest message;
  absl::Status good = ReadMessage(*request, message);
  if (good.ok()) good = handlers_.CurrentJwks(message).status();
  if (!good.ok()) return new Refusal(start, good);
  auto* stream = new JwksStream(
      start, message.issuer(),
      [this, message] { return handlers_.CurrentJwks(message); },
      [this](JwksStream* done) { Remove(done); });
  const std::lock_guard lock(streams_mutex_);
  streams_.insert(stream);
  stream->Send();
  if (stopping_) stream->End(kStopping);
  return stream;
}

void KeyServiceAdapter::SendTo(absl::string_view issuer) {
  const std::lock_guard lock(streams_mutex_);
  for (JwksStream* stream : streams_) {
    if (stream->issuer() == issuer) stream->Send();
  }
}

void KeyServiceAdapter::StopStreams() {
  const std::lock_guard lock(streams_mutex_);
  stopping_ = true;
  for (JwksStream* stream : streams_) stream->End(kStopping);
}

void KeyServiceAdapter::Remove(JwksStream* stream) {
  {
    const std::lock_guard lock(streams_mutex_);
    streams_.erase(stream);
  }
  delete stream;
}

RevocationServiceAdapter::RevocationServiceAdapter(const KeyHandlers& handlers,
                                                   RunningCalls& calls,
                                                   CallWatch& watch,
                                                   Clock clock)
    : handlers_(handlers),
      calls_(calls),
      call_watch_(watch),
      clock_(std::move(clock)) {}

grpc::ServerUnaryReactor* RevocationServiceAdapter::Revoke(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(handlers_, &KeyHandlers::Revoke, clock_(), calls_,
                {call_watch_, Method::kRevoke, *context, request->Length()},
                *request, *response);
}

}  // namespace signet
