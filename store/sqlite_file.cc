#include "store/sqlite_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "store/sqlite_failure.h"

namespace signet {
namespace {

absl::Status Refuse(const std::string& path, absl::string_view problem) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", problem));
}

// Makes the name durable, as SQLite does with the contents.
absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor =
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return FileFailure(path, errno);
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  if (fsync(descriptor) != 0) return FileFailure(path, errno);
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateStoreFile(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0) return absl::OkStatus();
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);  // Mode 0600.
  if (descriptor < 0) return FileFailure(path, errno);
  const absl::Cleanup cleanup = [&temporary] { unlink(temporary.c_str()); };
  close(descriptor);
  // Unlike rename, link never replaces a file that is already there.
  if (link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return FileFailure(path, errno);
  }
  return SyncFolderOf(path);
}

absl::StatusOr<FileIdentity> ExamineStoreFile(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return FileFailure(path, errno);
  if (!S_ISREG(info.st_mode)) return Refuse(path, "is not a regular file");
  constexpr mode_t kTooOpen = S_IWGRP | S_IRWXO;
  if ((info.st_mode & kTooOpen) != 0) {
    return Refuse(path,
                  "holds keys, but others may read or change it; run \"chmod "
                  "600\" on it");
  }
  return FileIdentity{.device = info.st_dev, .number = info.st_ino};
}

}  // namespace signet
