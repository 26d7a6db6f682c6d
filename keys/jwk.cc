#include "keys/jwk.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/json_writer.h"
#include "keys/jwk_material.h"
#include "keys/jwk_members.h"

namespace signet {
namespace {

// What a key is about to be used for: a value of `key_ops`.
enum class KeyOperation { kSign, kVerify };

// `key_ops`, if given, must name what the key is about to be used for.
absl::Status CheckKeyOperations(JsonObject jwk, KeyOperation operation) {
  const std::optional<JsonValue> member = FindMember(jwk, "key_ops");
  if (!member) return absl::OkStatus();
  const std::optional<JsonStrings> operations = AsStrings(*member);
  if (!operations) {
    return absl::InvalidArgumentError("key_ops is not an array of strings");
  }
  const absl::string_view wanted =
      operation == KeyOperation::kSign ? "sign" : "verify";
  if (!operations->Contains(wanted)) {
    return absl::InvalidArgumentError(
        absl::StrCat("key_ops does not allow \"", wanted, "\""));
  }
  return absl::OkStatus();
}

absl::Status CheckUse(JsonObject jwk) {
  const std::optional<JsonValue> use = FindMember(jwk, "use");
  if (!use || AsString(*use) == "sig") return absl::OkStatus();
  return absl::InvalidArgumentError("use is not \"sig\"");
}

absl::StatusOr<std::string> ReadKeyId(JsonObject jwk) {
  const std::optional<JsonValue> member = FindMember(jwk, "kid");
  if (!member) return std::string();
  const std::optional<absl::string_view> key_id = AsString(*member);
  if (!key_id || key_id->empty()) {
    return absl::InvalidArgumentError("kid is not a string, or is empty");
  }
  return std::string(*key_id);
}

// The algorithm that the key's type alone determines, if it does.
std::optional<Algorithm> AlgorithmOfType(JsonObject jwk) {
  const std::optional<JsonValue> crv = FindMember(jwk, "crv");
  if (!crv) return std::nullopt;
  if (AsString(*crv) == "Ed25519") return Algorithm::kEdDsa;
  for (const NistCurve& curve : kNistCurves) {
    if (AsString(*crv) == curve.jwk_name) return curve.algorithm;
  }
  return std::nullopt;
}

absl::StatusOr<Algorithm> ReadAlgorithm(JsonObject jwk,
                                        const JwkOptions& options) {
  if (const std::optional<JsonValue> member = FindMember(jwk, "alg")) {
    const std::optional<absl::string_view> name = AsString(*member);
    const std::optional<Algorithm> algorithm =
        name ? AlgorithmFromName(*name) : std::nullopt;
    if (algorithm) return *algorithm;
    return absl::InvalidArgumentError(
        "alg is not a signature algorithm that Signet knows");
  }
  if (const auto algorithm = AlgorithmOfType(jwk)) return *algorithm;
  if (options.default_algorithm) return *options.default_algorithm;
  return absl::InvalidArgumentError(
      "the key has no alg, and its type does not determine one; name the "
      "algorithm it is for");
}

// What is common to public and private keys.
struct JwkHeader {
  Algorithm algorithm;
  std::string key_id;
};

absl::StatusOr<JwkHeader> ReadHeader(JsonObject jwk, KeyOperation operation,
                                     const JwkOptions& options) {
  absl::Status allowed = CheckUse(jwk);
  allowed.Update(CheckKeyOperations(jwk, operation));
  if (!allowed.ok()) return allowed;
  absl::StatusOr<std::string> key_id = ReadKeyId(jwk);
  if (!key_id.ok()) return key_id.status();
  const absl::StatusOr<Algorithm> algorithm = ReadAlgorithm(jwk, options);
  if (!algorithm.ok()) return algorithm.status();
  return JwkHeader{*algorithm, *std::move(key_id)};
}

JsonObjectWriter StartJwk(const VerificationKey& key) {
  JsonObjectWriter writer;
  for (const auto& [name, value] : RequiredMembers(key.material())) {
    writer.AddString(name, value);
  }
  writer.AddString("kid", key.key_id());
  writer.AddString("alg", AlgorithmName(key.algorithm()));
  writer.AddString("use", "sig");
  return writer;
}

}  // namespace

absl::StatusOr<VerificationKey> ParsePublicJwk(JsonObject jwk,
                                               const JwkOptions& options) {
  absl::StatusOr<JwkHeader> header =
      ReadHeader(jwk, KeyOperation::kVerify, options);
  if (!header.ok()) return header.status();
  absl::StatusOr<PublicMaterial> material = ReadPublicMaterial(jwk);
  if (!material.ok()) return material.status();
  return VerificationKey::Create(header->algorithm, header->key_id,
                                 *std::move(material), options.limits);
}

absl::StatusOr<SigningKey> ParsePrivateJwk(JsonObject jwk,
                                           const JwkOptions& options) {
  absl::StatusOr<JwkHeader> header =
      ReadHeader(jwk, KeyOperation::kSign, options);
  if (!header.ok()) return header.status();
  absl::StatusOr<PrivateMaterial> material = ReadPrivateMaterial(jwk);
  if (!material.ok()) return material.status();
  return SigningKey::Create(header->algorithm, header->key_id,
                            *std::move(material), options.limits);
}

std::optional<std::string> ToPublicJwk(const VerificationKey& key) {
  if (!IsAsymmetric(key.algorithm())) return std::nullopt;
  return StartJwk(key).Finish();
}

std::string ToPrivateJwk(const SigningKey& key) {
  JsonObjectWriter writer = StartJwk(key.verification_key());
  for (const auto& [name, value] : PrivateMembers(key.material())) {
    writer.AddString(name, value);
  }
  return std::move(writer).Finish();
}

}  // namespace signet
