#ifndef SIGNET_STORE_SQLITE_STATEMENT_H_
#define SIGNET_STORE_SQLITE_STATEMENT_H_

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/sqlite_database.h"

namespace signet {

// SqliteStatement is a statement that is prepared when it is first needed, and
// then kept. Also the row that it stands on.
class SqliteStatement {
 public:
  // `database` and `sql` must outlive it.
  SqliteStatement(SqliteDatabase& database, const char* sql)
      : database_(database), sql_(sql) {}

  // Stands for something in SQLite, of which there is one.
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() { sqlite3_finalize(statement_); }

  // Start has the statement begin, with `values` for its parameters, in the
  // order in which they first appear. Bytes must live until it has ended.
  template <typename... Values>
  absl::Status Start(const Values&... values) {
    absl::Status ready = Prepare();
    if (!ready.ok()) return ready;
    int parameter = 0;
    (Bind(++parameter, values), ...);
    return absl::OkStatus();
  }

  // Next goes to the next row, the first after Start. Without one, it is false,
  // and the statement has ended.
  absl::StatusOr<bool> Next();

  // Run is Start, and Next until the statement has ended.
  template <typename... Values>
  absl::Status Run(const Values&... values) {
    absl::Status started = Start(values...);
    return started.ok() ? Finish() : started;
  }

  // Int, Bytes and IsNull read a column, counted from 0, of the row. What
  // Bytes returns lives until Next.
  int64_t Int(int column) const {
    return sqlite3_column_int64(statement_, column);
  }
  absl::string_view Bytes(int column) const {
    // Null for no bytes.
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return "";
    return {static_cast<const char*>(bytes),
            static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }
  bool IsNull(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  absl::Status Prepare();
  absl::Status Finish();
  // A string is stored as bytes, and a string_view as text: names of ours.
  void Bind(int parameter, int64_t value);
  void Bind(int parameter, const std::string& bytes);
  void Bind(int parameter, absl::string_view text);

  SqliteDatabase& database_;
  const char* const sql_;
  sqlite3_stmt* statement_ = nullptr;
};

// SqliteTransaction undoes what was done since it began, unless it was
// committed.
class SqliteTransaction {
 public:
  // `database` must outlive it.
  explicit SqliteTransaction(SqliteDatabase& database) : database_(database) {}

  // Is the only one of its database.
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  ~SqliteTransaction();

  // BeginWriting waits for other writers.
  absl::Status BeginWriting() { return database_.Execute("BEGIN IMMEDIATE"); }
  // BeginReading has all reads see what the first one sees.
  absl::Status BeginReading() { return database_.Execute("BEGIN"); }
  absl::Status Commit() { return database_.Execute("COMMIT"); }

 private:
  SqliteDatabase& database_;
};

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_STATEMENT_H_
