#ifndef SIGNET_SERVICE_UNARY_CALL_H_
#define SIGNET_SERVICE_UNARY_CALL_H_

#include "grpcpp/support/server_callback.h"
#include "grpcpp/support/status.h"
#include "service/audit/audit_event.h"
#include "service/call_record.h"
#include "service/running_calls.h"

namespace signet {

// UnaryCall is what gRPC tells about a call with one request and one response.
// It ends itself; whoever answers calls Finish, once, on any thread.
class UnaryCall : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(RunningCalls& calls, const CallStart& start)
      : mark_(calls), record_(start) {}

  // Hides gRPC's own, which keeps no record.
  // An answer that was written goes nowhere, if the record says that the call
  // has failed.
  void Finish(const grpc::Status& status) {
    ServerUnaryReactor::Finish(record_.End(status));
  }

  // audit_event is what the audit log shall tell of the call (CallRecord).
  AuditEvent& audit_event() { return record_.audit_event(); }

 private:
  void OnDone() override { delete this; }

  RunningCalls::Mark mark_;
  CallRecord record_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_UNARY_CALL_H_
