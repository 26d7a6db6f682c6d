#include "cli/key_listing.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "jose/json.h"
#include "keys/file_contents.h"
#include "keys/key_file.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"

namespace signet {
namespace {

// A PEM file may begin with text; a JWK may have PEM in a string.
KeyFile::Format FormatOf(absl::string_view text) {
  return absl::StrContains(text, "-----BEGIN ") &&
                 !absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "{")
             ? KeyFile::Format::kPem
             : KeyFile::Format::kJwk;
}

// Every kind of private key but a secret has its private half in "d"
// (RFC 7518 section 6, RFC 8037 section 2).
bool HasPrivateHalf(JsonValue jwk) {
  const std::optional<JsonObject> object = AsObject(jwk);
  return object && FindMember(*object, "d").has_value();
}

bool HasPrivateJwk(absl::string_view json) {
  const absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(json);
  if (!document.ok()) return false;
  const std::optional<JsonValue> member =
      FindMember(document->object(), "keys");
  const std::optional<JsonArray> keys =
      member ? AsArray(*member) : std::nullopt;
  return keys ? absl::c_any_of(*keys, HasPrivateHalf)
              : HasPrivateHalf(document->root());
}

absl::StatusOr<std::vector<ListedKey>> ListPrivateKeys(
    const KeyFile& file, const KeyLimits& limits) {
  const absl::StatusOr<std::vector<SigningKey>> keys =
      LoadSigningKeys(file, limits);
  if (!keys.ok()) return keys.status();
  std::vector<ListedKey> listed;
  for (const SigningKey& key : *keys) {
    listed.push_back({key.verification_key().Copy(), /*is_private=*/true});
  }
  return listed;
}

absl::StatusOr<std::vector<ListedKey>> ListPublicKeys(const KeyFile& file,
                                                      const KeyLimits& limits) {
  absl::StatusOr<std::vector<VerificationKey>> keys =
      LoadVerificationKeys(file, limits);
  if (!keys.ok()) return keys.status();
  std::vector<ListedKey> listed;
  for (VerificationKey& key : *keys) {
    // An HMAC secret verifies, and signs as well.
    const bool is_private = !IsAsymmetric(key.algorithm());
    listed.push_back({std::move(key), is_private});
  }
  return listed;
}

}  // namespace

absl::StatusOr<std::vector<ListedKey>> ListKeys(
    const std::string& path, const std::string& key_id,
    std::optional<Algorithm> algorithm) {
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(path, Privacy::kPublic);
  if (!contents.ok()) return contents.status();
  const KeyFile file{.path = path,
                     .format = FormatOf(contents->text()),
                     .key_id = key_id,
                     .algorithm = algorithm};
  const KeyLimits limits{.max_rsa_bits = kMaxRsaBits};
  const bool is_private =
      file.format == KeyFile::Format::kPem
          ? absl::StrContains(contents->text(), "PRIVATE KEY-----")
          : HasPrivateJwk(contents->text());
  return is_private ? ListPrivateKeys(file, limits)
                    : ListPublicKeys(file, limits);
}

}  // namespace signet
