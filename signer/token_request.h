#ifndef SIGNET_SIGNER_TOKEN_REQUEST_H_
#define SIGNET_SIGNER_TOKEN_REQUEST_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "verifier/validation_policy.h"

namespace signet {

// TokenRequest says what to put into a new token.
// proto/signet/v1/token_service.proto documents each field (SignRequest).
struct TokenRequest {
  TokenKind kind = TokenKind::kJwt;
  std::string subject;
  std::vector<std::string> audiences;
  std::optional<absl::Duration> lifetime;
  // What its lifetime is cut to, whether it names one or not. Not what a
  // request says, but what others allow it.
  std::optional<absl::Duration> max_lifetime;
  std::vector<std::string> scopes;
  std::string client_id;
  std::string nonce;
  std::string authorized_party;
  std::string access_token;
  std::optional<absl::Time> authenticated_at;
  std::string authentication_context_class;
  std::vector<std::string> authentication_methods;
  // A JSON object, or empty.
  std::string custom_claims_json;
  // `act`, who acts for the subject (RFC 8693 section 4.1): a JSON object, or
  // empty. As max_lifetime, not what a request says.
  std::string actor_json;
  // Nothing: the issuer's first key.
  std::optional<Algorithm> algorithm;
};

// CheckTokenRequest returns InvalidArgument, naming the field, unless the
// request has what its kind of token needs and nothing that the kind does not
// have (RFC 9068 section 2.2, OpenID Connect Core section 2). Lifetime and
// custom claims are not looked at.
absl::Status CheckTokenRequest(const TokenRequest& request, absl::Time now);

}  // namespace signet

#endif  // SIGNET_SIGNER_TOKEN_REQUEST_H_
