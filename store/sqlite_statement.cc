#include "store/sqlite_statement.h"

namespace signet {

absl::Status SqliteStatement::Prepare() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    return absl::OkStatus();
  }
  const int code =
      sqlite3_prepare_v3(database_.handle(), sql_, -1,
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : database_.Failure(code);
}

absl::StatusOr<bool> SqliteStatement::Next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  // Before reset, which forgets the reason.
  const absl::Status ended =
      code == SQLITE_DONE ? absl::OkStatus() : database_.Failure(code);
  sqlite3_reset(statement_);
  if (!ended.ok()) return ended;
  return false;
}

absl::Status SqliteStatement::Finish() {
  while (true) {
    const absl::StatusOr<bool> row = Next();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

void SqliteStatement::Bind(int parameter, int64_t value) {
  sqlite3_bind_int64(statement_, parameter, value);
}

void SqliteStatement::Bind(int parameter, const std::string& bytes) {
  sqlite3_bind_blob64(statement_, parameter, bytes.data(), bytes.size(),
                      SQLITE_STATIC);
}

void SqliteStatement::Bind(int parameter, absl::string_view text) {
  sqlite3_bind_text64(statement_, parameter, text.data(), text.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
}

SqliteTransaction::~SqliteTransaction() {
  // Some failures have ended it already.
  if (sqlite3_get_autocommit(database_.handle()) == 0) {
    database_.Execute("ROLLBACK").IgnoreError();
  }
}

}  // namespace signet
