#ifndef SIGNET_STORE_SQLITE_FAILURE_H_
#define SIGNET_STORE_SQLITE_FAILURE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace signet {

// SqliteFailure is the status for an extended result code of SQLite, and errno
// where the system was the reason: "PATH: WHAT IS WRONG; WHAT TO DO".
absl::Status SqliteFailure(absl::string_view path, int code, int system_error);

// FileFailure is the same for a system call on the file that failed with errno.
absl::Status FileFailure(absl::string_view path, int system_error);

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_FAILURE_H_
