#include "store/sqlite_failure.h"

#include <sqlite3.h>

#include <cerrno>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

TEST(SqliteFailureTest, HasAStatusForEachCode) {
  const auto code_of = [](int code, int system_error) {
    return SqliteFailure("path", code, system_error).code();
  };
  EXPECT_EQ(code_of(SQLITE_BUSY_RECOVERY, 0), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of(SQLITE_FULL, 0), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code_of(SQLITE_IOERR_WRITE, EDQUOT),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code_of(SQLITE_IOERR_SHMSIZE, ENOSPC),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code_of(SQLITE_READONLY_DBMOVED, 0),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code_of(SQLITE_CANTOPEN, EACCES),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code_of(SQLITE_CANTOPEN, ENOENT), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of(SQLITE_CORRUPT_INDEX, 0), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_of(SQLITE_NOTADB, 0), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_of(SQLITE_IOERR_FSYNC, EIO), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of(SQLITE_MISUSE, 0), absl::StatusCode::kInternal);
  EXPECT_EQ(SqliteFailure("path", SQLITE_IOERR_FSYNC, EIO).message(),
            "path: cannot be used (Input/output error); look after the disk");
}

}  // namespace
}  // namespace signet
