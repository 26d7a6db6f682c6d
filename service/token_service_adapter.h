#ifndef SIGNET_SERVICE_TOKEN_SERVICE_ADAPTER_H_
#define SIGNET_SERVICE_TOKEN_SERVICE_ADAPTER_H_

#include <memory>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "service/call_record.h"
#include "service/clock.h"
#include "service/current_setup.h"
#include "service/running_calls.h"
#include "service/token_handlers.h"
#include "service/verify_coalescer.h"
#include "service/verify_stream.h"
#include "signet/v1/token_service.grpc.pb.h"

namespace signet {

// RawTokenService has all methods of the service, as bytes in and bytes out.
using RawTokenService = v1::TokenService::WithRawCallbackMethod_Sign<
    v1::TokenService::WithRawCallbackMethod_Verify<
        v1::TokenService::WithRawCallbackMethod_BatchVerify<
            v1::TokenService::WithRawCallbackMethod_StreamVerify<
                v1::TokenService::WithRawCallbackMethod_Introspect<
                    v1::TokenService::WithRawCallbackMethod_Exchange<
                        v1::TokenService::Service>>>>>>;

// TokenServing is what calls of TokenService need, and outlives them.
struct TokenServing {
  const CurrentSetup& setup;
  CallWatch& watch;
  const Clock& clock;
  RunningCalls& running_calls;
};

// TokenServiceAdapter hands each call whose caller may make it to its handler,
// and the handler's answer to gRPC. It must outlive the server that it is
// registered with.
class TokenServiceAdapter final : public RawTokenService {
 public:
  // `watch` must outlive the adapter.
  TokenServiceAdapter(std::shared_ptr<const CurrentSetup> setup,
                      CallWatch& watch, Clock clock);
  // Its calls hold what it consists of.
  TokenServiceAdapter(const TokenServiceAdapter&) = delete;
  TokenServiceAdapter& operator=(const TokenServiceAdapter&) = delete;

  // running_calls are those that have been handed over and have not ended.
  RunningCalls& running_calls() { return running_calls_; }

  // StopStreams ends every stream, also those that begin later, once it has
  // answered what it has read.
  void StopStreams();

  grpc::ServerUnaryReactor* Sign(grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* request,
                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Verify(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* BatchVerify(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StreamVerify(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* Introspect(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Exchange(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;

 private:
  void Remove(VerifyStream* stream);

  const std::shared_ptr<const CurrentSetup> setup_;
  CallWatch& watch_;
  const Clock clock_;
  RunningCalls running_calls_;
  const TokenServing serving_ = {*setup_, watch_, clock_, running_calls_};
  VerifyCoalescer coalescer_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package. It keeps
  // streams from going while they are told to stop.
  std::mutex streams_mutex_;
  absl::flat_hash_set<VerifyStream*> streams_ ABSL_GUARDED_BY(streams_mutex_);
  bool stopping_ ABSL_GUARDED_BY(streams_mutex_) = false;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_TOKEN_SERVICE_ADAPTER_H_
