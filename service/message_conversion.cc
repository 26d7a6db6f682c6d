#include "service/message_conversion.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "jose/algorithm.h"
#include "jose/claims_set.h"
#include "jose/json.h"
#include "jose/json_writer.h"

namespace signet {
namespace {

// The claims that have a field of their own in each message.
constexpr absl::string_view kClaimsFields[] = {
    "iss",   "sub",       "aud",   "exp", "nbf",       "iat", "jti",
    "scope", "client_id", "nonce", "azp", "auth_time", "acr", "amr"};
constexpr absl::string_view kIntrospectionFields[] = {
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "client_id",
    // Last, because it has a field only if it is a string.
    "username"};

v1::RejectionReason ToMessage(RejectionReason reason) {
  switch (reason) {
    case RejectionReason::kMalformed:
      return v1::REJECTION_REASON_MALFORMED;
    case RejectionReason::kTooLarge:
      return v1::REJECTION_REASON_TOO_LARGE;
    case RejectionReason::kUnsupportedHeader:
      return v1::REJECTION_REASON_UNSUPPORTED_HEADER;
    case RejectionReason::kAlgorithmNotAllowed:
      return v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED;
    case RejectionReason::kWrongTokenKind:
      return v1::REJECTION_REASON_WRONG_TOKEN_KIND;
    case RejectionReason::kIssuerNotAccepted:
      return v1::REJECTION_REASON_ISSUER_NOT_ACCEPTED;
    case RejectionReason::kKeyNotFound:
      return v1::REJECTION_REASON_KEY_NOT_FOUND;
    case RejectionReason::kSignatureInvalid:
      return v1::REJECTION_REASON_SIGNATURE_INVALID;
    case RejectionReason::kClaimMissing:
      return v1::REJECTION_REASON_CLAIM_MISSING;
    case RejectionReason::kClaimInvalid:
      return v1::REJECTION_REASON_CLAIM_INVALID;
    case RejectionReason::kExpired:
      return v1::REJECTION_REASON_EXPIRED;
    case RejectionReason::kNotYetValid:
      return v1::REJECTION_REASON_NOT_YET_VALID;
    case RejectionReason::kIssuedInFuture:
      return v1::REJECTION_REASON_ISSUED_IN_FUTURE;
    case RejectionReason::kTooOld:
      return v1::REJECTION_REASON_TOO_OLD;
    case RejectionReason::kAudienceMismatch:
      return v1::REJECTION_REASON_AUDIENCE_MISMATCH;
    case RejectionReason::kScopeInsufficient:
      return v1::REJECTION_REASON_SCOPE_INSUFFICIENT;
    case RejectionReason::kNonceMismatch:
      return v1::REJECTION_REASON_NONCE_MISMATCH;
    case RejectionReason::kAuthorizedPartyMismatch:
      return v1::REJECTION_REASON_AUTHORIZED_PARTY_MISMATCH;
    case RejectionReason::kAccessTokenHashMismatch:
      return v1::REJECTION_REASON_ACCESS_TOKEN_HASH_MISMATCH;
    case RejectionReason::kAuthenticationTooOld:
      return v1::REJECTION_REASON_AUTHENTICATION_TOO_OLD;
  }
  __builtin_unreachable();
}

v1::CheckName ToMessage(CheckName name) {
  switch (name) {
    case CheckName::kFormat:
      return v1::CHECK_NAME_FORMAT;
    case CheckName::kIssuer:
      return v1::CHECK_NAME_ISSUER;
    case CheckName::kKey:
      return v1::CHECK_NAME_KEY;
    case CheckName::kAlgorithm:
      return v1::CHECK_NAME_ALGORITHM;
    case CheckName::kSignature:
      return v1::CHECK_NAME_SIGNATURE;
    case CheckName::kTokenKind:
      return v1::CHECK_NAME_TOKEN_KIND;
    case CheckName::kRequiredClaims:
      return v1::CHECK_NAME_REQUIRED_CLAIMS;
    case CheckName::kExpiration:
      return v1::CHECK_NAME_EXPIRATION;
    case CheckName::kNotBefore:
      return v1::CHECK_NAME_NOT_BEFORE;
    case CheckName::kIssuedAt:
      return v1::CHECK_NAME_ISSUED_AT;
    case CheckName::kAudience:
      return v1::CHECK_NAME_AUDIENCE;
    case CheckName::kScope:
      return v1::CHECK_NAME_SCOPE;
    case CheckName::kNonce:
      return v1::CHECK_NAME_NONCE;
    case CheckName::kAuthorizedParty:
      return v1::CHECK_NAME_AUTHORIZED_PARTY;
    case CheckName::kAccessTokenHash:
      return v1::CHECK_NAME_ACCESS_TOKEN_HASH;
    case CheckName::kAuthenticationTime:
      return v1::CHECK_NAME_AUTHENTICATION_TIME;
  }
  __builtin_unreachable();
}

v1::CheckOutcome ToMessage(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kPassed:
      return v1::CHECK_OUTCOME_PASSED;
    case CheckOutcome::kFailed:
      return v1::CHECK_OUTCOME_FAILED;
    case CheckOutcome::kNotRun:
      return v1::CHECK_OUTCOME_NOT_RUN;
  }
  __builtin_unreachable();
}

v1::TokenKind ToMessage(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAccessToken:
      return v1::TOKEN_KIND_ACCESS_TOKEN;
    case TokenKind::kIdToken:
      return v1::TOKEN_KIND_ID_TOKEN;
    case TokenKind::kJwt:
      return v1::TOKEN_KIND_JWT;
  }
  __builtin_unreachable();
}

std::string ToString(const std::optional<absl::string_view>& claim) {
  return std::string(claim.value_or(""));
}

google::protobuf::Timestamp ToMessage(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp message;
  message.set_seconds(seconds);
  message.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return message;
}

template <typename Texts>
void AddAll(const Texts& texts,
            google::protobuf::RepeatedPtrField<std::string>& field) {
  for (const absl::string_view text : texts) field.Add(std::string(text));
}

// The claims that have no field of their own, as a JSON object.
std::string OtherClaims(const ClaimsSet& claims,
                        absl::Span<const absl::string_view> fields) {
  JsonObjectWriter writer;
  for (const auto& member : claims.members()) {
    const absl::string_view name(member.key.data(), member.key.size());
    if (!absl::c_linear_search(fields, name)) {
      writer.AddJson(name, ToJson(member.value));
    }
  }
  return std::move(writer).Finish();
}

}  // namespace

v1::Rejection ToMessage(const Rejection& rejection) {
  v1::Rejection message;
  message.set_reason(ToMessage(rejection.reason));
  message.set_claim(rejection.claim);
  message.set_detail(std::string(rejection.detail));
  return message;
}

v1::Check ToMessage(const CheckReport& report) {
  v1::Check message;
  message.set_name(ToMessage(report.name));
  message.set_outcome(ToMessage(report.outcome));
  if (report.rejection) {
    *message.mutable_rejection() = ToMessage(*report.rejection);
  }
  return message;
}

namespace {

v1::Header ToMessage(const JoseHeader& header) {
  v1::Header message;
  message.set_algorithm(std::string(AlgorithmName(header.algorithm)));
  message.set_key_id(ToString(header.key_id));
  message.set_type(ToString(header.type));
  return message;
}

// Sets the fields that Claims and IntrospectResponse have in common.
template <typename Message>
void SetCommonClaims(const RegisteredClaims& claims, Message& message) {
  message.set_issuer(ToString(claims.issuer));
  message.set_subject(ToString(claims.subject));
  if (claims.audiences) AddAll(*claims.audiences, *message.mutable_audiences());
  if (claims.expiration) {
    *message.mutable_expires_at() = ToMessage(*claims.expiration);
  }
  if (claims.not_before) {
    *message.mutable_not_before() = ToMessage(*claims.not_before);
  }
  if (claims.issued_at) {
    *message.mutable_issued_at() = ToMessage(*claims.issued_at);
  }
  message.set_token_id(ToString(claims.jwt_id));
  if (claims.scope) {
    AddAll(SplitScope(*claims.scope), *message.mutable_scopes());
  }
  message.set_client_id(ToString(claims.client_id));
}

v1::Claims ToMessage(const ClaimsSet& set) {
  const RegisteredClaims& claims = set.registered();
  v1::Claims message;
  SetCommonClaims(claims, message);
  message.set_nonce(ToString(claims.nonce));
  message.set_authorized_party(ToString(claims.authorized_party));
  if (claims.authentication_time) {
    *message.mutable_authenticated_at() =
        ToMessage(*claims.authentication_time);
  }
  message.set_authentication_context_class(
      ToString(claims.authentication_context_class));
  if (claims.authentication_methods) {
    AddAll(*claims.authentication_methods,
           *message.mutable_authentication_methods());
  }
  message.set_custom_claims_json(OtherClaims(set, kClaimsFields));
  return message;
}

}  // namespace

v1::VerifiedToken ToMessage(const VerifiedJwt& jwt) {
  v1::VerifiedToken message;
  *message.mutable_header() = ToMessage(jwt.header());
  *message.mutable_claims() = ToMessage(jwt.claims());
  message.set_kind(ToMessage(jwt.kind()));
  return message;
}

v1::IntrospectResponse ToIntrospectionMessage(const VerifiedJwt& jwt) {
  const ClaimsSet& set = jwt.claims();
  v1::IntrospectResponse message;
  message.set_active(true);
  SetCommonClaims(set.registered(), message);
  if (jwt.kind() == TokenKind::kAccessToken) message.set_token_type("Bearer");
  const std::optional<JsonValue> claim = set.Find("username");
  const auto username = claim ? AsString(*claim) : std::nullopt;
  message.set_username(ToString(username));
  absl::Span<const absl::string_view> fields = kIntrospectionFields;
  if (!username) fields.remove_suffix(1);
  message.set_custom_claims_json(OtherClaims(set, fields));
  return message;
}

std::optional<TokenKind> TokenKindFromMessage(v1::TokenKind kind) {
  switch (kind) {
    case v1::TOKEN_KIND_ACCESS_TOKEN:
      return TokenKind::kAccessToken;
    case v1::TOKEN_KIND_ID_TOKEN:
      return TokenKind::kIdToken;
    case v1::TOKEN_KIND_JWT:
      return TokenKind::kJwt;
    default:  // Wire enums are open: a newer client may send what we lack.
      return std::nullopt;
  }
}

absl::StatusOr<absl::Duration> DurationFromMessage(
    const google::protobuf::Duration& message, absl::string_view field) {
  constexpr int64_t kMaxSeconds = 315'576'000'000;  // As duration.proto says.
  const bool well_formed = message.seconds() >= 0 &&
                           message.seconds() <= kMaxSeconds &&
                           message.nanos() >= 0 && message.nanos() < 1e9;
  if (!well_formed || (message.seconds() == 0 && message.nanos() == 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": must be a positive duration"));
  }
  return absl::Seconds(message.seconds()) + absl::Nanoseconds(message.nanos());
}

std::vector<std::string> StringsFromMessage(
    const google::protobuf::RepeatedPtrField<std::string>& field) {
  return {field.begin(), field.end()};
}

absl::StatusOr<absl::Time> TimeFromMessage(
    const google::protobuf::Timestamp& message, absl::string_view field) {
  constexpr int64_t kYear1 = -62'135'596'800;  // As timestamp.proto says.
  constexpr int64_t kYear9999 = 253'402'300'799;
  if (message.seconds() < kYear1 || message.seconds() > kYear9999 ||
      message.nanos() < 0 || message.nanos() >= 1e9) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": is not a valid timestamp"));
  }
  return absl::FromUnixSeconds(message.seconds()) +
         absl::Nanoseconds(message.nanos());
}

}  // namespace signet
