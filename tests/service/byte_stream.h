#ifndef SIGNET_TESTS_SERVICE_BYTE_STREAM_H_
#define SIGNET_TESTS_SERVICE_BYTE_STREAM_H_

#include <memory>
#include <optional>
#include <string>

#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace signet {

// ByteStream calls a method that there is no generated stub for. Messages are
// bytes.
class ByteStream {
 public:
  // Starts a call of `method`, for example "/grpc.health.v1.Health/Watch", and
  // sends one request.
  ByteStream(const std::shared_ptr<grpc::Channel>& channel,
             const std::string& method, const std::string& request);
  // Completions arrive at this very object.
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  ~ByteStream();

  // Next waits for a response; nothing, if the call has ended.
  std::optional<std::string> Next();

  // Finish returns how the call ended. It waits for the server to end it, and
  // skips the responses until then.
  grpc::Status Finish();

 private:
  // Waits for what was last asked of the call.
  bool Await();

  std::unique_ptr<grpc::ClientContext> context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_BYTE_STREAM_H_
