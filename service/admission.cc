#include "service/admission.h"

#include "service/access/access_control.h"
#include "service/access/grpc_credentials.h"

namespace signet {
namespace {

absl::StatusOr<Caller> Identify(const AccessControl& access,
                                const grpc::CallbackServerContext& context,
                                absl::Time now) {
  if (access.is_open()) return Caller::Anonymous();
  return access.Identify(GrpcCredentials(context).value(), now);
}

}  // namespace

absl::StatusOr<Caller> Admit(const CurrentSetup& setup, Method method,
                             const grpc::CallbackServerContext& context,
                             absl::Time now, std::string& name) {
  const CurrentSetup::Reader current(setup);
  const AccessControl& access = *current.setup().access;
  absl::StatusOr<Caller> caller = Identify(access, context, now);
  name = caller.ok() ? caller->name() : Caller::Unidentified().name();
  if (!caller.ok()) return caller;
  const absl::Status permitted = access.Permit(*caller, method);
  if (!permitted.ok()) return permitted;
  return caller;
}

}  // namespace signet
