#include "keys/key_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "keys/file_contents.h"
#include "keys/jwk.h"
#include "keys/jwk_set.h"
#include "keys/pem.h"
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

// Writes and syncs all of `text`.
absl::Status WriteAll(int descriptor, absl::string_view text,
                      const std::string& path) {
  while (!text.empty()) {
    const ssize_t put = write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FileError(path, "written");
    text.remove_prefix(static_cast<size_t>(put));
  }
  if (fsync(descriptor) != 0) return FileError(path, "synced");
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return FileError(folder, "opened");
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  if (fsync(descriptor) != 0) return FileError(folder, "synced");
  return absl::OkStatus();
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
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);  // Mode 0600.
  if (descriptor < 0) return FileError(path, "created");
  const absl::Cleanup cleanup = [descriptor, &temporary] {
    close(descriptor);
    unlink(temporary.c_str());
  };
  std::string jwk = ToPrivateJwk(key);
  jwk.push_back('\n');
  absl::Status written = WriteAll(descriptor, jwk, path);
  OPENSSL_cleanse(jwk.data(), jwk.size());
  if (!written.ok()) return written;
  // Unlike rename, link never replaces a key that is already there.
  if (link(temporary.c_str(), path.c_str()) != 0) {
    return FileError(path, "created");
  }
  return SyncFolderOf(path);
}

}  // namespace signet
