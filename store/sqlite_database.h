#ifndef SIGNET_STORE_SQLITE_DATABASE_H_
#define SIGNET_STORE_SQLITE_DATABASE_H_

#include <sqlite3.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite_file.h"

namespace signet {

// SqliteDatabase is a connection to a SQLite file, which commits durably and
// waits for locks as long as kStorePatience. Used by one thread at a time.
class SqliteDatabase {
 public:
  // Open opens a file that is there, and which may be written.
  static absl::StatusOr<std::unique_ptr<SqliteDatabase>> Open(
      const std::string& path);

  // Statements hold its address.
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  // The destructor undoes what has not been committed. All statements must be
  // gone.
  ~SqliteDatabase();

  // IsStillInPlace is false once the file was removed, or another put in its
  // place: what is committed here would be lost.
  bool IsStillInPlace() const;

  // Execute runs statements that are constants, and return nothing of interest.
  absl::Status Execute(const char* sql);

  // Failure is the status for a result `code` of SQLite on this connection.
  absl::Status Failure(int code) const;

  sqlite3* handle() { return handle_; }
  const std::string& path() const { return path_; }

 private:
  SqliteDatabase(std::string path, FileIdentity identity)
      : path_(std::move(path)), identity_(identity) {}
  absl::Status Configure();

  const std::string path_;
  const FileIdentity identity_;
  sqlite3* handle_ = nullptr;
};

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_DATABASE_H_
