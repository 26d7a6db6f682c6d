#ifndef SIGNET_STORE_SQLITE_FILE_H_
#define SIGNET_STORE_SQLITE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace signet {

// FileIdentity tells a file from another that was put in its place.
struct FileIdentity {
  dev_t device;
  ino_t number;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// CreateStoreFile makes an empty file of mode 0600 at `path`, unless there is
// something.
absl::Status CreateStoreFile(const std::string& path);

// ExamineStoreFile is FailedPrecondition if `path` is not a regular file, or
// others than its owner may write it, or others than its group read it.
//
// Neither function ever closes a file that SQLite may have open: that would
// take SQLite's locks away (POSIX drops all that a process has on a file).
absl::StatusOr<FileIdentity> ExamineStoreFile(const std::string& path);

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_FILE_H_
