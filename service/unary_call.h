#ifndef SIGNET_SERVICE_UNARY_CALL_H_
#define SIGNET_SERVICE_UNARY_CALL_H_

#include "grpcpp/support/server_callback.h"
#include "service/running_calls.h"

namespace signet {

// UnaryCall is what gRPC tells about a call with one request and one response.
// It ends itself; whoever answers calls Finish, once, on any thread.
class UnaryCall : public grpc::ServerUnaryReactor {
 public:
  explicit UnaryCall(RunningCalls& calls) : mark_(calls) {}

 private:
  void OnDone() override { delete this; }

  RunningCalls::Mark mark_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_UNARY_CALL_H_
