#include "service/audit/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

absl::Status Failure(absl::string_view what) {
  return absl::UnavailableError(
      absl::StrCat("cannot ", what, ": ", strerror(errno)));
}

// Whether the file, of `size` bytes, ends in the middle of a line.
bool EndsTorn(int descriptor, off_t size) {
  char last = '\n';
  return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
}

// Has the name of a new file outlive a loss of power, too.
absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor =
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failure("open the folder");
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  return fsync(descriptor) == 0 ? absl::OkStatus() : Failure("sync the folder");
}

}  // namespace

absl::StatusOr<AppendFile> AppendFile::Open(std::string path,
                                            Durability durability) {
  AppendFile file(std::move(path), durability);
  const absl::Status opened = file.OpenAnew();
  if (!opened.ok()) return absl::FailedPreconditionError(opened.message());
  return file;
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)),
      durability_(other.durability_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      device_(other.device_),
      inode_(other.inode_),
      torn_(other.torn_) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  if (this == &other) return *this;
  Close();
  path_ = std::move(other.path_);
  durability_ = other.durability_;
  descriptor_ = std::exchange(other.descriptor_, -1);
  device_ = other.device_;
  inode_ = other.inode_;
  torn_ = other.torn_;
  return *this;
}

AppendFile::~AppendFile() { Close(); }

absl::Status AppendFile::Append(absl::string_view lines) {
  absl::Status status = Follow();
  if (status.ok() && torn_) status = Write("\n");
  if (status.ok()) status = Write(lines);
  if (!status.ok() || durability_ == Durability::kKernel) return status;
  return fdatasync(descriptor_) == 0 ? absl::OkStatus() : Failure("sync");
}

absl::Status AppendFile::Follow() {
  struct stat named = {};
  const bool is_open = descriptor_ >= 0 && stat(path_.c_str(), &named) == 0 &&
                       named.st_dev == device_ && named.st_ino == inode_;
  return is_open ? absl::OkStatus() : OpenAnew();
}

absl::Status AppendFile::OpenAnew() {
  Close();
  // Nonblocking, so that a pipe cannot hold the server up; for files it means
  // nothing. Read is only the last byte.
  const int descriptor = open(
      path_.c_str(),
      O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (descriptor < 0) return Failure("open");
  absl::Cleanup closer = [descriptor] { close(descriptor); };
  struct stat opened = {};
  if (fstat(descriptor, &opened) != 0) return Failure("look at");
  const bool is_file = S_ISREG(opened.st_mode);
  if (!is_file && !S_ISCHR(opened.st_mode)) {
    return absl::UnavailableError("is neither a file nor a device");
  }
  if (is_file && (opened.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return absl::UnavailableError("others than its owner may write it");
  }
  if (is_file && durability_ == Durability::kDisk) {
    absl::Status synced = SyncFolderOf(path_);
    if (!synced.ok()) return synced;
  }
  torn_ = is_file && EndsTorn(descriptor, opened.st_size);
  device_ = opened.st_dev;
  inode_ = opened.st_ino;
  descriptor_ = descriptor;
  std::move(closer).Cancel();
  return absl::OkStatus();
}

absl::Status AppendFile::Write(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure("write");
    torn_ =
        written > 0 ? text[static_cast<size_t>(written) - 1] != '\n' : torn_;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

void AppendFile::Close() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

}  // namespace signet
