#ifndef SIGNET_VERIFIER_VALIDATION_POLICY_H_
#define SIGNET_VERIFIER_VALIDATION_POLICY_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "jose/algorithm.h"

namespace signet {

// TokenKind is what a token is for. A token of one kind is never accepted as
// another (RFC 8725 section 3.12).
enum class TokenKind {
  kAccessToken,  // RFC 9068
  kIdToken,      // OpenID Connect Core section 2
  kJwt,          // Any other
};

// ClaimsThatRuleOut returns the claims that no token of `kind` has, unless a
// policy allows an ambiguous kind: to tell ID tokens from other JWTs, those
// that OpenID Connect Core defines for ID tokens (sections 2 and 3.3.2.11); to
// tell access tokens from ID tokens, those of RFC 9068 section 2.2, which some
// providers' have though their typ is only JWT.
absl::Span<const absl::string_view> ClaimsThatRuleOut(TokenKind kind);

// kMaxClockSkew bounds how far clocks may be taken to differ.
inline constexpr absl::Duration kMaxClockSkew = absl::Minutes(5);

// ValidationPolicyOptions describes a policy. What is not allowed is refused.
// proto/signet/config/v1/config.proto documents each field for operators.
struct ValidationPolicyOptions {
  std::string name;
  TokenKind kind = TokenKind::kJwt;
  // Accepted values of `iss`, byte for byte. At least one.
  std::vector<std::string> issuers;
  // `aud` must contain one of these.
  std::vector<std::string> audiences;
  // Must be said aloud if there are no audiences.
  bool any_audience = false;
  // Empty: every asymmetric algorithm.
  AlgorithmSet algorithms;
  // Accepted values of `typ`, for kJwt. Empty: "JWT", or absent.
  std::vector<std::string> types;
  std::vector<std::string> required_claims;
  std::vector<std::string> required_scopes;
  // At most kMaxClockSkew.
  absl::Duration clock_skew = absl::ZeroDuration();
  // Demand `iat` or `auth_time`, no further back than this.
  std::optional<absl::Duration> max_token_age;
  std::optional<absl::Duration> max_authentication_age;
  // Accepts tokens of kind kJwt without `exp`.
  bool allow_missing_expiration = false;
  // Gives up telling ID tokens from tokens of kind kJwt by their claims.
  bool allow_ambiguous_kind = false;
};

// ValidationPolicy is a consistent set of demands on a token. Immutable.
class ValidationPolicy {
 public:
  // Create refuses, with InvalidArgument, a policy that contradicts itself,
  // has no effect, or forgets to say for whom tokens must be meant.
  static absl::StatusOr<ValidationPolicy> Create(
      ValidationPolicyOptions options);

  const std::string& name() const { return options_.name; }
  const ValidationPolicyOptions& options() const { return options_; }

 private:
  explicit ValidationPolicy(ValidationPolicyOptions options)
      : options_(std::move(options)) {}

  ValidationPolicyOptions options_;
};

// Tightening is what one request demands beyond its policy. Nothing in it can
// make a policy accept more; an empty text is a demand that no token fulfils.
// Views live for the call.
struct Tightening {
  // `aud` must contain this.
  std::optional<absl::string_view> audience;
  // `scope` must contain all of these.
  std::vector<absl::string_view> required_scopes;
  // `nonce` must be this.
  std::optional<absl::string_view> nonce;
  // Demand `iat` or `auth_time`, no further back than this.
  std::optional<absl::Duration> max_token_age;
  std::optional<absl::Duration> max_authentication_age;
  // `at_hash` must be the hash of this (OpenID Connect Core section 3.1.3.6).
  std::optional<absl::string_view> access_token;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_VALIDATION_POLICY_H_
