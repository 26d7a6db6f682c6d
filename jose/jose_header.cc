#include "jose/jose_header.h"

#include <string>

#include "absl/strings/match.h"

namespace signet {
namespace {

constexpr absl::string_view kUnsupported[] = {"crit", "b64", "zip", "enc"};

Rejection Malformed(absl::string_view parameter, absl::string_view detail) {
  return {RejectionReason::kMalformed, std::string(parameter), detail};
}

// Reads an optional parameter that must be a string.
RejectionOr<std::optional<absl::string_view>> ReadString(
    JsonObject object, absl::string_view name) {
  const std::optional<JsonValue> value = FindMember(object, name);
  if (!value) return std::optional<absl::string_view>();
  const std::optional<absl::string_view> text = AsString(*value);
  if (!text) return Malformed(name, "the header parameter is not a string");
  return text;
}

RejectionOr<Algorithm> ReadAlgorithm(JsonObject object) {
  const RejectionOr<std::optional<absl::string_view>> name =
      ReadString(object, "alg");
  if (!name.ok()) return name.rejection();
  if (!name->has_value()) return Malformed("alg", "the header has no alg");
  const std::optional<Algorithm> algorithm = AlgorithmFromName(**name);
  if (!algorithm) {
    return Rejection{RejectionReason::kAlgorithmNotAllowed, "alg",
                     "the algorithm is \"none\" or not one Signet knows"};
  }
  return *algorithm;
}

absl::string_view WithoutApplicationPrefix(absl::string_view type) {
  constexpr absl::string_view kPrefix = "application/";
  // With another "/" behind it, the prefix is not one that was left out.
  if (absl::StartsWithIgnoreCase(type, kPrefix) &&
      !absl::StrContains(type.substr(kPrefix.size()), '/')) {
    type.remove_prefix(kPrefix.size());
  }
  return type;
}

}  // namespace

RejectionOr<JoseHeader> JoseHeader::Parse(JsonObject object) {
  for (const absl::string_view name : kUnsupported) {
    if (FindMember(object, name)) {
      return Rejection{RejectionReason::kUnsupportedHeader, std::string(name),
                       "the header parameter is not supported"};
    }
  }
  const RejectionOr<Algorithm> algorithm = ReadAlgorithm(object);
  if (!algorithm.ok()) return algorithm.rejection();
  const RejectionOr<std::optional<absl::string_view>> key_id =
      ReadString(object, "kid");
  if (!key_id.ok()) return key_id.rejection();
  if (key_id->has_value() && (*key_id)->size() > kMaxKeyIdBytes) {
    return Malformed("kid", "the key id is longer than 256 bytes");
  }
  const RejectionOr<std::optional<absl::string_view>> type =
      ReadString(object, "typ");
  if (!type.ok()) return type.rejection();
  return JoseHeader{*algorithm, *key_id, *type};
}

bool SameMediaType(absl::string_view a, absl::string_view b) {
  return absl::EqualsIgnoreCase(WithoutApplicationPrefix(a),
                                WithoutApplicationPrefix(b));
}

}  // namespace signet
