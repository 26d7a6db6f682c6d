#ifndef SIGNET_SERVICE_VERIFY_MESSAGES_H_
#define SIGNET_SERVICE_VERIFY_MESSAGES_H_

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "signet/v1/token_service.pb.h"
#include "verifier/jwt_verifier.h"
#include "verifier/validation_policy.h"

namespace signet {

// PoliciesByName are the policies of a server.
using PoliciesByName = absl::flat_hash_map<std::string, ValidationPolicy>;

// FindPolicy returns InvalidArgument if there is no policy of this name.
absl::StatusOr<const ValidationPolicy*> FindPolicy(
    const PoliciesByName& policies, const std::string& name);

// Demands is what a VerifyRequest asks of its token. It views the request, and
// the policies.
struct Demands {
  const ValidationPolicy* policy;
  Tightening tightening;
};

// ReadDemands returns InvalidArgument, beginning with the field at fault, if
// the request is wrong in itself.
absl::StatusOr<Demands> ReadDemands(const v1::VerifyRequest& request,
                                    const PoliciesByName& policies);

// ToMessage turns what was decided into its form on the wire.
v1::VerifyResponse ToMessage(const Verdict& verdict);
v1::VerifyResponse ToMessage(const Explanation& explanation);

// SetResult sets the result of one request among several: its response, or why
// there is none, in a BatchVerifyResult or a StreamVerifyResponse.
template <typename Message>
void SetResult(absl::StatusOr<v1::VerifyResponse> answer, Message& message) {
  if (answer.ok()) {
    *message.mutable_response() = *std::move(answer);
    return;
  }
  message.mutable_failure()->set_code(static_cast<int>(answer.status().code()));
  message.mutable_failure()->set_message(
      std::string(answer.status().message()));
}

}  // namespace signet

#endif  // SIGNET_SERVICE_VERIFY_MESSAGES_H_
