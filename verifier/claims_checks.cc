#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "jose/jose_header.h"
#include "keys/access_token_hash.h"
#include "verifier/examination.h"
#include "verifier/revocation_check.h"
#include "verifier/token_kind_check.h"

namespace signet {
namespace {

using Outcome = std::optional<Rejection>;

constexpr Outcome kPass = std::nullopt;

Rejection Missing(absl::string_view claim, absl::string_view detail) {
  return {RejectionReason::kClaimMissing, std::string(claim), detail};
}

absl::Span<const absl::string_view> ClaimsRequiredBy(TokenKind kind) {
  // RFC 9068 section 2.2; OpenID Connect Core section 2.
  static constexpr absl::string_view kAccessToken[] = {
      "exp", "aud", "sub", "client_id", "iat", "jti"};
  static constexpr absl::string_view kIdToken[] = {"sub", "aud", "exp", "iat"};
  switch (kind) {
    case TokenKind::kAccessToken:
      return kAccessToken;
    case TokenKind::kIdToken:
      return kIdToken;
    case TokenKind::kJwt:
      return {};
  }
  __builtin_unreachable();
}

Outcome CheckRequiredClaims(Examination& e) {
  const ClaimsSet& claims = e.jwt->claims();
  for (const absl::string_view name : ClaimsRequiredBy(e.policy.kind)) {
    if (!claims.Says(name)) {
      return Missing(name, "tokens of this kind must have the claim");
    }
  }
  for (const std::string& name : e.policy.required_claims) {
    if (!claims.Says(name)) {
      return Missing(name, "the policy requires the claim");
    }
  }
  return kPass;
}

Outcome CheckExpiration(Examination& e) {
  const auto& expiration = e.claims().expiration;
  if (!expiration) {
    if (e.policy.allow_missing_expiration) return kPass;
    return Missing("exp", "the token does not say when it expires");
  }
  if (e.now() < *expiration + e.policy.clock_skew) return kPass;
  return Rejection{RejectionReason::kExpired, "exp", "the token has expired"};
}

Outcome CheckNotBefore(Examination& e) {
  const auto& not_before = e.claims().not_before;
  if (!not_before || *not_before <= e.now() + e.policy.clock_skew) return kPass;
  return Rejection{RejectionReason::kNotYetValid, "nbf",
                   "the token is not valid yet"};
}

// The shorter of two limits, of which either may be absent.
std::optional<absl::Duration> Tighter(std::optional<absl::Duration> a,
                                      std::optional<absl::Duration> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// Checks that `moment` is not in the future, nor further back than `limit`.
Outcome CheckAge(const Examination& e, absl::string_view claim,
                 const std::optional<absl::Time>& moment,
                 const std::optional<absl::Duration>& limit,
                 RejectionReason too_old) {
  if (!moment) {
    if (!limit) return kPass;
    return Missing(claim, "without the claim, the age cannot be told");
  }
  if (*moment > e.now() + e.policy.clock_skew) {
    return Rejection{RejectionReason::kIssuedInFuture, std::string(claim),
                     "the claim lies in the future"};
  }
  if (limit && e.now() - *moment > *limit + e.policy.clock_skew) {
    return Rejection{too_old, std::string(claim),
                     "the claim lies further back than is accepted"};
  }
  return kPass;
}

Outcome CheckIssuedAt(Examination& e) {
  return CheckAge(e, "iat", e.claims().issued_at,
                  Tighter(e.policy.max_token_age, e.tightening.max_token_age),
                  RejectionReason::kTooOld);
}

Outcome CheckAuthenticationTime(Examination& e) {
  return CheckAge(e, "auth_time", e.claims().authentication_time,
                  Tighter(e.policy.max_authentication_age,
                          e.tightening.max_authentication_age),
                  RejectionReason::kAuthenticationTooOld);
}

Outcome CheckAudience(Examination& e) {
  const auto& audiences = e.claims().audiences;
  const auto contains = [&](absl::string_view audience) {
    return audiences && audiences->Contains(audience);
  };
  const bool by_policy =
      e.policy.any_audience || absl::c_any_of(e.policy.audiences, contains);
  const bool by_request =
      !e.tightening.audience ||
      (!e.tightening.audience->empty() && contains(*e.tightening.audience));
  if (by_policy && by_request) return kPass;
  if (!audiences) {
    return Missing("aud", "the token does not say for whom it is meant");
  }
  return Rejection{RejectionReason::kAudienceMismatch, "aud",
                   "the token is meant for somebody else"};
}

Outcome CheckScope(Examination& e) {
  if (e.policy.required_scopes.empty() &&
      e.tightening.required_scopes.empty()) {
    return kPass;
  }
  const auto granted = SplitScope(e.claims().scope.value_or(""));
  const auto is_granted = [&](absl::string_view scope) {
    return absl::c_linear_search(granted, scope);
  };
  if (absl::c_all_of(e.policy.required_scopes, is_granted) &&
      absl::c_all_of(e.tightening.required_scopes, is_granted)) {
    return kPass;
  }
  return Rejection{RejectionReason::kScopeInsufficient, "scope",
                   "a required scope is not granted"};
}

Outcome CheckNonce(Examination& e) {
  if (!e.tightening.nonce) return kPass;
  const auto& nonce = e.claims().nonce;
  if (!nonce) return Missing("nonce", "the request demands the claim");
  if (*nonce == *e.tightening.nonce && !nonce->empty()) return kPass;
  return Rejection{RejectionReason::kNonceMismatch, "nonce",
                   "the nonce is not the one that the request demands"};
}

// OpenID Connect Core section 3.1.3.7, steps 4 and 5: the audience that the
// policy or the request stands for is the client that asked for the ID token.
Outcome CheckAuthorizedParty(Examination& e) {
  if (e.policy.kind != TokenKind::kIdToken) return kPass;
  const auto& party = e.claims().authorized_party;
  if (!party) {
    const auto& audiences = e.claims().audiences;
    if (!audiences || audiences->size() <= 1) return kPass;
    return Missing("azp", "an ID token for several audiences must have it");
  }
  const bool by_policy = e.policy.any_audience ||
                         absl::c_linear_search(e.policy.audiences, *party);
  const bool by_request =
      !e.tightening.audience || *e.tightening.audience == *party;
  if (by_policy && by_request) return kPass;
  return Rejection{RejectionReason::kAuthorizedPartyMismatch, "azp",
                   "the ID token was issued to somebody else"};
}

Outcome CheckAccessTokenHash(Examination& e) {
  if (!e.tightening.access_token) return kPass;
  const auto& hash = e.claims().access_token_hash;
  if (!hash) return Missing("at_hash", "the request demands the claim");
  if (!e.tightening.access_token->empty() &&
      *hash == AccessTokenHash(e.jwt->header().algorithm,
                               *e.tightening.access_token)) {
    return kPass;
  }
  return Rejection{RejectionReason::kAccessTokenHashMismatch, "at_hash",
                   "the access token is not the one issued with this token"};
}

constexpr Check kClaimsChecks[] = {
    {CheckName::kTokenKind, CheckTokenKind},
    {CheckName::kRequiredClaims, CheckRequiredClaims},
    {CheckName::kExpiration, CheckExpiration},
    {CheckName::kNotBefore, CheckNotBefore},
    {CheckName::kIssuedAt, CheckIssuedAt},
    {CheckName::kAudience, CheckAudience},
    {CheckName::kScope, CheckScope},
    {CheckName::kNonce, CheckNonce},
    {CheckName::kAuthorizedParty, CheckAuthorizedParty},
    {CheckName::kAccessTokenHash, CheckAccessTokenHash},
    {CheckName::kAuthenticationTime, CheckAuthenticationTime},
    {CheckName::kRevocation, CheckRevocation},
};

}  // namespace

absl::Span<const Check> ClaimsChecks() { return kClaimsChecks; }

}  // namespace signet
