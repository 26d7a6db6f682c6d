#include "service/token_handlers.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/rejection.h"
#include "service/access/access_control.h"
#include "service/delegation.h"
#include "service/message_conversion.h"
#include "service/missing_key.h"
#include "service/sign_messages.h"
#include "service/verify_messages.h"

namespace signet {
namespace {

absl::Status CallersAreNotKnown() {
  return absl::FailedPreconditionError(
      "the new token would say who acts, and this server asks nobody who they "
      "are; it must be configured with authorization");
}

v1::ExchangeResponse Refuse(const Rejection& rejection) {
  v1::ExchangeResponse response;
  *response.mutable_rejection() = ToMessage(rejection);
  return response;
}

}  // namespace

absl::StatusOr<v1::SignResponse> TokenHandlers::Sign(
    const v1::SignRequest& request, const Caller& caller,
    absl::Time now) const {
  absl::StatusOr<TokenRequest> token_request = ReadTokenRequest(request);
  if (!token_request.ok()) return token_request.status();
  const absl::StatusOr<AuthorizedSign> asked = setup_->access->AuthorizeSign(
      caller, IssuerToSignAs(request.issuer()), *std::move(token_request));
  if (!asked.ok()) return asked.status();
  absl::StatusOr<SignedToken> token = Issue(caller, *asked, now);
  if (!token.ok()) return token.status();
  v1::SignResponse response;
  response.set_token(std::move(token->compact));
  *response.mutable_content() = ToMessage(token->content);
  return response;
}

std::string TokenHandlers::IssuerToSignAs(const std::string& asked) const {
  return asked.empty() ? std::string(setup_->issuers->OnlySigningIssuer())
                       : asked;
}

absl::StatusOr<SignedToken> TokenHandlers::Issue(const Caller& caller,
                                                 const AuthorizedSign& asked,
                                                 absl::Time now) const {
  const absl::StatusOr<std::shared_ptr<const JwtSigner>> signer =
      setup_->issuers->FindSigner(asked.issuer());
  if (!signer.ok()) return signer.status();
  const absl::Status fresh = setup_->freshness->CheckSigning();
  if (!fresh.ok()) return fresh;
  const absl::Status rate = setup_->sign_rates->Admit(caller.name(), now);
  if (!rate.ok()) return rate;
  absl::StatusOr<SignedToken> token = (*signer)->Sign(asked.request(), now);
  if (token.ok()) Count(token->content, now);
  return token;
}

void TokenHandlers::Count(const VerifiedJwt& token, absl::Time now) const {
  // Both are always there in what Signet signs.
  setup_->issued->Add(token.header().key_id.value_or(""),
                      token.claims().registered().expiration.value_or(now),
                      now);
  setup_->counts->CountSigned(token.claims().registered().issuer.value_or(""),
                              token.header().algorithm);
}

absl::Status TokenHandlers::Conclude(const Verdict& verdict,
                                     absl::string_view compact) const {
  absl::Status decided = CheckDecided(verdict, compact, *setup_->remote);
  setup_->counts->CountVerification(verdict, decided);
  return decided;
}

absl::StatusOr<v1::VerifyResponse> TokenHandlers::Verify(
    const v1::VerifyRequest& request, absl::Time now) const {
  const absl::StatusOr<Demands> demands =
      ReadDemands(request, setup_->policies);
  if (!demands.ok()) return demands.status();
  const absl::Status fresh = setup_->freshness->CheckVerifying();
  if (!fresh.ok()) return fresh;
  if (request.explain()) {
    const absl::StatusOr<Explanation> explanation = setup_->verifier.Explain(
        request.token(), *demands->policy, demands->tightening, now);
    if (!explanation.ok()) return explanation.status();
    const absl::Status decided =
        Conclude(explanation->verdict, request.token());
    if (!decided.ok()) return decided;
    return ToMessage(*explanation);
  }
  const absl::StatusOr<Verdict> verdict = setup_->verifier.Verify(
      request.token(), *demands->policy, demands->tightening, now);
  return ToAnswer(verdict, request.token());
}

absl::StatusOr<v1::VerifyResponse> TokenHandlers::ToAnswer(
    const absl::StatusOr<Verdict>& verdict, absl::string_view compact) const {
  if (!verdict.ok()) return verdict.status();
  const absl::Status decided = Conclude(*verdict, compact);
  if (!decided.ok()) return decided;
  return ToMessage(*verdict);
}

std::vector<absl::StatusOr<v1::VerifyResponse>> TokenHandlers::VerifyTogether(
    absl::Span<const v1::VerifyRequest* const> requests, absl::Time now) const {
  const absl::Status fresh = setup_->freshness->CheckVerifying();
  std::vector<absl::StatusOr<v1::VerifyResponse>> answers(requests.size());
  std::vector<Demands> demands;
  demands.reserve(requests.size());  // What follows views them.
  std::vector<VerificationRequest> batch;
  std::vector<size_t> places;
  for (size_t i = 0; i < requests.size(); ++i) {
    const v1::VerifyRequest& request = *requests[i];
    if (request.explain()) {
      answers[i] = Verify(request, now);
      continue;
    }
    absl::StatusOr<Demands> read = ReadDemands(request, setup_->policies);
    if (read.ok() && !fresh.ok()) read = fresh;
    if (!read.ok()) {
      answers[i] = read.status();
      continue;
    }
    const Demands& its = demands.emplace_back(*std::move(read));
    batch.push_back({request.token(), its.policy, &its.tightening});
    places.push_back(i);
  }
  const std::vector<absl::StatusOr<Verdict>> verdicts =
      setup_->verifier.VerifyBatch(batch, now);
  setup_->counts->CountBatch(batch.size());
  for (size_t i = 0; i < verdicts.size(); ++i) {
    answers[places[i]] = ToAnswer(verdicts[i], batch[i].compact);
  }
  return answers;
}

absl::StatusOr<v1::BatchVerifyResponse> TokenHandlers::BatchVerify(
    const v1::BatchVerifyRequest& request, absl::Time now) const {
  if (static_cast<size_t>(request.requests_size()) > setup_->max_batch_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("requests: has ", request.requests_size(),
                     "; this server takes at most ", setup_->max_batch_size));
  }
  const std::vector<const v1::VerifyRequest*> requests(
      request.requests().pointer_begin(), request.requests().pointer_end());
  v1::BatchVerifyResponse response;
  for (auto& answer : VerifyTogether(requests, now)) {
    SetResult(std::move(answer), *response.add_results());
  }
  return response;
}

std::vector<v1::StreamVerifyResponse> TokenHandlers::StreamVerify(
    absl::Span<const v1::StreamVerifyRequest> requests, absl::Time now) const {
  std::vector<const v1::VerifyRequest*> asked;
  asked.reserve(requests.size());
  for (const v1::StreamVerifyRequest& request : requests) {
    asked.push_back(&request.request());
  }
  std::vector<absl::StatusOr<v1::VerifyResponse>> answers =
      VerifyTogether(asked, now);
  std::vector<v1::StreamVerifyResponse> responses(requests.size());
  for (size_t i = 0; i < requests.size(); ++i) {
    responses[i].set_id(requests[i].id());
    SetResult(std::move(answers[i]), responses[i]);
    const absl::Status size = CheckResponseSize(responses[i]);
    if (!size.ok()) SetResult(size, responses[i]);
  }
  return responses;
}

absl::Status TokenHandlers::CheckResponseSize(
    const google::protobuf::Message& response) const {
  const auto most = static_cast<size_t>(setup_->max_message_bytes);
  if (response.ByteSizeLong() <= most) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", most,
                   " bytes; ask about fewer tokens at once"));
}

absl::StatusOr<v1::IntrospectResponse> TokenHandlers::Introspect(
    const v1::IntrospectRequest& request, absl::Time now) const {
  const absl::StatusOr<const ValidationPolicy*> policy =
      FindPolicy(setup_->policies, request.policy());
  if (!policy.ok()) return policy.status();
  const absl::Status fresh = setup_->freshness->CheckVerifying();
  if (!fresh.ok()) return fresh;
  const absl::StatusOr<Verdict> verdict =
      setup_->verifier.Verify(request.token(), **policy, Tightening{}, now);
  if (!verdict.ok()) return verdict.status();
  const absl::Status decided = Conclude(*verdict, request.token());
  if (!decided.ok()) return decided;
  // Why a token is not active is nobody's business (RFC 7662 section 2.2).
  if (!verdict->ok()) return v1::IntrospectResponse();
  return ToIntrospectionMessage(**verdict);
}

absl::StatusOr<v1::ExchangeResponse> TokenHandlers::Exchange(
    const v1::ExchangeRequest& request, const Caller& caller,
    absl::Time now) const {
  const AccessControl& access = *setup_->access;
  if (access.is_open()) return CallersAreNotKnown();
  absl::StatusOr<TokenRequest> token_request = ReadTokenRequest(request);
  if (!token_request.ok()) return token_request.status();
  const std::string& policy = request.subject_policy();
  std::string issuer = IssuerToSignAs(request.issuer());
  const absl::Status permitted =
      access.CheckExchange(caller, policy, issuer, *token_request);
  if (!permitted.ok()) return permitted;
  const absl::StatusOr<Verdict> verdict = VerifySubjectToken(request, now);
  if (!verdict.ok()) return verdict.status();
  if (!verdict->ok()) return Refuse(verdict->rejection());
  absl::StatusOr<RejectionOr<TokenRequest>> delegated =
      Delegate(*std::move(token_request), **verdict, caller, now);
  if (!delegated.ok()) return delegated.status();
  if (!delegated->ok()) return Refuse(delegated->rejection());
  const absl::StatusOr<AuthorizedSign> asked = access.AuthorizeExchange(
      caller, policy, std::move(issuer), **std::move(delegated));
  if (!asked.ok()) return asked.status();
  absl::StatusOr<SignedToken> token = Issue(caller, *asked, now);
  if (!token.ok()) return token.status();
  v1::ExchangeResponse response;
  response.mutable_issued()->set_token(std::move(token->compact));
  *response.mutable_issued()->mutable_content() = ToMessage(token->content);
  return response;
}

absl::StatusOr<Verdict> TokenHandlers::VerifySubjectToken(
    const v1::ExchangeRequest& request, absl::Time now) const {
  const absl::StatusOr<const ValidationPolicy*> policy =
      FindPolicy(setup_->policies, request.subject_policy());
  if (!policy.ok()) return policy.status();
  const absl::Status fresh = setup_->freshness->CheckVerifying();
  if (!fresh.ok()) return fresh;
  Tightening tightening;  // What is not in the old token cannot be in the new.
  tightening.required_scopes.assign(request.scopes().begin(),
                                    request.scopes().end());
  absl::StatusOr<Verdict> verdict = setup_->verifier.Verify(
      request.subject_token(), **policy, tightening, now);
  if (!verdict.ok()) return verdict;
  const absl::Status decided = Conclude(*verdict, request.subject_token());
  if (!decided.ok()) return decided;
  return verdict;
}

}  // namespace signet
