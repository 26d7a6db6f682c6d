#include "keys/key_file.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "keys/file_contents.h"
#include "keys/jwk.h"
#include "keys/jwk_set.h"
#include "keys/pem.h"
#include "keys/secret_file.h"
#include "openssl/mem.h"

namespace signet {
namespace {

PemOptions ToPemOptions(const KeyFile& file, const KeyLimits& limits) {
  return {file.key_id, file.algorithm, limits};
}

// What is wrong with a file whose `text` could not be read as keys.
absl::Status Problem(const KeyFile& file, absl::string_view text,
                     const absl::Status& status) {
  if (file.format == KeyFile::Format::kJwk &&
      absl::StartsWith(text, "-----BEGIN")) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.path, ": is PEM, not JSON; name it as a PEM file"));
  }
  return absl::Status(status.code(),
                      absl::StrCat(file.path, ": ", status.message()));
}

template <typename Key>
absl::StatusOr<std::vector<Key>> AsList(absl::StatusOr<Key> key) {
  if (!key.ok()) return key.status();
  std::vector<Key> keys;
  keys.push_back(*std::move(key));
  return keys;
}

}  // namespace

absl::StatusOr<std::vector<VerificationKey>> LoadVerificationKeys(
    const KeyFile& file, const KeyLimits& limits) {
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(file.path, Privacy::kPublic);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<std::vector<VerificationKey>> keys =
      file.format == KeyFile::Format::kPem
          ? AsList(ParsePublicPem(contents->text(), ToPemOptions(file, limits)))
          : ParsePublicJwkSet(contents->text(), {file.algorithm, limits});
  if (!keys.ok()) return Problem(file, contents->text(), keys.status());
  const bool has_secret = absl::c_any_of(*keys, [](const VerificationKey& key) {
    return !IsAsymmetric(key.algorithm());
  });
  if (!has_secret) return keys;
  const absl::StatusOr<FileContents> secret =
      FileContents::Read(file.path, Privacy::kSecret);
  if (!secret.ok()) return secret.status();
  return keys;
}

absl::StatusOr<std::vector<SigningKey>> LoadSigningKeys(
    const KeyFile& file, const KeyLimits& limits) {
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(file.path, Privacy::kSecret);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<std::vector<SigningKey>> keys =
      file.format == KeyFile::Format::kPem
          ? AsList(
                ParsePrivatePem(contents->text(), ToPemOptions(file, limits)))
          : ParsePrivateJwkSet(contents->text(), {file.algorithm, limits});
  if (!keys.ok()) return Problem(file, contents->text(), keys.status());
  return keys;
}

absl::Status SaveSigningKey(const SigningKey& key, const std::string& path) {
  std::string jwk = ToPrivateJwk(key);
  jwk.push_back('\n');
  absl::Status saved = CreateSecretFile(path, jwk);
  OPENSSL_cleanse(jwk.data(), jwk.size());
  return saved;
}

}  // namespace signet
