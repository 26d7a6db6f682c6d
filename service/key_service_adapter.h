#ifndef SIGNET_SERVICE_KEY_SERVICE_ADAPTER_H_
#define SIGNET_SERVICE_KEY_SERVICE_ADAPTER_H_

#include <memory>
#include <mutex>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "service/call_record.h"
#include "service/clock.h"
#include "service/current_setup.h"
#include "service/jwks_stream.h"
#include "service/key_handlers.h"
#include "service/live_issuers.h"
#include "service/running_calls.h"
#include "signet/v1/key_service.grpc.pb.h"
#include "signet/v1/revocation_service.grpc.pb.h"

namespace signet {

// RawKeyService and RawRevocationService have all methods of the services, as
// bytes in and bytes out.
using RawKeyService = v1::KeyService::WithRawCallbackMethod_ListKeys<
    v1::KeyService::WithRawCallbackMethod_RotateKey<
        v1::KeyService::WithRawCallbackMethod_RevokeKey<
            v1::KeyService::WithRawCallbackMethod_WatchJwks<
                v1::KeyService::Service>>>>;
using RawRevocationService =
    v1::RevocationService::WithRawCallbackMethod_Revoke<
        v1::RevocationService::Service>;

// KeyServing is what calls of these services need, and outlives them.
struct KeyServing {
  const KeyHandlers& handlers;
  const CurrentSetup& setup;
  RunningCalls& running_calls;
  CallWatch& watch;
  Clock clock;
};

// KeyServiceAdapter hands each call whose caller may make it to its handler,
// and the handler's answer to gRPC. It must outlive the server that it is
// registered with.
class KeyServiceAdapter final : public RawKeyService {
 public:
  // `issuers` must outlive the adapter.
  KeyServiceAdapter(KeyServing serving, LiveIssuers& issuers);

  // StopStreams ends every stream, also those that begin later.
  void StopStreams();

  grpc::ServerUnaryReactor* ListKeys(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RotateKey(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RevokeKey(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchJwks(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;

 private:
  void SendTo(absl::string_view issuer);
  void Remove(JwksStream* stream);

  const KeyServing serving_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package. It keeps
  // streams from going while they are told something.
  std::mutex streams_mutex_;
  absl::flat_hash_set<JwksStream*> streams_ ABSL_GUARDED_BY(streams_mutex_);
  bool stopping_ ABSL_GUARDED_BY(streams_mutex_) = false;
  // Last, so that it ends first.
  const std::unique_ptr<KeyWatch> watch_;
};

// RevocationServiceAdapter is the same for the other service.
class RevocationServiceAdapter final : public RawRevocationService {
 public:
  explicit RevocationServiceAdapter(KeyServing serving)
      : serving_(std::move(serving)) {}

  grpc::ServerUnaryReactor* Revoke(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;

 private:
  const KeyServing serving_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_KEY_SERVICE_ADAPTER_H_
