#include "keys/key_file.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "keys/file_contents.h"
#include "keys/jwk.h"
#include "keys/jwk_set.h"
#include "keys/pem.h"
#include "keys/secret_file.h"
#include "openssl/mem.h"

namespace signet {
namespace {

absl::Status At(absl::string_view path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

PemOptions ToPemOptions(const KeyFile& file, const KeyLimits& limits) {
  return {file.key_id, file.algorithm, limits};
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
  if (!keys.ok()) return At(file.path, keys.status());
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
  if (!keys.ok()) return At(file.path, keys.status());
  return keys;
}

absl::Status SaveSigningKey(const SigningKey& key, const std::string& path) {
  std::string jwk = ToPrivateJwk(key);
  jwk.push_back('\n');
  const absl::Status saved = CreateSecretFile(path, jwk);
  OPENSSL_cleanse(jwk.data(), jwk.size());
  return saved;
}

}  // namespace signet
