#include "jose/claims_set.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_split.h"
#include "jose/numeric_date.h"

namespace signet {
namespace {

using Text = std::optional<absl::string_view>;
using Date = std::optional<absl::Time>;
using Texts = std::optional<std::vector<absl::string_view>>;

// Each reader returns nothing if the value has the wrong type.
Text Read(JsonValue value, const Text&) { return AsString(value); }
Date Read(JsonValue value, const Date&) { return ReadNumericDate(value); }
Texts Read(JsonValue value, const Texts&) { return AsStrings(value); }

// A claim's name, and the function that reads it into its field, which returns
// false if the value has the wrong type.
struct ClaimReader {
  absl::string_view name;
  bool (*read)(JsonValue value, RegisteredClaims& claims);
};

template <auto field>
bool ReadField(JsonValue value, RegisteredClaims& claims) {
  claims.*field = Read(value, claims.*field);
  return (claims.*field).has_value();
}

// `aud` is an array of strings, or one string (RFC 7519 section 4.1.3).
bool ReadAudiences(JsonValue value, RegisteredClaims& claims) {
  if (const Text single = AsString(value)) {
    claims.audiences = {*single};
    return true;
  }
  return ReadField<&RegisteredClaims::audiences>(value, claims);
}

constexpr ClaimReader kReaders[] = {
    {"iss", ReadField<&RegisteredClaims::issuer>},
    {"sub", ReadField<&RegisteredClaims::subject>},
    {"aud", ReadAudiences},
    {"exp", ReadField<&RegisteredClaims::expiration>},
    {"nbf", ReadField<&RegisteredClaims::not_before>},
    {"iat", ReadField<&RegisteredClaims::issued_at>},
    {"jti", ReadField<&RegisteredClaims::jwt_id>},
    {"scope", ReadField<&RegisteredClaims::scope>},
    {"client_id", ReadField<&RegisteredClaims::client_id>},
    {"nonce", ReadField<&RegisteredClaims::nonce>},
    {"azp", ReadField<&RegisteredClaims::authorized_party>},
    {"at_hash", ReadField<&RegisteredClaims::access_token_hash>},
    {"c_hash", ReadField<&RegisteredClaims::code_hash>},
    {"auth_time", ReadField<&RegisteredClaims::authentication_time>},
    {"acr", ReadField<&RegisteredClaims::authentication_context_class>},
    {"amr", ReadField<&RegisteredClaims::authentication_methods>},
};

const ClaimReader* FindReader(absl::string_view name) {
  const auto* reader =
      std::find_if(std::begin(kReaders), std::end(kReaders),
                   [&](const ClaimReader& r) { return r.name == name; });
  return reader == std::end(kReaders) ? nullptr : reader;
}

}  // namespace

RejectionOr<ClaimsSet> ClaimsSet::Parse(absl::string_view json) {
  absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  if (!document.ok()) {
    return Rejection{RejectionReason::kMalformed, "",
                     "the payload is not a JSON object without duplicates"};
  }
  RegisteredClaims registered;
  for (const auto& member : document->object()) {
    const ClaimReader* reader =
        FindReader({member.key.data(), member.key.size()});
    if (reader != nullptr && !reader->read(member.value, registered)) {
      return Rejection{RejectionReason::kClaimInvalid,
                       std::string(reader->name),
                       "the claim does not have the type that its definition "
                       "demands"};
    }
  }
  return ClaimsSet(*std::move(document), std::move(registered));
}

bool IsRegisteredClaim(absl::string_view name) {
  return FindReader(name) != nullptr;
}

std::vector<absl::string_view> SplitScope(absl::string_view scope) {
  return absl::StrSplit(scope, ' ', absl::SkipEmpty());
}

}  // namespace signet
