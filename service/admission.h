#ifndef SIGNET_SERVICE_ADMISSION_H_
#define SIGNET_SERVICE_ADMISSION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "service/access/caller.h"
#include "service/current_setup.h"
#include "service/method.h"
#include "service/running_calls.h"

namespace signet {

// Entry is a call at the door.
struct Entry {
  const CurrentSetup& setup;
  // Those that run, this one included if it is unary.
  const RunningCalls& calls;
  Method method;
  const grpc::CallbackServerContext& context;
};

// Admit returns who makes a call, if they may by the setup of the moment
// (AccessControl::Identify, Permit). Where everybody may do everything it does
// not look. Into `name` goes that of the caller, for the audit log, also if
// they may not.
//
// A call that nobody waits for any more is Cancelled or DeadlineExceeded, and
// one of too many ResourceExhausted, before anything else is done for it.
absl::StatusOr<Caller> Admit(const Entry& entry, absl::Time now,
                             std::string& name);

}  // namespace signet

#endif  // SIGNET_SERVICE_ADMISSION_H_
