#include "verifier/token_kind_check.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "jose/jose_header.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

Rejection WrongKind(absl::string_view claim, absl::string_view detail) {
  return {RejectionReason::kWrongTokenKind, std::string(claim), detail};
}

// The first claim of the token that no token of `kind` has.
std::optional<absl::string_view> RulingOut(TokenKind kind,
                                           const Examination& e) {
  for (const absl::string_view name : ClaimsThatRuleOut(kind)) {
    if (e.jwt->claims().Has(name)) return name;
  }
  return std::nullopt;
}

bool IsPlainType(const std::optional<absl::string_view>& type) {
  return !type || SameMediaType(*type, "JWT");
}

std::optional<Rejection> CheckAccessToken(const Examination& e) {
  const std::optional<absl::string_view>& type = e.jwt->header().type;
  if (type && SameMediaType(*type, "at+jwt")) return std::nullopt;
  return WrongKind("typ", "not an access token: typ is not at+jwt");
}

std::optional<Rejection> CheckIdToken(const Examination& e) {
  if (!IsPlainType(e.jwt->header().type)) {
    return WrongKind("typ", "not an ID token: typ is neither JWT nor absent");
  }
  if (e.policy.allow_ambiguous_kind) return std::nullopt;
  if (const auto claim = RulingOut(TokenKind::kIdToken, e)) {
    return WrongKind(*claim, "an access token, by this claim");
  }
  // ID tokens of nearly all providers have one of those that rule out a JWT;
  // the policy can do without.
  if (RulingOut(TokenKind::kJwt, e)) return std::nullopt;
  return WrongKind("", "not an ID token: it has no claim that only those have");
}

std::optional<Rejection> CheckJwt(const Examination& e) {
  const std::optional<absl::string_view>& type = e.jwt->header().type;
  const auto is_type = [&](absl::string_view accepted) {
    return type && SameMediaType(*type, accepted);
  };
  const bool accepted = e.policy.types.empty()
                            ? IsPlainType(type)
                            : absl::c_any_of(e.policy.types, is_type);
  if (!accepted) {
    return WrongKind("typ", "typ is not one that the policy accepts");
  }
  if (e.policy.allow_ambiguous_kind) return std::nullopt;
  if (const auto claim = RulingOut(TokenKind::kJwt, e)) {
    return WrongKind(*claim, "an ID token, by this claim");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Rejection> CheckTokenKind(Examination& e) {
  switch (e.policy.kind) {
    case TokenKind::kAccessToken:
      return CheckAccessToken(e);
    case TokenKind::kIdToken:
      return CheckIdToken(e);
    case TokenKind::kJwt:
      return CheckJwt(e);
  }
  __builtin_unreachable();
}

}  // namespace signet
