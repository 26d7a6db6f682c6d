#include "service/http/revocation.h"

#include <chrono>
#include <future>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "jose/rejection.h"
#include "jose/unverified_jwt.h"
#include "service/current_setup.h"
#include "service/http/http_error.h"
#include "service/missing_key.h"
#include "signet/v1/revocation_service.pb.h"
#include "verifier/check.h"

namespace signet {
namespace {

ValidationPolicy AnyToken(const LiveIssuers& issuers) {
  ValidationPolicyOptions options;
  options.name = "any token";
  options.any_audience = true;
  options.allow_missing_expiration = true;
  const std::vector<const IssuerPlan*> plans = issuers.Plans();
  options.issuers.reserve(plans.size());
  for (const IssuerPlan* plan : plans) {
    options.issuers.push_back(plan->issuer);
  }
  for (const Algorithm algorithm : kAllAlgorithms) {
    options.algorithms.Add(algorithm);
  }
  // Consistent by construction: a server has at least one issuer.
  return *ValidationPolicy::Create(std::move(options));
}

// To whom the token was issued. Its signature is good, so it can be parsed.
bool WasIssuedTo(const HttpClient& client, const std::string& token) {
  const RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(token);
  if (!jwt.ok()) return false;
  const RegisteredClaims& claims = jwt->claims().registered();
  return claims.client_id == client.id || claims.authorized_party == client.id;
}

HttpResponse Done() {
  return {.status = 200, .fields = {{"Cache-Control", "no-store"}}};
}

}  // namespace

Revocation::Revocation(std::shared_ptr<const ServerSetup> setup,
                       std::shared_ptr<DurableState> state,
                       absl::Duration patience)
    : setup_(std::move(setup)),
      handlers_(std::move(state), std::make_shared<const CurrentSetup>(setup_)),
      patience_(patience),
      any_token_(AnyToken(*setup_->issuers)) {}

HttpResponse Revocation::Answer(const std::string& token,
                                const HttpClient& client,
                                absl::Time now) const {
  const absl::StatusOr<bool> exists = Exists(token, now);
  if (!exists.ok()) return FailureResponse(exists.status());
  if (!*exists) return Unknown();
  if (!client.May(config::v1::HTTP_PERMISSION_REVOKE_ANY) &&
      !WasIssuedTo(client, token)) {
    return ErrorResponse(400, "unauthorized_client",
                         "the token was issued to somebody else");
  }
  const absl::Status revoked = Revoke(token, now);
  if (absl::IsInvalidArgument(revoked)) {
    return ErrorResponse(400, "unsupported_token_type", revoked.message());
  }
  return revoked.ok() ? Done() : FailureResponse(revoked);
}

HttpResponse Revocation::Unknown() const {
  if (!setup_->freshness->IsStale()) return Done();
  return FailureResponse(absl::UnavailableError(
      "the store has been out of reach for too long; the token's key may have "
      "been published meanwhile"));
}

absl::StatusOr<bool> Revocation::Exists(const std::string& token,
                                        absl::Time now) const {
  const absl::StatusOr<Explanation> explanation =
      setup_->verifier.Explain(token, any_token_, Tightening{}, now);
  if (!explanation.ok()) return explanation.status();
  const absl::Status decided =
      CheckDecided(explanation->verdict, token, *setup_->remote);
  if (!decided.ok()) return decided;
  return absl::c_any_of(explanation->checks, [](const CheckReport& check) {
    return check.name == CheckName::kSignature &&
           check.outcome == CheckOutcome::kPassed;
  });
}

absl::Status Revocation::Revoke(const std::string& token,
                                absl::Time now) const {
  v1::RevokeRequest message;
  message.set_token(token);
  // Shared, because the store may answer when nobody waits any more.
  const auto answer = std::make_shared<std::promise<absl::Status>>();
  std::future<absl::Status> outcome = answer->get_future();
  handlers_.Revoke(
      message, now,
      [answer](const absl::StatusOr<v1::RevokeResponse>& response) {
        answer->set_value(response.status());
      });
  if (outcome.wait_for(absl::ToChronoMilliseconds(patience_)) ==
      std::future_status::timeout) {
    return absl::DeadlineExceededError(
        "the store takes too long; the token may be revoked or not");
  }
  return outcome.get();
}

}  // namespace signet
