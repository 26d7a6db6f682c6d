#include "store/sqlite_failure.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace signet {
namespace {

absl::Status Failure(absl::StatusCode code, absl::string_view path,
                     absl::string_view problem) {
  return {code, absl::StrCat(path, ": ", problem)};
}

}  // namespace

absl::Status FileFailure(absl::string_view path, int system_error) {
  switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Failure(absl::StatusCode::kResourceExhausted, path,
                     "the disk is full, or a limit on files is reached; make "
                     "room");
    case EACCES:
    case EPERM:
    case EROFS:
      return Failure(absl::StatusCode::kFailedPrecondition, path,
                     "may not be written; make the file and its folder "
                     "writable for this user");
    case ENOENT:
    case ENOTDIR:
      return Failure(absl::StatusCode::kUnavailable, path,
                     "is not there, or its folder is not; put it back");
    default:
      return Failure(absl::StatusCode::kUnavailable, path,
                     absl::StrCat("cannot be used (", strerror(system_error),
                                  "); look after the disk"));
  }
}

absl::Status SqliteFailure(absl::string_view path, int code, int system_error) {
  // The low byte is the kind, the rest tells more.
  switch (static_cast<unsigned>(code) & 0xFFU) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Failure(absl::StatusCode::kUnavailable, path,
                     "is locked by another process; end it, or try again");
    case SQLITE_FULL:
      return FileFailure(path, ENOSPC);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return FileFailure(path, EACCES);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Failure(absl::StatusCode::kDataLoss, path,
                     "is corrupt, or no SQLite database; restore it from a "
                     "backup");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return FileFailure(path, system_error);
    default:
      return Failure(absl::StatusCode::kInternal, path, sqlite3_errstr(code));
  }
}

}  // namespace signet
