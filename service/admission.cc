#include "service/admission.h"

#include <chrono>

#include "absl/status/status.h"
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

// Whether it makes sense to begin.
absl::Status CheckTimeliness(const Entry& entry, const ServerSetup& setup) {
  if (entry.context.IsCancelled()) {
    return absl::CancelledError("the caller has given up");
  }
  if (entry.context.deadline() <= std::chrono::system_clock::now()) {
    return absl::DeadlineExceededError("the deadline passed before it began");
  }
  if (entry.calls.count() > setup.max_calls) {
    return absl::ResourceExhaustedError(
        "too many calls are in progress; try again later");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Caller> Admit(const Entry& entry, absl::Time now,
                             std::string& name) {
  const CurrentSetup::Reader current(entry.setup);
  const absl::Status timely = CheckTimeliness(entry, current.setup());
  if (!timely.ok()) return timely;
  const AccessControl& access = *current.setup().access;
  absl::StatusOr<Caller> caller = Identify(access, entry.context, now);
  name = caller.ok() ? caller->name() : Caller::Unidentified().name();
  if (!caller.ok()) return caller;
  const absl::Status permitted = access.Permit(*caller, entry.method);
  if (!permitted.ok()) return permitted;
  return caller;
}

}  // namespace signet
