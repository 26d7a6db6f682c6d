#include "service/sign_messages.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "service/config_field.h"
#include "service/enum_conversion.h"
#include "service/message_conversion.h"

namespace signet {
namespace {

// Reads what a SignRequest and an ExchangeRequest have in common.
template <typename Message>
absl::StatusOr<TokenRequest> ReadCommonFields(const Message& message) {
  const std::optional<TokenKind> kind = TokenKindFromMessage(message.kind());
  if (!kind) return absl::InvalidArgumentError("kind: is required");
  TokenRequest request;
  request.kind = *kind;
  request.audiences = StringsFromMessage(message.audiences());
  request.scopes = StringsFromMessage(message.scopes());
  request.client_id = message.client_id();
  if (message.has_lifetime()) {
    const absl::StatusOr<absl::Duration> lifetime =
        DurationFromMessage(message.lifetime(), "lifetime");
    if (!lifetime.ok()) return lifetime.status();
    request.lifetime = *lifetime;
  }
  if (!message.algorithm().empty()) {
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField("algorithm", message.algorithm());
    if (!algorithm.ok()) return algorithm.status();
    request.algorithm = *algorithm;
  }
  return request;
}

}  // namespace

absl::StatusOr<TokenRequest> ReadTokenRequest(const v1::SignRequest& message) {
  absl::StatusOr<TokenRequest> common = ReadCommonFields(message);
  if (!common.ok()) return common;
  TokenRequest& request = *common;
  request.subject = message.subject();
  request.nonce = message.nonce();
  request.authorized_party = message.authorized_party();
  request.access_token = message.access_token();
  request.authentication_context_class = message.authentication_context_class();
  request.authentication_methods =
      StringsFromMessage(message.authentication_methods());
  request.custom_claims_json = message.custom_claims_json();
  if (message.has_authenticated_at()) {
    const absl::StatusOr<absl::Time> time =
        TimeFromMessage(message.authenticated_at(), "authenticated_at");
    if (!time.ok()) return time.status();
    request.authenticated_at = *time;
  }
  return common;
}

absl::StatusOr<TokenRequest> ReadTokenRequest(
    const v1::ExchangeRequest& message) {
  absl::StatusOr<TokenRequest> request = ReadCommonFields(message);
  if (!request.ok()) return request;
  if (request->kind == TokenKind::kIdToken) {
    return absl::InvalidArgumentError("kind: must be ACCESS_TOKEN or JWT");
  }
  return request;
}

}  // namespace signet
