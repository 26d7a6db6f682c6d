#include "service/access/bearer_tokens.h"

#include "absl/strings/match.h"
#include "jose/claims_set.h"
#include "service/missing_key.h"

namespace signet {
namespace {

constexpr absl::string_view kScheme = "Bearer ";

}  // namespace

absl::Status CheckBearerPolicy(const ValidationPolicy& policy) {
  if (policy.options().any_audience) {
    return absl::InvalidArgumentError(
        "must name an audience: a token that was meant for others is none of "
        "a caller's");
  }
  if (policy.options().kind == TokenKind::kIdToken) {
    return absl::InvalidArgumentError("must not be for ID tokens");
  }
  return absl::OkStatus();
}

absl::StatusOr<Caller> BearerTokens::Identify(absl::string_view authorization,
                                              absl::Time now) const {
  // The scheme in any case (RFC 9110 section 11.1), the token as it is.
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) {
    return NotAuthenticated();
  }
  const absl::string_view compact = authorization.substr(kScheme.size());
  const absl::Status fresh = freshness_->CheckVerifying();
  if (!fresh.ok()) return fresh;
  const absl::StatusOr<Verdict> verdict =
      verifier_.Verify(compact, policy_, Tightening{}, now);
  if (!verdict.ok()) return verdict.status();
  const absl::Status decided = CheckDecided(*verdict, compact, *remote_);
  if (!decided.ok()) return decided;
  if (!verdict->ok()) return NotAuthenticated();
  const RegisteredClaims& claims = (*verdict)->claims().registered();
  return Caller::OfToken(claims.issuer.value_or(""),
                         claims.subject.value_or(""),
                         claims.client_id.value_or(""));
}

absl::Status NotAuthenticated() {
  return absl::UnauthenticatedError("the bearer token is not accepted");
}

}  // namespace signet
