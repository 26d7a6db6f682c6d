#ifndef SIGNET_STORE_SQLITE_WRITER_H_
#define SIGNET_STORE_SQLITE_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/sqlite_database.h"
#include "store/sqlite_statement.h"
#include "store/store.h"

namespace signet {

// SqliteWriter is the connection by which a SqliteStore writes. Used by one
// thread at a time. Its functions do what those of Store do.
class SqliteWriter {
 public:
  static absl::StatusOr<std::unique_ptr<SqliteWriter>> Open(
      const std::string& path);

  bool IsUsable() const { return database_->IsStillInPlace(); }

  absl::StatusOr<int64_t> Commit(const StoreChange& change);
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to);
  absl::StatusOr<int64_t> DropExpired(absl::Time before, int64_t limit);

 private:
  explicit SqliteWriter(std::unique_ptr<SqliteDatabase> database)
      : database_(std::move(database)) {}

  absl::Status Apply(const StoreChange& change, int64_t revision);
  absl::Status PutKeys(const StoreChange::IssuerKeys& set, int64_t revision);
  absl::Status PutRevocation(const RevocationRecord& record, int64_t revision);
  absl::Status PutJwkSet(const JwkSetRecord& record, int64_t revision);
  // Notes when the commit is made.
  absl::Status PutCommit(int64_t revision);
  // ReadInt runs a statement that returns a number; `otherwise`, if it returns
  // no row.
  template <typename... Values>
  static absl::StatusOr<int64_t> ReadInt(SqliteStatement& statement,
                                         int64_t otherwise,
                                         const Values&... values);

  const std::unique_ptr<SqliteDatabase> database_;
  SqliteStatement next_revision_{
      *database_,
      "UPDATE signet_mark SET revision = revision + 1 RETURNING revision"};
  SqliteStatement seen_revision_{
      *database_, "SELECT revision FROM signet_issuer WHERE issuer = $1"};
  SqliteStatement put_issuer_{*database_,
                              "INSERT INTO signet_issuer VALUES ($1, $2) "
                              "ON CONFLICT DO UPDATE SET revision = $2"};
  SqliteStatement delete_keys_{*database_,
                               "DELETE FROM signet_key WHERE issuer = $1"};
  SqliteStatement put_key_{
      *database_, "INSERT INTO signet_key VALUES ($1, $2, $3, $4, $5, $6, $7)"};
  SqliteStatement put_revocation_{
      *database_,
      "INSERT INTO signet_revocation VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT DO UPDATE SET"
      " issued_before = max(issued_before, excluded.issued_before),"
      " expires = max(expires, excluded.expires),"
      " revision = excluded.revision"};
  SqliteStatement put_jwk_set_{*database_,
                               "INSERT OR REPLACE INTO signet_jwk_set "
                               "VALUES ($1, $2, $3, $4, $5, $6, $7)"};
  SqliteStatement put_commit_{
      *database_, "INSERT OR REPLACE INTO signet_commit VALUES ($1, $2, $3)"};
  SqliteStatement advance_time_{
      *database_, "UPDATE signet_mark SET time = $1 WHERE time = $2"};
  SqliteStatement time_{*database_, "SELECT time FROM signet_mark"};
  SqliteStatement drop_expired_{
      *database_,
      "DELETE FROM signet_revocation WHERE rowid IN "
      "(SELECT rowid FROM signet_revocation WHERE expires < $1 LIMIT $2)"};
};

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_WRITER_H_
