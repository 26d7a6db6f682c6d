#include "service/verify_messages.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/message_conversion.h"

namespace signet {
namespace {

absl::StatusOr<Tightening> ReadTightening(const v1::VerifyRequest& request) {
  Tightening tightening;
  if (request.has_audience()) tightening.audience = request.audience();
  tightening.required_scopes.assign(request.required_scopes().begin(),
                                    request.required_scopes().end());
  if (request.has_nonce()) tightening.nonce = request.nonce();
  if (request.has_access_token()) {
    tightening.access_token = request.access_token();
  }
  if (request.has_max_token_age()) {
    const absl::StatusOr<absl::Duration> age =
        DurationFromMessage(request.max_token_age(), "max_token_age");
    if (!age.ok()) return age.status();
    tightening.max_token_age = *age;
  }
  if (request.has_max_authentication_age()) {
    const absl::StatusOr<absl::Duration> age = DurationFromMessage(
        request.max_authentication_age(), "max_authentication_age");
    if (!age.ok()) return age.status();
    tightening.max_authentication_age = *age;
  }
  return tightening;
}

}  // namespace

absl::StatusOr<const ValidationPolicy*> FindPolicy(
    const PoliciesByName& policies, const std::string& name) {
  if (name.empty()) return absl::InvalidArgumentError("policy: is required");
  const auto found = policies.find(name);
  if (found != policies.end()) return &found->second;
  return absl::InvalidArgumentError(
      "policy: the server has no policy of this name");
}

absl::StatusOr<Demands> ReadDemands(const v1::VerifyRequest& request,
                                    const PoliciesByName& policies) {
  const absl::StatusOr<const ValidationPolicy*> policy =
      FindPolicy(policies, request.policy());
  if (!policy.ok()) return policy.status();
  absl::StatusOr<Tightening> tightening = ReadTightening(request);
  if (!tightening.ok()) return tightening.status();
  return Demands{*policy, *std::move(tightening)};
}

v1::VerifyResponse ToMessage(const Verdict& verdict) {
  v1::VerifyResponse response;
  if (verdict.ok()) {
    *response.mutable_verified() = ToMessage(*verdict);
  } else {
    *response.mutable_rejection() = ToMessage(verdict.rejection());
  }
  return response;
}

v1::VerifyResponse ToMessage(const Explanation& explanation) {
  v1::VerifyResponse response = ToMessage(explanation.verdict);
  for (const CheckReport& report : explanation.checks) {
    *response.add_checks() = ToMessage(report);
  }
  return response;
}

}  // namespace signet
