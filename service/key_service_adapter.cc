#include "service/key_service_adapter.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/admission.h"
#include "service/audit/described_call.h"
#include "service/message_bytes.h"
#include "service/method.h"
#include "service/unary_call.h"

namespace signet {
namespace {

template <typename Request, typename Response>
using Handler = void (KeyHandlers::*)(const Request&, absl::Time,
                                      const KeyHandlers::Done<Response>&) const;

// What gRPC keeps of a call for as long as it lives.
struct CallContext {
  grpc::CallbackServerContext& context;
  const grpc::ByteBuffer& request_bytes;
  grpc::ByteBuffer& response_bytes;
};

// Has `handler` answer a call, now or later, if its caller may make it.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Handle(Method method, const KeyServing& serving,
                                 Handler<Request, Response> handler,
                                 const CallContext& context) {
  auto* call = new UnaryCall(
      serving.running_calls,
      {serving.watch, method, context.context, context.request_bytes.Length()});
  const absl::Time now = serving.clock();
  Request request;
  absl::Status good =
      Admit({serving.setup, serving.running_calls, method, context.context},
            now, call->audit_event().caller)
          .status();
  if (good.ok()) good = ReadMessage(context.request_bytes, request);
  if (!good.ok()) {
    call->Finish(ToGrpc(good));
    return call;
  }
  Describe(request, call->audit_event());
  (serving.handlers.*handler)(request, now,
                              [call, &response = context.response_bytes](
                                  const absl::StatusOr<Response>& answer) {
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
  Refusal(const CallStart& start, std::string caller,
          const absl::Status& status) {
    CallRecord record(start);
    record.audit_event().caller = std::move(caller);
    Finish(record.End(ToGrpc(status)));
  }

 private:
  void OnDone() override { delete this; }
};

const grpc::Status kStopping(grpc::StatusCode::UNAVAILABLE,
                             "the server is stopping; watch another");

}  // namespace

KeyServiceAdapter::KeyServiceAdapter(KeyServing serving, LiveIssuers& issuers)
    : serving_(std::move(serving)),
      watch_(
          issuers.Watch([this](absl::string_view issuer) { SendTo(issuer); })) {
}

grpc::ServerUnaryReactor* KeyServiceAdapter::ListKeys(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(Method::kListKeys, serving_, &KeyHandlers::ListKeys,
                {*context, *request, *response});
}

grpc::ServerUnaryReactor* KeyServiceAdapter::RotateKey(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(Method::kRotateKey, serving_, &KeyHandlers::RotateKey,
                {*context, *request, *response});
}

grpc::ServerUnaryReactor* KeyServiceAdapter::RevokeKey(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(Method::kRevokeKey, serving_, &KeyHandlers::RevokeKey,
                {*context, *request, *response});
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* KeyServiceAdapter::WatchJwks(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  const CallStart start{serving_.watch, Method::kWatchJwks, *context,
                        request->Length()};
  v1::WatchJwksRequest message;
  std::string caller;
  absl::Status good = Admit({serving_.setup, serving_.running_calls,
                             Method::kWatchJwks, *context},
                            serving_.clock(), caller)
                          .status();
  if (good.ok()) good = ReadMessage(*request, message);
  if (good.ok()) good = serving_.handlers.CurrentJwks(message).status();
  if (!good.ok()) return new Refusal(start, std::move(caller), good);
  auto* stream = new JwksStream(
      start, message.issuer(),
      [this, message] { return serving_.handlers.CurrentJwks(message); },
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

grpc::ServerUnaryReactor* RevocationServiceAdapter::Revoke(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Handle(Method::kRevoke, serving_, &KeyHandlers::Revoke,
                {*context, *request, *response});
}

}  // namespace signet
