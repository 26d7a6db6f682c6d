#include "keys/file_contents.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "openssl/mem.h"

namespace signet {
namespace {

constexpr size_t kMaxBytes = size_t{1024} * 1024;

absl::Status Refuse(absl::string_view path, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", problem));
}

absl::Status CheckFile(int descriptor, const std::string& path,
                       Privacy privacy) {
  struct stat info;
  if (fstat(descriptor, &info) != 0) return FileError(path, "examined");
  if (!S_ISREG(info.st_mode)) return Refuse(path, "is not a regular file");
  constexpr mode_t kTooOpen = S_IWGRP | S_IRWXO;
  if (privacy == Privacy::kSecret && (info.st_mode & kTooOpen) != 0) {
    return Refuse(path,
                  "holds private keys, but others may read or change it; run "
                  "\"chmod 600\" on it");
  }
  if ((info.st_mode & S_IWOTH) != 0) {
    return Refuse(path, "may be changed by everyone; run \"chmod o-w\" on it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FileError(absl::string_view path, absl::string_view what) {
  // Kept before anything else can change it.
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat(path, ": cannot be ", what));
}

absl::StatusOr<FileContents> FileContents::Read(const std::string& path,
                                                Privacy privacy) {
  // Non-blocking, so that a pipe is refused rather than waited for.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return FileError(path, "opened");
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  const absl::Status usable = CheckFile(descriptor, path, privacy);
  if (!usable.ok()) return usable;

  // Room for one byte more than allowed, to notice a file that is too large;
  // and at once, because a string that grows leaves copies behind.
  FileContents contents(std::string(kMaxBytes + 1, '\0'));
  std::string& text = contents.text_;
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(descriptor, &text[size], text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(path, "read");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > kMaxBytes) return Refuse(path, "is larger than 1 MiB");
  text.resize(size);
  return contents;
}

FileContents::~FileContents() { OPENSSL_cleanse(text_.data(), text_.size()); }

}  // namespace signet
