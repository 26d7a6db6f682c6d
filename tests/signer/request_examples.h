#ifndef SIGNET_TESTS_SIGNER_REQUEST_EXAMPLES_H_
#define SIGNET_TESTS_SIGNER_REQUEST_EXAMPLES_H_

#include <array>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "signer/token_request.h"
#include "verifier/validation_policy.h"

namespace signet {

// kNow is when all of these tests take place: 2027-01-15T08:00:00Z.
inline constexpr int64_t kNowSeconds = 1'800'000'000;
inline const absl::Time kNow = absl::FromUnixSeconds(kNowSeconds);

inline constexpr char kIssuer[] = "https://issuer.example";

inline constexpr std::array<TokenKind, 3> kAllKinds = {
    TokenKind::kAccessToken, TokenKind::kIdToken, TokenKind::kJwt};

// LeastRequest is the smallest request that its kind allows.
inline TokenRequest LeastRequest(TokenKind kind) {
  TokenRequest request;
  request.kind = kind;
  request.audiences = {"https://api.example"};
  if (kind != TokenKind::kJwt) request.subject = "alice";
  if (kind == TokenKind::kAccessToken) request.client_id = "app";
  return request;
}

// FullRequest sets everything that its kind allows.
inline TokenRequest FullRequest(TokenKind kind) {
  TokenRequest request = LeastRequest(kind);
  request.subject = "alice";
  request.audiences = {"https://api.example", "https://web.example"};
  request.custom_claims_json = R"({"tenant":"blue","level":7})";
  if (kind != TokenKind::kIdToken) request.scopes = {"read", "write"};
  if (kind == TokenKind::kIdToken) {
    request.nonce = "n-0S6";
    request.authorized_party = "https://web.example";
    request.access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  }
  if (kind != TokenKind::kJwt) {
    request.authenticated_at = kNow - absl::Minutes(10);
    request.authentication_context_class = "phr";
    request.authentication_methods = {"pwd", "otp"};
  }
  return request;
}

}  // namespace signet

#endif  // SIGNET_TESTS_SIGNER_REQUEST_EXAMPLES_H_
