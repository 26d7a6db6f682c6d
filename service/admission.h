#ifndef SIGNET_SERVICE_ADMISSION_H_
#define SIGNET_SERVICE_ADMISSION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "service/access/caller.h"
#include "service/current_setup.h"
#include "service/method.h"

namespace signet {

// Admit returns who makes a call, if they may by the setup of the moment
// (AccessControl::Identify, Permit). Where everybody may do everything it does
// not look. Into `name` goes that of the caller, for the audit log, also if
// they may not.
absl::StatusOr<Caller> Admit(const CurrentSetup& setup, Method method,
                             const grpc::CallbackServerContext& context,
                             absl::Time now, std::string& name);

}  // namespace signet

#endif  // SIGNET_SERVICE_ADMISSION_H_
