#include "jose/claims_set.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "jose/numeric_date.h"

namespace signet {
namespace {

using Text = std::optional<absl::string_view>;
using Date = std::optional<absl::Time>;
using Texts = std::optional<JsonStrings>;

// Each reader returns nothing if the value has the wrong type.
Text Read(JsonValue value, const Text&) { return AsString(value); }
Date Read(JsonValue value, const Date&) { return ReadNumericDate(value); }
Texts Read(JsonValue value, const Texts&) { return AsStrings(value); }

template <auto field>
bool ReadField(JsonValue value, RegisteredClaims& claims) {
  claims.*field = Read(value, claims.*field);
  return (claims.*field).has_value();
}

// `aud` is an array of strings, or one string (RFC 7519 section 4.1.3).
bool ReadAudiences(JsonValue value, RegisteredClaims& claims) {
  if (const Text single = AsString(value)) {
    claims.audiences = JsonStrings(*single);
    return true;
  }
  return ReadField<&RegisteredClaims::audiences>(value, claims);
}

template <auto field>
bool HasField(const RegisteredClaims& claims) {
  return (claims.*field).has_value();
}

bool IsEmpty(absl::string_view text) { return text.empty(); }
bool IsEmpty(absl::Time) { return false; }
bool IsEmpty(const JsonStrings& strings) {
  return strings.size() == 0 ||
         (strings.size() == 1 && (*strings.begin()).empty());
}

template <auto field>
bool FieldSaysSomething(const RegisteredClaims& claims) {
  return HasField<field>(claims) && !IsEmpty(*(claims.*field));
}

// Field is a claim and what it is read into. `read` returns false if the value
// has the wrong type.
struct Field {
  absl::string_view claim;
  bool (*read)(JsonValue value, RegisteredClaims& claims);
  bool (*has)(const RegisteredClaims& claims);
  bool (*says)(const RegisteredClaims& claims);
};

template <auto field>
constexpr Field FieldOf(absl::string_view claim) {
  return {claim, ReadField<field>, HasField<field>, FieldSaysSomething<field>};
}

constexpr Field AudiencesField() {
  Field field = FieldOf<&RegisteredClaims::audiences>("aud");
  field.read = ReadAudiences;
  return field;
}

constexpr Field kFields[] = {
    FieldOf<&RegisteredClaims::issuer>("iss"),
    FieldOf<&RegisteredClaims::subject>("sub"),
    AudiencesField(),
    FieldOf<&RegisteredClaims::expiration>("exp"),
    FieldOf<&RegisteredClaims::not_before>("nbf"),
    FieldOf<&RegisteredClaims::issued_at>("iat"),
    FieldOf<&RegisteredClaims::jwt_id>("jti"),
    FieldOf<&RegisteredClaims::scope>("scope"),
    FieldOf<&RegisteredClaims::client_id>("client_id"),
    FieldOf<&RegisteredClaims::nonce>("nonce"),
    FieldOf<&RegisteredClaims::authorized_party>("azp"),
    FieldOf<&RegisteredClaims::access_token_hash>("at_hash"),
    FieldOf<&RegisteredClaims::code_hash>("c_hash"),
    FieldOf<&RegisteredClaims::authentication_time>("auth_time"),
    FieldOf<&RegisteredClaims::authentication_context_class>("acr"),
    FieldOf<&RegisteredClaims::authentication_methods>("amr"),
};

// All fields, each where the first three characters of its claim put it: no
// two in the same place.
constexpr size_t kPlaces = 32;

constexpr size_t PlaceOf(absl::string_view claim) {
  uint32_t start = 0;
  for (const size_t i : {2, 1, 0}) {
    start = start << 8 | static_cast<unsigned char>(claim[i]);
  }
  return start * uint32_t{20102} >> 27;
}

constexpr std::array<const Field*, kPlaces> PlaceFields() {
  std::array<const Field*, kPlaces> places{};
  for (const Field& field : kFields) {
    const Field*& place = places[PlaceOf(field.claim)];
    if (place != nullptr) throw "two claims in one place";
    place = &field;
  }
  return places;
}

constexpr std::array<const Field*, kPlaces> kPlacedFields = PlaceFields();

const Field* FindField(absl::string_view claim) {
  if (claim.size() < 3) return nullptr;
  const Field* const field = kPlacedFields[PlaceOf(claim)];
  return field != nullptr && field->claim == claim ? field : nullptr;
}

Rejection NotAnObject() {
  return {RejectionReason::kMalformed, "",
          "the payload is not a JSON object without duplicates"};
}

}  // namespace

RejectionOr<ClaimsSet> ClaimsSet::Parse(absl::string_view json) {
  absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  if (!document.ok()) return NotAnObject();
  ClaimsSet claims(*std::move(document));
  if (auto rejection = claims.ReadRegistered()) return *std::move(rejection);
  return claims;
}

std::optional<Rejection> ClaimsSet::Read(absl::string_view json) {
  if (!document_.ReadObject(json).ok()) return NotAnObject();
  return ReadRegistered();
}

std::optional<Rejection> ClaimsSet::ReadRegistered() {
  registered_ = RegisteredClaims();
  for (const auto& member : document_.object()) {
    const Field* field = FindField({member.key.data(), member.key.size()});
    if (field != nullptr && !field->read(member.value, registered_)) {
      return Rejection{RejectionReason::kClaimInvalid,
                       std::string(field->claim),
                       "the claim does not have the type that its definition "
                       "demands"};
    }
  }
  return std::nullopt;
}

ClaimsSet ClaimsSet::CopyInto(void* memory) const {
  ClaimsSet copy(document_.CopyInto(memory));
  copy.ReadRegistered();  // What was accepted once is again.
  return copy;
}

bool ClaimsSet::Has(absl::string_view name) const {
  const Field* const field = FindField(name);
  return field != nullptr ? field->has(registered_) : Find(name).has_value();
}

bool ClaimsSet::Says(absl::string_view name) const {
  const Field* const field = FindField(name);
  if (field != nullptr) return field->says(registered_);
  const std::optional<JsonValue> value = Find(name);
  if (!value || value->is_null()) return false;
  if (const auto text = AsString(*value)) return !text->empty();
  if (const auto array = AsArray(*value)) return array->size() > 0;
  return true;
}

bool IsRegisteredClaim(absl::string_view name) {
  return FindField(name) != nullptr;
}

}  // namespace signet
