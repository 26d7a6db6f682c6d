#include "tests/jwk_text.h"

#include <utility>

#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "jose/json_writer.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

JsonDocument ParseJson(absl::string_view json) {
  absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  EXPECT_TRUE(document.ok()) << document.status() << std::string(json);
  return *std::move(document);
}

}  // namespace

std::string PublicProblem(absl::string_view json, JwkOptions options) {
  const JsonDocument jwk = ParseJson(json);
  return std::string(ParsePublicJwk(jwk.object(), options).status().message());
}

std::string PrivateProblem(absl::string_view json, JwkOptions options) {
  const JsonDocument jwk = ParseJson(json);
  return std::string(ParsePrivateJwk(jwk.object(), options).status().message());
}

JwkText::JwkText(absl::string_view json) {
  const JsonDocument jwk = ParseJson(json);
  for (const auto& member : jwk.object()) {
    members_[std::string(member.key)] = ToJson(member.value);
  }
}

std::string JwkText::With(const std::string& name,
                          const std::string& json) const {
  JwkText copy = *this;
  copy.members_[name] = json;
  return copy.text();
}

std::string JwkText::WithBytes(const std::string& name,
                               absl::string_view bytes) const {
  return With(name, ToJsonString(Base64UrlEncode(bytes)));
}

std::string JwkText::Without(const std::string& name) const {
  JwkText copy = *this;
  copy.members_.erase(name);
  return copy.text();
}

std::string JwkText::Bytes(const std::string& name) const {
  const std::string& json = members_.at(name);
  return *Base64UrlDecode(absl::string_view(json).substr(1, json.size() - 2));
}

std::string JwkText::text() const {
  JsonObjectWriter writer;
  for (const auto& [name, json] : members_) writer.AddJson(name, json);
  return std::move(writer).Finish();
}

JwkText PublicText(Algorithm algorithm) {
  return JwkText(
      *ToPublicJwk(MakeTestKey(algorithm, "key").verification_key()));
}

JwkText PrivateText(Algorithm algorithm) {
  return JwkText(ToPrivateJwk(MakeTestKey(algorithm, "key")));
}

}  // namespace signet
