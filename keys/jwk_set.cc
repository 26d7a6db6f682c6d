#include "keys/jwk_set.h"

#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "jose/algorithm.h"
#include "jose/json.h"

namespace signet {
namespace {

bool IsForEncryption(JsonObject jwk) {
  const std::optional<JsonValue> use = FindMember(jwk, "use");
  return use && AsString(*use) == "enc";
}

absl::StatusOr<JsonArray> FindKeys(JsonObject set) {
  const std::optional<JsonValue> member = FindMember(set, "keys");
  const std::optional<JsonArray> keys =
      member ? AsArray(*member) : std::nullopt;
  if (!keys) {
    return absl::InvalidArgumentError(
        "neither a JWK (no kty) nor a JWK Set (no array called keys)");
  }
  return *keys;
}

// Applies `parse` to each key of a JWK or JWK Set.
template <typename Key>
absl::StatusOr<std::vector<Key>> ParseEach(
    absl::string_view json, const JwkOptions& options,
    absl::StatusOr<Key> (*parse)(JsonObject, const JwkOptions&)) {
  const absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  if (!document.ok()) return document.status();

  std::vector<Key> parsed;
  if (FindMember(document->object(), "kty")) {
    absl::StatusOr<Key> key = parse(document->object(), options);
    if (!key.ok()) return key.status();
    parsed.push_back(*std::move(key));
    return parsed;
  }
  const absl::StatusOr<JsonArray> keys = FindKeys(document->object());
  if (!keys.ok()) return keys.status();
  size_t place = 0;
  for (const JsonValue value : *keys) {
    ++place;
    const std::optional<JsonObject> jwk = AsObject(value);
    if (!jwk) {
      return absl::InvalidArgumentError(
          absl::StrCat("key ", place, ": not a JSON object"));
    }
    if (IsForEncryption(*jwk)) continue;
    absl::StatusOr<Key> key = parse(*jwk, options);
    if (!key.ok()) {
      return absl::Status(
          key.status().code(),
          absl::StrCat("key ", place, ": ", key.status().message()));
    }
    parsed.push_back(*std::move(key));
  }
  return parsed;
}

// A set that has both was meant to be public by one hand and secret by another.
absl::Status RefuseMixedKeys(const std::vector<VerificationKey>& keys) {
  const auto is_public = [](const VerificationKey& key) {
    return IsAsymmetric(key.algorithm());
  };
  if (absl::c_any_of(keys, is_public) && !absl::c_all_of(keys, is_public)) {
    return absl::InvalidArgumentError(
        "the set mixes HMAC secrets with public keys; keep them apart");
  }
  return absl::OkStatus();
}

// The key, if it can be used once everybody knows it.
std::optional<VerificationKey> ParsePublished(JsonValue value,
                                              const JwkOptions& options) {
  const std::optional<JsonObject> jwk = AsObject(value);
  if (!jwk) return std::nullopt;
  absl::StatusOr<VerificationKey> key = ParsePublicJwk(*jwk, options);
  if (!key.ok() || !IsAsymmetric(key->algorithm())) return std::nullopt;
  return *std::move(key);
}

// Takes out what shares its id with another.
void RemoveAmbiguous(std::vector<VerificationKey>& keys) {
  absl::flat_hash_map<std::string, int> count;
  for (const VerificationKey& key : keys) ++count[key.key_id()];
  std::erase_if(keys, [&](const VerificationKey& key) {
    return count[key.key_id()] > 1;
  });
}

}  // namespace

absl::StatusOr<UsableKeys> ParsePublishedJwkSet(absl::string_view json,
                                                const JwkOptions& options) {
  const absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  if (!document.ok()) return document.status();
  const absl::StatusOr<JsonArray> values = FindKeys(document->object());
  if (!values.ok()) return values.status();
  if (values->size() > kMaxPublishedKeys) {
    return absl::InvalidArgumentError(
        absl::StrCat("the set has more than ", kMaxPublishedKeys, " keys"));
  }
  UsableKeys usable;
  size_t for_signatures = 0;
  for (const JsonValue value : *values) {
    const std::optional<JsonObject> jwk = AsObject(value);
    if (jwk && IsForEncryption(*jwk)) continue;
    ++for_signatures;
    std::optional<VerificationKey> key = ParsePublished(value, options);
    if (key) usable.keys.push_back(*std::move(key));
  }
  RemoveAmbiguous(usable.keys);
  usable.unusable = for_signatures - usable.keys.size();
  if (!usable.keys.empty()) return usable;
  return absl::InvalidArgumentError(absl::StrCat(
      "none of the ", for_signatures, " keys in the set can be used"));
}

absl::StatusOr<std::vector<VerificationKey>> ParsePublicJwkSet(
    absl::string_view json, const JwkOptions& options) {
  absl::StatusOr<std::vector<VerificationKey>> keys =
      ParseEach<VerificationKey>(json, options, ParsePublicJwk);
  if (!keys.ok()) return keys;
  const absl::Status unmixed = RefuseMixedKeys(*keys);
  if (!unmixed.ok()) return unmixed;
  return keys;
}

absl::StatusOr<std::vector<SigningKey>> ParsePrivateJwkSet(
    absl::string_view json, const JwkOptions& options) {
  return ParseEach<SigningKey>(json, options, ParsePrivateJwk);
}

std::string ToPublicJwkSet(const std::vector<VerificationKey>& keys) {
  std::vector<std::string> jwks;
  for (const VerificationKey& key : keys) {
    if (std::optional<std::string> jwk = ToPublicJwk(key)) {
      jwks.push_back(*std::move(jwk));
    }
  }
  return absl::StrCat("{\"keys\":[", absl::StrJoin(jwks, ","), "]}");
}

}  // namespace signet
