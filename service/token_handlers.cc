#include "service/token_handlers.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/algorithm.h"
#include "service/config_field.h"
#include "service/enum_conversion.h"
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

void SetResult(const Verdict& verdict, v1::VerifyResponse& response) {
  if (verdict.ok()) {
    *response.mutable_verified() = ToMessage(*verdict);
  } else {
    *response.mutable_rejection() = ToMessage(verdict.rejection());
  }
}

absl::StatusOr<TokenRequest> ReadTokenRequest(const v1::SignRequest& message) {
  const std::optional<TokenKind> kind = TokenKindFromMessage(message.kind());
  if (!kind) return absl::InvalidArgumentError("kind: is required");
  TokenRequest request;
  request.kind = *kind;
  request.subject = message.subject();
  request.audiences = StringsFromMessage(message.audiences());
  request.scopes = StringsFromMessage(message.scopes());
  request.client_id = message.client_id();
  request.nonce = message.nonce();
  request.authorized_party = message.authorized_party();
  request.access_token = message.access_token();
  request.authentication_context_class = message.authentication_context_class();
  request.authentication_methods =
      StringsFromMessage(message.authentication_methods());
  request.custom_claims_json = message.custom_claims_json();
  if (message.has_lifetime()) {
    const absl::StatusOr<absl::Duration> lifetime =
        DurationFromMessage(message.lifetime(), "lifetime");
    if (!lifetime.ok()) return lifetime.status();
    request.lifetime = *lifetime;
  }
  if (message.has_authenticated_at()) {
    const absl::StatusOr<absl::Time> time =
        TimeFromMessage(message.authenticated_at(), "authenticated_at");
    if (!time.ok()) return time.status();
    request.authenticated_at = *time;
  }
  if (!message.algorithm().empty()) {
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField("algorithm", message.algorithm());
    if (!algorithm.ok()) return algorithm.status();
    request.algorithm = *algorithm;
  }
  return request;
}

}  // namespace

absl::StatusOr<v1::SignResponse> TokenHandlers::Sign(
    const v1::SignRequest& request, absl::Time now) const {
  const absl::StatusOr<const JwtSigner*> signer = FindSigner(request.issuer());
  if (!signer.ok()) return signer.status();
  const absl::StatusOr<TokenRequest> token_request = ReadTokenRequest(request);
  if (!token_request.ok()) return token_request.status();
  absl::StatusOr<SignedToken> token = (*signer)->Sign(*token_request, now);
  if (!token.ok()) return token.status();
  v1::SignResponse response;
  response.set_token(std::move(token->compact));
  *response.mutable_content() = ToMessage(token->content);
  return response;
}

absl::StatusOr<v1::VerifyResponse> TokenHandlers::Verify(
    const v1::VerifyRequest& request, absl::Time now) const {
  const absl::StatusOr<const ValidationPolicy*> policy =
      FindPolicy(request.policy());
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<Tightening> tightening = ReadTightening(request);
  if (!tightening.ok()) return tightening.status();

  v1::VerifyResponse response;
  if (request.explain()) {
    const absl::StatusOr<Explanation> explanation =
        setup_->verifier.Explain(request.token(), **policy, *tightening, now);
    if (!explanation.ok()) return explanation.status();
    SetResult(explanation->verdict, response);
    for (const CheckReport& report : explanation->checks) {
      *response.add_checks() = ToMessage(report);
    }
    return response;
  }
  const absl::StatusOr<Verdict> verdict =
      setup_->verifier.Verify(request.token(), **policy, *tightening, now);
  if (!verdict.ok()) return verdict.status();
  SetResult(*verdict, response);
  return response;
}

absl::StatusOr<v1::BatchVerifyResponse> TokenHandlers::BatchVerify(
    const v1::BatchVerifyRequest& request, absl::Time now) const {
  if (static_cast<size_t>(request.requests_size()) > setup_->max_batch_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("requests: has ", request.requests_size(),
                     "; this server takes at most ", setup_->max_batch_size));
  }
  v1::BatchVerifyResponse response;
  for (const v1::VerifyRequest& one : request.requests()) {
    absl::StatusOr<v1::VerifyResponse> answer = Verify(one, now);
    v1::BatchVerifyResult& result = *response.add_results();
    if (answer.ok()) {
      *result.mutable_response() = *std::move(answer);
    } else {
      v1::Failure& failure = *result.mutable_failure();
      failure.set_code(static_cast<int>(answer.status().code()));
      failure.set_message(std::string(answer.status().message()));
    }
  }
  return response;
}

absl::StatusOr<v1::IntrospectResponse> TokenHandlers::Introspect(
    const v1::IntrospectRequest& request, absl::Time now) const {
  const absl::StatusOr<const ValidationPolicy*> policy =
      FindPolicy(request.policy());
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<Verdict> verdict =
      setup_->verifier.Verify(request.token(), **policy, Tightening{}, now);
  if (!verdict.ok()) return verdict.status();
  // Why a token is not active is nobody's business (RFC 7662 section 2.2).
  if (!verdict->ok()) return v1::IntrospectResponse();
  return ToIntrospectionMessage(**verdict);
}

absl::StatusOr<const ValidationPolicy*> TokenHandlers::FindPolicy(
    const std::string& name) const {
  if (name.empty()) return absl::InvalidArgumentError("policy: is required");
  const auto found = setup_->policies.find(name);
  if (found != setup_->policies.end()) return &found->second;
  return absl::InvalidArgumentError(
      "policy: the server has no policy of this name");
}

absl::StatusOr<const JwtSigner*> TokenHandlers::FindSigner(
    const std::string& issuer) const {
  const auto& signers = setup_->signers;
  if (issuer.empty()) {
    if (signers.size() == 1) return &signers.begin()->second;
    return absl::InvalidArgumentError(
        "issuer: is required, because this server does not sign as exactly "
        "one");
  }
  const auto found = signers.find(issuer);
  if (found != signers.end()) return &found->second;
  return absl::InvalidArgumentError(
      "issuer: this server does not sign as this issuer");
}

}  // namespace signet
