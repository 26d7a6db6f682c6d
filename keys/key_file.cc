#include "keys/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "keys/jwk.h"
#include "keys/jwk_set.h"
#include "keys/pem.h"
#include "openssl/mem.h"

namespace signet {
namespace {

constexpr size_t kMaxKeyFileBytes = 1024 * 1024;

absl::Status FileError(absl::string_view path, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", problem));
}

absl::Status SystemError(absl::string_view path, absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot ", what));
}

absl::Status At(absl::string_view path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

// Wipes a file's contents from memory.
struct FileContents {
  std::string text;

  FileContents() = default;
  // Holds a secret, of which there is one copy.
  FileContents(const FileContents&) = delete;
  FileContents& operator=(const FileContents&) = delete;
  FileContents(FileContents&&) = default;
  FileContents& operator=(FileContents&&) = default;
  ~FileContents() { OPENSSL_cleanse(text.data(), text.size()); }
};

enum class Privacy { kAnyoneMayRead, kSecret };

absl::Status CheckFile(int descriptor, const std::string& path,
                       Privacy privacy) {
  struct stat info;
  if (fstat(descriptor, &info) != 0) return SystemError(path, "be examined");
  if (!S_ISREG(info.st_mode)) return FileError(path, "not a regular file");
  if (static_cast<size_t>(info.st_size) > kMaxKeyFileBytes) {
    return FileError(path, "larger than 1 MiB; this is not a key file");
  }
  constexpr mode_t kTooOpen = S_IWGRP | S_IRWXO;
  if (privacy == Privacy::kSecret && (info.st_mode & kTooOpen) != 0) {
    return FileError(path,
                     "holds private keys, but others may read or change it; "
                     "run \"chmod 600\" on it");
  }
  return absl::OkStatus();
}

absl::StatusOr<FileContents> ReadKeyFile(const std::string& path,
                                         Privacy privacy) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return SystemError(path, "be opened");
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  const absl::Status usable = CheckFile(descriptor, path, privacy);
  if (!usable.ok()) return usable;

  FileContents contents;
  // One byte more than allowed, so that a file that grew is noticed; and all
  // at once, so that no smaller copy is left behind by growing.
  contents.text.resize(kMaxKeyFileBytes + 1);
  size_t size = 0;
  while (size < contents.text.size()) {
    const ssize_t got = read(descriptor, contents.text.data() + size,
                             contents.text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path, "be read");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > kMaxKeyFileBytes) return FileError(path, "larger than 1 MiB");
  contents.text.resize(size);
  return contents;
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
    if (put < 0) return SystemError(path, "be written");
    text.remove_prefix(static_cast<size_t>(put));
  }
  if (fsync(descriptor) != 0) return SystemError(path, "be synced");
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return SystemError(folder, "be opened");
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  if (fsync(descriptor) != 0) return SystemError(folder, "be synced");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<VerificationKey>> LoadVerificationKeys(
    const KeyFile& file, const KeyLimits& limits) {
  const absl::StatusOr<FileContents> contents =
      ReadKeyFile(file.path, Privacy::kAnyoneMayRead);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<std::vector<VerificationKey>> keys =
      file.format == KeyFile::Format::kPem
          ? AsList(ParsePublicPem(contents->text, ToPemOptions(file, limits)))
          : ParsePublicJwkSet(contents->text, {file.algorithm, limits});
  if (!keys.ok()) return At(file.path, keys.status());
  return keys;
}

absl::StatusOr<std::vector<SigningKey>> LoadSigningKeys(
    const KeyFile& file, const KeyLimits& limits) {
  const absl::StatusOr<FileContents> contents =
      ReadKeyFile(file.path, Privacy::kSecret);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<std::vector<SigningKey>> keys =
      file.format == KeyFile::Format::kPem
          ? AsList(ParsePrivatePem(contents->text, ToPemOptions(file, limits)))
          : ParsePrivateJwkSet(contents->text, {file.algorithm, limits});
  if (!keys.ok()) return At(file.path, keys.status());
  return keys;
}

absl::Status SaveSigningKey(const SigningKey& key, const std::string& path) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);  // Mode 0600.
  if (descriptor < 0) return SystemError(path, "be created");
  const absl::Cleanup cleanup = [descriptor, &temporary] {
    close(descriptor);
    unlink(temporary.c_str());
  };
  FileContents contents;
  contents.text = absl::StrCat(ToPrivateJwk(key), "\n");
  const absl::Status written = WriteAll(descriptor, contents.text, path);
  if (!written.ok()) return written;
  // Unlike rename, link never replaces a key that is already there.
  if (link(temporary.c_str(), path.c_str()) != 0) {
    return SystemError(path, "be created");
  }
  return SyncFolderOf(path);
}

}  // namespace signet
