#include "service/token_service_adapter.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/types/span.h"
#include "service/audit/described_call.h"
#include "service/message_bytes.h"
#include "service/missing_key.h"
#include "service/remote_issuers.h"
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

// How often a call waits for keys: once for those it needs, and once more if
// they were being fetched for another reason when it came.
constexpr int kMaxWaits = 2;

// A call whose answer may depend on keys that are being fetched. It waits for
// them without a thread: its deadline ends it for the caller, and the end of
// the fetch for the server. What it finds after that, it finds by the setup of
// then. gRPC keeps `response_bytes` for as long as it lives.
class KeyAwaitingCall : public UnaryCall {
 public:
  KeyAwaitingCall(RunningCalls& calls, const CallStart& start,
                  const CurrentSetup& setup, grpc::ByteBuffer& response_bytes)
      : UnaryCall(calls, start),
        setup_(setup),
        response_bytes_(response_bytes) {}

 protected:
  // Begins to find the answer (anew).
  virtual void Begin() = 0;

  const CurrentSetup& setup() const { return setup_; }
  grpc::ByteBuffer& response_bytes() { return response_bytes_; }

  // Ends the call with `status`, unless that is another once keys are there.
  void Conclude(const absl::Status& status) {
    const std::optional<std::string> issuer = AwaitedIssuer(status);
    if (issuer && waits_++ < kMaxWaits &&
        setup_.Share()->remote->AwaitFetch(*issuer, [this] { Begin(); })) {
      return;
    }
    Finish(ToGrpc(status));
  }

 private:
  const CurrentSetup& setup_;
  grpc::ByteBuffer& response_bytes_;
  int waits_ = 0;
};

// A call of Verify that is verified together with others.
class VerifyCall final : public KeyAwaitingCall, public VerifyCoalescer::Call {
 public:
  VerifyCall(RunningCalls& calls, const CallStart& start,
             const CurrentSetup& setup, VerifyCoalescer& coalescer,
             v1::VerifyRequest request, grpc::ByteBuffer& response_bytes)
      : KeyAwaitingCall(calls, start, setup, response_bytes),
        coalescer_(coalescer),
        request_(std::move(request)) {}

  void Begin() override { coalescer_.Submit(*this); }

  const v1::VerifyRequest& request() const override { return request_; }

  void Answer(absl::StatusOr<v1::VerifyResponse> answer) override {
    Conclude(WriteAnswer(CurrentSetup::Reader(setup()).handlers(), answer,
                         response_bytes()));
  }

 private:
  VerifyCoalescer& coalescer_;
  const v1::VerifyRequest request_;
};

// A call that a handler answers for itself.
class HandlerCall final : public KeyAwaitingCall {
 public:
  // Writes the answer to the bytes, and what the audit log shall tell of it to
  // the event; returns the status.
  using Handle = std::function<absl::Status(grpc::ByteBuffer& response_bytes,
                                            AuditEvent& audit_event)>;

  HandlerCall(RunningCalls& calls, const CallStart& start,
              const CurrentSetup& setup, Handle handle,
              grpc::ByteBuffer& response_bytes)
      : KeyAwaitingCall(calls, start, setup, response_bytes),
        handle_(std::move(handle)) {}

  void Begin() override { Conclude(handle_(response_bytes(), audit_event())); }

 private:
  const Handle handle_;
};

}  // namespace

TokenServiceAdapter::TokenServiceAdapter(
    std::shared_ptr<const CurrentSetup> setup, CallWatch& watch, Clock clock)
    : setup_(std::move(setup)),
      watch_(watch),
      clock_(std::move(clock)),
      coalescer_(
          std::thread::hardware_concurrency(),
          [this](absl::Span<const v1::VerifyRequest* const> requests) {
            return CurrentSetup::Reader(*setup_).handlers().VerifyTogether(
                requests, clock_());
          }) {}

grpc::ServerUnaryReactor* TokenServiceAdapter::Sign(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer({watch_, Method::kSign, *context, request->Length()},
                &TokenHandlers::Sign, *request, *response);
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Verify(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  const CallStart start{watch_, Method::kVerify, *context, request->Length()};
  v1::VerifyRequest message;
  absl::Status read = ReadMessage(*request, message);
  if (!read.ok() || message.explain()) {
    return Answer(start, &TokenHandlers::Verify, *request, *response);
  }
  auto* call = new VerifyCall(running_calls_, start, *setup_, coalescer_,
                              std::move(message), *response);
  call->Begin();
  return call;
}

grpc::ServerUnaryReactor* TokenServiceAdapter::BatchVerify(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer({watch_, Method::kBatchVerify, *context, request->Length()},
                &TokenHandlers::BatchVerify, *request, *response);
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Introspect(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer({watch_, Method::kIntrospect, *context, request->Length()},
                &TokenHandlers::Introspect, *request, *response);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
TokenServiceAdapter::StreamVerify(grpc::CallbackServerContext* context) {
  auto* stream = new VerifyStream(
      {.verify =
           [this](absl::Span<const v1::StreamVerifyRequest> requests) {
             return CurrentSetup::Reader(*setup_).handlers().StreamVerify(
                 requests, clock_());
           },
       .max_unanswered_bytes = static_cast<size_t>(
           CurrentSetup::Reader(*setup_).setup().max_message_bytes),
       .on_done = [this](VerifyStream* done) { Remove(done); }},
      running_calls_, {watch_, Method::kStreamVerify, *context, 0});
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
    const CallStart& start, Handler<Request, Response> handler,
    const grpc::ByteBuffer& request_bytes, grpc::ByteBuffer& response_bytes) {
  // gRPC keeps the request for as long as the call lives.
  auto* call = new HandlerCall(
      running_calls_, start, *setup_,
      [this, handler, &request_bytes](grpc::ByteBuffer& bytes,
                                      AuditEvent& audit_event) {
        return Handle(handler, request_bytes, bytes, audit_event);
      },
      response_bytes);
  call->Begin();
  return call;
}

template <typename Request, typename Response>
absl::Status TokenServiceAdapter::Handle(Handler<Request, Response> handler,
                                         const grpc::ByteBuffer& request_bytes,
                                         grpc::ByteBuffer& response_bytes,
                                         AuditEvent& audit_event) const {
  Request request;
  absl::Status read = ReadMessage(request_bytes, request);
  if (!read.ok()) return read;
  Describe(request, audit_event);
  const CurrentSetup::Reader current(*setup_);
  const TokenHandlers& handlers = current.handlers();
  const absl::StatusOr<Response> answer =
      (handlers.*handler)(request, clock_());
  if (answer.ok()) Describe(*answer, audit_event);
  return WriteAnswer(handlers, answer, response_bytes);
}

}  // namespace signet
