#ifndef SIGNET_SERVICE_CALL_RECORD_H_
#define SIGNET_SERVICE_CALL_RECORD_H_

#include <chrono>
#include <cstddef>

#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "service/metrics/call_counts.h"

namespace signet {

// CallWatch is told of every call. It must outlive them.
struct CallWatch {
  CallCounts counts;
};

// CallStart is what is known of a call when it begins.
struct CallStart {
  CallWatch& watch;
  Method method;
  grpc::CallbackServerContext& context;
  // Of the request; 0 for a stream of them.
  size_t request_bytes;
};

// CallRecord is what an operator learns about one call. It begins with the
// call; End is called once, before gRPC is told the status.
class CallRecord {
 public:
  explicit CallRecord(const CallStart& start);

  void End(const grpc::Status& status);

 private:
  const CallStart start_;
  const std::chrono::steady_clock::time_point began_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_CALL_RECORD_H_
