#include "verifier/token_kind_check.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "jose/jose_header.h"

namespace signet {
namespace {

// OpenID Connect Core sections 2 and 3.3.2.11. ID tokens of nearly all
// providers have one of them; the policy can do without.
constexpr absl::string_view kIdTokenClaims[] = {
    "nonce", "auth_time", "acr", "amr", "azp", "at_hash", "c_hash"};

// What an access token says of itself (RFC 9068 section 2.2), also where its
// typ is only JWT, as with some providers.
constexpr absl::string_view kAccessTokenClaims[] = {"scope", "client_id"};

Rejection WrongKind(absl::string_view claim, absl::string_view detail) {
  return {RejectionReason::kWrongTokenKind, std::string(claim), detail};
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
  for (const absl::string_view name : kAccessTokenClaims) {
    if (e.jwt->claims().Has(name)) {
      return WrongKind(name, "an access token, by this claim");
    }
  }
  const bool marked = absl::c_any_of(
      kIdTokenClaims,
      [&](absl::string_view name) { return e.jwt->claims().Has(name); });
  if (marked) return std::nullopt;
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
  for (const absl::string_view name : kIdTokenClaims) {
    if (e.jwt->claims().Has(name)) {
      return WrongKind(name, "an ID token, by this claim");
    }
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
