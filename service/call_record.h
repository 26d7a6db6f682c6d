#ifndef SIGNET_SERVICE_CALL_RECORD_H_
#define SIGNET_SERVICE_CALL_RECORD_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "service/audit/audit_event.h"
#include "service/audit/audit_log.h"
#include "service/call_log.h"
#include "service/metrics/call_counts.h"

namespace signet {

// CallWatch is told of every call. It must outlive them.
struct CallWatch {
  CallCounts counts;
  // Null, if nothing is to be written.
  std::unique_ptr<CallLog> log;
  // Null, if nobody is told who did what.
  std::shared_ptr<AuditLog> audit;
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
//
// A caller may give its call an id (x-request-id), and say what it is part of
// (traceparent); the log names both, and they are returned behind the answer. A
// call that fails without an id gets one. What is not well-formed counts as not
// given.
//
// What changes something (Sign, Revoke, RotateKey, RevokeKey), and what is
// denied, gets a line in the audit log before the caller hears of it.
class CallRecord {
 public:
  explicit CallRecord(const CallStart& start);

  // Returns the status to end the call with: `outcome`; but Unavailable for a
  // token that was signed and could not be put into the audit log.
  grpc::Status End(const grpc::Status& outcome);

  // audit_event is what the audit log shall tell of the call. Who makes the
  // call fills in what it knows; End adds the rest.
  AuditEvent& audit_event() { return audit_event_; }

 private:
  grpc::Status Audit(const grpc::Status& status, const std::string& request_id);
  // What the caller has put in its metadata under `key`; empty, unless
  // `is_good`.
  absl::string_view Given(const char* key,
                          bool (*is_good)(absl::string_view)) const;

  const CallStart start_;
  AuditEvent audit_event_;
  const std::chrono::steady_clock::time_point began_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_CALL_RECORD_H_
