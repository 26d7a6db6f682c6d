#include "signer/token_claims.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "jose/claims_set.h"
#include "jose/compact_jws.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "keys/access_token_hash.h"

namespace signet {
namespace {

// Delegation (RFC 8693 section 4) is a statement of the issuer, not of whoever
// asks for a token.
bool IsReserved(absl::string_view name) {
  return IsRegisteredClaim(name) || name == "act" || name == "may_act";
}

void AddIfGiven(JsonObjectWriter& writer, absl::string_view name,
                absl::string_view value) {
  if (!value.empty()) writer.AddString(name, value);
}

void AddAudiences(JsonObjectWriter& writer, const TokenRequest& request) {
  if (request.audiences.size() == 1) {
    writer.AddString("aud", request.audiences.front());
  } else {
    writer.AddStrings("aud", request.audiences);
  }
}

void AddAuthentication(JsonObjectWriter& writer, const TokenRequest& request) {
  if (request.authenticated_at) {
    writer.AddInteger("auth_time",
                      absl::ToUnixSeconds(*request.authenticated_at));
  }
  AddIfGiven(writer, "acr", request.authentication_context_class);
  if (!request.authentication_methods.empty()) {
    writer.AddStrings("amr", request.authentication_methods);
  }
}

void AddIdTokenClaims(JsonObjectWriter& writer, const TokenRequest& request,
                      Algorithm algorithm) {
  // Always there, because it is what tells this token from other kinds.
  writer.AddString("azp", request.authorized_party.empty()
                              ? request.audiences.front()
                              : request.authorized_party);
  AddIfGiven(writer, "nonce", request.nonce);
  if (!request.access_token.empty()) {
    writer.AddString("at_hash",
                     AccessTokenHash(algorithm, request.access_token));
  }
}

absl::Status AddCustomClaims(JsonObjectWriter& writer,
                             const TokenRequest& request) {
  if (request.custom_claims_json.empty()) return absl::OkStatus();
  if (request.custom_claims_json.size() > kMaxTokenBytes) {
    return absl::InvalidArgumentError(
        "custom_claims_json: is longer than a whole token may be");
  }
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseObject(request.custom_claims_json);
  if (!document.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("custom_claims_json: ", document.status().message()));
  }
  for (const auto& member : document->object()) {
    const absl::string_view name(member.key.data(), member.key.size());
    if (IsReserved(name)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "custom_claims_json: ", name,
          " is a registered claim; use the field for it, if there is one"));
    }
    writer.AddJson(name, ToJson(member.value));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> WriteClaims(const TokenRequest& request,
                                        const TokenIdentity& identity) {
  const int64_t issued_at = absl::ToUnixSeconds(identity.issued_at);
  JsonObjectWriter writer;
  writer.AddString("iss", identity.issuer);
  AddIfGiven(writer, "sub", request.subject);
  AddAudiences(writer, request);
  writer.AddInteger("exp", issued_at + absl::ToInt64Seconds(identity.lifetime));
  writer.AddInteger("nbf", issued_at);
  writer.AddInteger("iat", issued_at);
  writer.AddString("jti", identity.jwt_id);
  AddIfGiven(writer, "client_id", request.client_id);
  AddIfGiven(writer, "scope", absl::StrJoin(request.scopes, " "));
  AddAuthentication(writer, request);
  if (request.kind == TokenKind::kIdToken) {
    AddIdTokenClaims(writer, request, identity.algorithm);
  }
  if (!request.actor_json.empty()) writer.AddJson("act", request.actor_json);
  const absl::Status custom = AddCustomClaims(writer, request);
  if (!custom.ok()) return custom;
  return std::move(writer).Finish();
}

absl::string_view TypeOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAccessToken:
      return "at+jwt";
    case TokenKind::kIdToken:
    case TokenKind::kJwt:
      return "JWT";
  }
  __builtin_unreachable();
}

std::string WriteHeader(absl::string_view type, Algorithm algorithm,
                        absl::string_view key_id) {
  JsonObjectWriter writer;
  writer.AddString("alg", AlgorithmName(algorithm));
  writer.AddString("typ", type);
  writer.AddString("kid", key_id);
  return std::move(writer).Finish();
}

}  // namespace signet
