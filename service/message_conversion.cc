#include "service/message_conversion.h"

#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "jose/algorithm.h"
#include "jose/claims_set.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "service/enum_conversion.h"

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

std::string ToString(const std::optional<absl::string_view>& claim) {
  return std::string(claim.value_or(""));
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

google::protobuf::Timestamp ToMessage(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp message;
  message.set_seconds(seconds);
  message.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return message;
}

google::protobuf::Duration ToMessage(absl::Duration duration) {
  google::protobuf::Duration message;
  message.set_seconds(
      absl::IDivDuration(duration, absl::Seconds(1), &duration));
  message.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return message;
}

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

v1::Header HeaderMessage(const JoseHeader& header) {
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

v1::Claims ClaimsMessage(const ClaimsSet& set) {
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
  *message.mutable_header() = HeaderMessage(jwt.header());
  *message.mutable_claims() = ClaimsMessage(jwt.claims());
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
