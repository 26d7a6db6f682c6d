#include "store/sqlite_database.h"

#include <cerrno>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "store/deadline.h"
#include "store/sqlite_failure.h"
#include "store/store.h"

namespace signet {
namespace {

// What deleting leaves behind is overwritten, because keys are among it. A log
// that has grown shrinks back to 64 MiB. The schema is not trusted to be ours.
constexpr char kSettings[] =
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(
    const std::string& path) {
  const absl::StatusOr<FileIdentity> identity = ExamineStoreFile(path);
  if (!identity.ok()) return identity.status();
  std::unique_ptr<SqliteDatabase> database =
      absl::WrapUnique(new SqliteDatabase(path, *identity));
  // A path is never a URI or ":memory:".
  const std::string name =
      absl::StartsWith(path, "/") ? path : absl::StrCat("./", path);
  constexpr int kFlags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code =
      sqlite3_open_v2(name.c_str(), &database->handle_, kFlags, nullptr);
  if (code != SQLITE_OK) return database->Failure(code);
  const absl::Status configured = database->Configure();
  if (!configured.ok()) return configured;
  return database;
}

SqliteDatabase::~SqliteDatabase() { sqlite3_close(handle_); }

absl::Status SqliteDatabase::Configure() {
  // What may not be written is opened all the same, for reading.
  if (sqlite3_db_readonly(handle_, "main") == 1) {
    return Failure(SQLITE_READONLY);
  }
  sqlite3_busy_timeout(
      handle_, static_cast<int>(kStorePatience / absl::Milliseconds(1)));
  const Deadline deadline(kStorePatience);
  absl::Status logged = Execute("PRAGMA journal_mode = WAL");
  // SQLite does not wait for this lock where several open a new file at once.
  while (absl::IsUnavailable(logged) &&
         deadline.Left() > absl::ZeroDuration()) {
    absl::SleepFor(absl::Milliseconds(5));
    logged = Execute("PRAGMA journal_mode = WAL");
  }
  if (!logged.ok()) return logged;
  return Execute(kSettings);
}

bool SqliteDatabase::IsStillInPlace() const {
  const absl::StatusOr<FileIdentity> identity = ExamineStoreFile(path_);
  return identity.ok() && *identity == identity_;
}

absl::Status SqliteDatabase::Execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Failure(code);
}

absl::Status SqliteDatabase::Failure(int code) const {
  // SQLite does not note the reason where a COMMIT fails; but then it is still
  // what the last system call that failed has left.
  const int last_error = errno;
  const int noted = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
  const int system_error = noted != 0 ? noted : last_error;
  return SqliteFailure(path_, code, system_error);
}

}  // namespace signet
