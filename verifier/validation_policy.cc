#include "verifier/validation_policy.h"

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/claims_set.h"
#include "jose/jose_header.h"

namespace signet {
namespace {

absl::Status Refuse(absl::string_view problem) {
  return absl::InvalidArgumentError(problem);
}

absl::Status CheckAudiences(const ValidationPolicyOptions& options) {
  if (options.audiences.empty() && !options.any_audience) {
    return Refuse(
        "audiences: name at least one, or set any_audience to accept tokens "
        "meant for anyone");
  }
  if (!options.audiences.empty() && options.any_audience) {
    return Refuse("any_audience: contradicts audiences; keep one of them");
  }
  if (absl::c_linear_search(options.audiences, "")) {
    return Refuse("audiences: one is empty");
  }
  return absl::OkStatus();
}

// An empty name, or a scope that is really two, would demand what no token can
// fulfil.
absl::Status CheckNames(const ValidationPolicyOptions& options) {
  if (absl::c_linear_search(options.issuers, "")) {
    return Refuse("issuers: one is empty");
  }
  if (absl::c_linear_search(options.required_claims, "")) {
    return Refuse("required_claims: one is empty");
  }
  for (const std::string& scope : options.required_scopes) {
    if (scope.empty() || absl::StrContains(scope, ' ')) {
      return Refuse("required_scopes: one is empty or contains a space");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTypes(const ValidationPolicyOptions& options) {
  if (options.types.empty()) return absl::OkStatus();
  if (options.kind != TokenKind::kJwt) {
    return Refuse("types: only for kind JWT; the other kinds define theirs");
  }
  for (const std::string& type : options.types) {
    if (type.empty()) return Refuse("types: one is empty");
    if (SameMediaType(type, "at+jwt")) {
      return Refuse("types: at+jwt is for kind ACCESS_TOKEN");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckExpiration(const ValidationPolicyOptions& options) {
  if (!options.allow_missing_expiration) return absl::OkStatus();
  if (options.kind != TokenKind::kJwt) {
    return Refuse("allow_missing_expiration: only for kind JWT");
  }
  if (absl::c_linear_search(options.required_claims, "exp")) {
    return Refuse(
        "allow_missing_expiration: contradicts required_claims, which has exp");
  }
  return absl::OkStatus();
}

absl::Status CheckTimes(const ValidationPolicyOptions& options) {
  if (options.clock_skew < absl::ZeroDuration() ||
      options.clock_skew > kMaxClockSkew) {
    return Refuse(absl::StrCat("clock_skew: must be from 0s to ",
                               absl::FormatDuration(kMaxClockSkew)));
  }
  if (options.max_token_age && *options.max_token_age <= absl::ZeroDuration()) {
    return Refuse("max_token_age: must be positive");
  }
  if (options.max_authentication_age &&
      *options.max_authentication_age <= absl::ZeroDuration()) {
    return Refuse("max_authentication_age: must be positive");
  }
  return CheckExpiration(options);
}

absl::string_view KindName(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAccessToken:
      return "ACCESS_TOKEN";
    case TokenKind::kIdToken:
      return "ID_TOKEN";
    case TokenKind::kJwt:
      return "JWT";
  }
  __builtin_unreachable();
}

// A token with such a claim would be one of another kind, and refused for it.
absl::Status CheckRuledOutClaims(const ValidationPolicyOptions& options) {
  if (options.allow_ambiguous_kind) return absl::OkStatus();
  const auto refuse = [&](absl::string_view field, absl::string_view claim) {
    return Refuse(absl::StrCat(field, ": no token of kind ",
                               KindName(options.kind), " has ", claim,
                               ", unless allow_ambiguous_kind is set"));
  };
  for (const absl::string_view claim : ClaimsThatRuleOut(options.kind)) {
    if (absl::c_linear_search(options.required_claims, claim)) {
      return refuse("required_claims", claim);
    }
    if (options.max_authentication_age && claim == "auth_time") {
      return refuse("max_authentication_age", claim);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckKind(const ValidationPolicyOptions& options) {
  if (options.allow_ambiguous_kind && options.kind == TokenKind::kAccessToken) {
    return Refuse(
        "allow_ambiguous_kind: has no effect on kind ACCESS_TOKEN, which typ "
        "tells apart");
  }
  if (options.kind == TokenKind::kIdToken && !options.required_scopes.empty()) {
    return Refuse("required_scopes: ID tokens have no scope");
  }
  return CheckRuledOutClaims(options);
}

}  // namespace

absl::Span<const absl::string_view> ClaimsThatRuleOut(TokenKind kind) {
  static constexpr absl::string_view kOfIdTokens[] = {
      "nonce", "auth_time", "acr", "amr", "azp", "at_hash", "c_hash"};
  static constexpr absl::string_view kOfAccessTokens[] = {"scope", "client_id"};
  switch (kind) {
    case TokenKind::kAccessToken:
      return {};
    case TokenKind::kIdToken:
      return kOfAccessTokens;
    case TokenKind::kJwt:
      return kOfIdTokens;
  }
  __builtin_unreachable();
}

absl::StatusOr<ValidationPolicy> ValidationPolicy::Create(
    ValidationPolicyOptions options) {
  if (options.name.empty()) return Refuse("name: is required");
  if (options.issuers.empty()) return Refuse("issuers: name at least one");
  absl::Status status = CheckAudiences(options);
  status.Update(CheckNames(options));
  status.Update(CheckTypes(options));
  status.Update(CheckTimes(options));
  status.Update(CheckKind(options));
  if (!status.ok()) return status;
  if (options.algorithms.empty()) {
    for (const Algorithm algorithm : kAllAlgorithms) {
      if (IsAsymmetric(algorithm)) options.algorithms.Add(algorithm);
    }
  }
  return ValidationPolicy(std::move(options));
}

}  // namespace signet
