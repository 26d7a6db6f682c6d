#include "service/token_service_adapter.h"

#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/types/span.h"
#include "service/access/caller.h"
#include "service/admission.h"
#include "service/audit/described_call.h"
#include "service/call_record.h"
#include "service/message_bytes.h"
#include "service/method.h"
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

// What gRPC keeps of a call for as long as it lives.
struct CallContext {
  grpc::CallbackServerContext& context;
  const grpc::ByteBuffer& request_bytes;
  grpc::ByteBuffer& response_bytes;
};

// A call whose caller must be admitted, and whose answer may depend on keys
// that are being fetched. It waits for them without a thread: its deadline ends
// it for the caller, and the end of the fetch for the server. What it finds
// after that, it finds by the setup of then, and that caller's rights too.
class AdmittedCall : public UnaryCall {
 public:
  AdmittedCall(Method method, const TokenServing& serving,
               const CallContext& call)
      : UnaryCall(serving.running_calls, {serving.watch, method, call.context,
                                          call.request_bytes.Length()}),
        method_(method),
        serving_(serving),
        call_(call) {}

  // Begins to find the answer (anew).
  void Begin() {
    const absl::StatusOr<Caller> caller =
        Admit({serving_.setup, serving_.running_calls, method_, call_.context},
              serving_.clock(), audit_event().caller);
    if (!caller.ok()) return Conclude(caller.status());
    Proceed(*caller);
  }

 protected:
  // Finds the answer for a caller who may have it.
  virtual void Proceed(const Caller& caller) = 0;

  const TokenServing& serving() const { return serving_; }
  const grpc::ByteBuffer& request_bytes() const { return call_.request_bytes; }
  grpc::ByteBuffer& response_bytes() { return call_.response_bytes; }

  // Ends the call with `status`, unless that is another once keys are there.
  void Conclude(const absl::Status& status) {
    const std::optional<std::string> issuer = AwaitedIssuer(status);
    if (issuer && waits_++ < kMaxWaits &&
        serving_.setup.Share()->remote->AwaitFetch(*issuer,
                                                   [this] { Begin(); })) {
      return;
    }
    Finish(ToGrpc(status));
  }

 private:
  const Method method_;
  const TokenServing& serving_;
  const CallContext call_;
  int waits_ = 0;
};

// A call of Verify that is verified together with others, unless it asks to
// explain.
class VerifyCall final : public AdmittedCall, public VerifyCoalescer::Call {
 public:
  VerifyCall(const TokenServing& serving, const CallContext& call,
             VerifyCoalescer& coalescer)
      : AdmittedCall(Method::kVerify, serving, call), coalescer_(coalescer) {}

  const v1::VerifyRequest& request() const override { return request_; }

  void Answer(absl::StatusOr<v1::VerifyResponse> answer) override {
    Conclude(WriteAnswer(CurrentSetup::Reader(serving().setup).handlers(),
                         answer, response_bytes()));
  }

 private:
  void Proceed(const Caller&) override {
    const absl::Status read = ReadMessage(request_bytes(), request_);
    if (!read.ok()) return Conclude(read);
    if (!request_.explain()) return coalescer_.Submit(*this);
    Answer(CurrentSetup::Reader(serving().setup)
               .handlers()
               .Verify(request_, serving().clock()));
  }

  VerifyCoalescer& coalescer_;
  v1::VerifyRequest request_;
};

// A call that `Handle` answers for itself: a function of the handlers, the
// request, the caller and the time.
template <typename Request, typename Handle>
class HandlerCall final : public AdmittedCall {
 public:
  HandlerCall(Method method, const TokenServing& serving,
              const CallContext& call, Handle handle)
      : AdmittedCall(method, serving, call), handle_(handle) {}

 private:
  void Proceed(const Caller& caller) override { Conclude(Answer(caller)); }

  // Writes the answer, and returns the status.
  absl::Status Answer(const Caller& caller) {
    Request request;
    absl::Status read = ReadMessage(request_bytes(), request);
    if (!read.ok()) return read;
    Describe(request, audit_event());
    const CurrentSetup::Reader current(serving().setup);
    const TokenHandlers& handlers = current.handlers();
    const auto answer = handle_(handlers, request, caller, serving().clock());
    if (answer.ok()) Describe(*answer, audit_event());
    return WriteAnswer(handlers, answer, response_bytes());
  }

  const Handle handle_;
};

template <typename Request, typename Handle>
grpc::ServerUnaryReactor* Answer(Method method, const TokenServing& serving,
                                 const CallContext& context, Handle handle) {
  auto* call =
      new HandlerCall<Request, Handle>(method, serving, context, handle);
  call->Begin();
  return call;
}

// A stream that never begins.
class RefusedStream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  RefusedStream(const CallStart& start, std::string caller,
                const absl::Status& status) {
    CallRecord record(start);
    record.audit_event().caller = std::move(caller);
    Finish(record.End(ToGrpc(status)));
  }

 private:
  void OnDone() override { delete this; }
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
  return Answer<v1::SignRequest>(
      Method::kSign, serving_, {*context, *request, *response},
      [](const TokenHandlers& handlers, const v1::SignRequest& message,
         const Caller& caller,
         absl::Time now) { return handlers.Sign(message, caller, now); });
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Verify(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  auto* call =
      new VerifyCall(serving_, {*context, *request, *response}, coalescer_);
  call->Begin();
  return call;
}

grpc::ServerUnaryReactor* TokenServiceAdapter::BatchVerify(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer<v1::BatchVerifyRequest>(
      Method::kBatchVerify, serving_, {*context, *request, *response},
      [](const TokenHandlers& handlers, const v1::BatchVerifyRequest& message,
         const Caller&,
         absl::Time now) { return handlers.BatchVerify(message, now); });
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Introspect(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer<v1::IntrospectRequest>(
      Method::kIntrospect, serving_, {*context, *request, *response},
      [](const TokenHandlers& handlers, const v1::IntrospectRequest& message,
         const Caller&,
         absl::Time now) { return handlers.Introspect(message, now); });
}

grpc::ServerUnaryReactor* TokenServiceAdapter::Exchange(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Answer<v1::ExchangeRequest>(
      Method::kExchange, serving_, {*context, *request, *response},
      [](const TokenHandlers& handlers, const v1::ExchangeRequest& message,
         const Caller& caller,
         absl::Time now) { return handlers.Exchange(message, caller, now); });
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
TokenServiceAdapter::StreamVerify(grpc::CallbackServerContext* context) {
  const CallStart start{watch_, Method::kStreamVerify, *context, 0};
  std::string caller;
  const absl::Status admitted =
      Admit({*setup_, running_calls_, Method::kStreamVerify, *context},
            clock_(), caller)
          .status();
  if (!admitted.ok()) {
    return new RefusedStream(start, std::move(caller), admitted);
  }
  auto* stream = new VerifyStream(
      {.verify =
           [this](absl::Span<const v1::StreamVerifyRequest> requests) {
             return CurrentSetup::Reader(*setup_).handlers().StreamVerify(
                 requests, clock_());
           },
       .max_unanswered_bytes = static_cast<size_t>(
           CurrentSetup::Reader(*setup_).setup().max_message_bytes),
       .on_done = [this](VerifyStream* done) { Remove(done); }},
      running_calls_, start);
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

}  // namespace signet
