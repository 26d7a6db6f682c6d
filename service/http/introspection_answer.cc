#include "service/http/introspection_answer.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "jose/json.h"
#include "jose/json_writer.h"

namespace signet {
namespace {

constexpr absl::string_view kMembers[] = {
    "active", "scope", "client_id", "username", "token_type", "exp",
    "iat",    "nbf",   "sub",       "aud",      "iss",        "jti"};

void AddIfGiven(JsonObjectWriter& writer, absl::string_view name,
                const std::string& value) {
  if (!value.empty()) writer.AddString(name, value);
}

void AddAudiences(JsonObjectWriter& writer,
                  const v1::IntrospectResponse& response) {
  if (response.audiences_size() == 1) {
    writer.AddString("aud", response.audiences(0));
  } else if (response.audiences_size() > 1) {
    writer.AddStrings("aud",
                      std::vector<std::string>(response.audiences().begin(),
                                               response.audiences().end()));
  }
}

void AddTimes(JsonObjectWriter& writer,
              const v1::IntrospectResponse& response) {
  if (response.has_expires_at()) {
    writer.AddInteger("exp", response.expires_at().seconds());
  }
  if (response.has_issued_at()) {
    writer.AddInteger("iat", response.issued_at().seconds());
  }
  if (response.has_not_before()) {
    const auto& time = response.not_before();
    writer.AddInteger("nbf", time.seconds() + (time.nanos() > 0 ? 1 : 0));
  }
}

void AddOtherClaims(JsonObjectWriter& writer, const std::string& json) {
  const absl::StatusOr<JsonDocument> claims = JsonDocument::ParseObject(json);
  if (!claims.ok()) return;  // We have written it ourselves.
  for (const auto& member : claims->object()) {
    const absl::string_view name(member.key.data(), member.key.size());
    if (absl::c_linear_search(kMembers, name)) continue;
    writer.AddJson(name, ToJson(member.value));
  }
}

}  // namespace

std::string IntrospectionAnswer(const v1::IntrospectResponse& response) {
  JsonObjectWriter writer;
  writer.AddBool("active", response.active());
  if (!response.active()) return std::move(writer).Finish();
  AddIfGiven(writer, "iss", response.issuer());
  AddIfGiven(writer, "sub", response.subject());
  AddAudiences(writer, response);
  AddTimes(writer, response);
  AddIfGiven(writer, "jti", response.token_id());
  AddIfGiven(writer, "scope", absl::StrJoin(response.scopes(), " "));
  AddIfGiven(writer, "client_id", response.client_id());
  AddIfGiven(writer, "token_type", response.token_type());
  AddIfGiven(writer, "username", response.username());
  AddOtherClaims(writer, response.custom_claims_json());
  return std::move(writer).Finish();
}

}  // namespace signet
