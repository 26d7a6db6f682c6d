#include "store/sqlite_schema.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "store/sqlite_statement.h"

namespace signet {
namespace {

constexpr char kFirstStep[] = R"sql(
CREATE TABLE signet_version (version INTEGER NOT NULL) STRICT;
INSERT INTO signet_version VALUES (0);

CREATE TABLE signet_mark (
  revision INTEGER NOT NULL,
  time INTEGER NOT NULL
) STRICT;
INSERT INTO signet_mark VALUES (0, 0);

CREATE TABLE signet_issuer (
  issuer BLOB PRIMARY KEY,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX signet_issuer_by_revision ON signet_issuer (revision);

CREATE TABLE signet_key (
  issuer BLOB NOT NULL,
  key_id BLOB NOT NULL,
  algorithm TEXT NOT NULL,
  state TEXT NOT NULL,
  state_since INTEGER NOT NULL,
  created INTEGER NOT NULL,
  sealed_private_key BLOB NOT NULL,
  PRIMARY KEY (issuer, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE signet_revocation (
  target TEXT NOT NULL,
  issuer BLOB NOT NULL,
  value BLOB NOT NULL,
  issued_before INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  UNIQUE (issuer, target, value)
) STRICT;
CREATE INDEX signet_revocation_by_revision ON signet_revocation (revision);
CREATE INDEX signet_revocation_by_expiry ON signet_revocation (expires);

CREATE TABLE signet_jwk_set (
  issuer BLOB PRIMARY KEY,
  url BLOB NOT NULL,
  body BLOB NOT NULL,
  etag BLOB NOT NULL,
  last_modified BLOB NOT NULL,
  fetched INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// When commits were made, in microseconds since 1970. A new one takes the slot
// of an old one, revision % kCommitsOnRecord, so that nothing is to be deleted.
constexpr char kSecondStep[] = R"sql(
CREATE TABLE signet_commit (
  slot INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL,
  committed INTEGER NOT NULL
) STRICT;
)sql";

// The step at i leads from version i to i + 1.
constexpr std::array<const char*, 2> kSteps = {kFirstStep, kSecondStep};

absl::Status CheckVersion(const SqliteDatabase& database, int64_t version) {
  if (version <= static_cast<int64_t>(kSteps.size())) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      database.path(), ": is of a later version (schema ", version,
      ", and this Signet knows ", kSteps.size(), "); run a later Signet"));
}

absl::StatusOr<int64_t> ReadNumber(SqliteDatabase& database, const char* sql) {
  SqliteStatement statement(database, sql);
  const absl::Status started = statement.Start();
  if (!started.ok()) return started;
  const absl::StatusOr<bool> row = statement.Next();
  if (!row.ok()) return row.status();
  if (!*row) return database.Failure(SQLITE_CORRUPT);
  return statement.Int(0);
}

absl::Status TakeSteps(SqliteDatabase& database) {
  SqliteTransaction transaction(database);
  absl::Status begun = transaction.BeginWriting();
  if (!begun.ok()) return begun;
  // Somebody else may have been faster.
  const absl::StatusOr<int64_t> version = ReadSqliteSchemaVersion(database);
  if (!version.ok()) return version.status();
  absl::Status known = CheckVersion(database, *version);
  if (!known.ok()) return known;
  for (auto i = static_cast<size_t>(*version); i < kSteps.size(); ++i) {
    absl::Status taken = database.Execute(kSteps[i]);
    if (!taken.ok()) return taken;
  }
  SqliteStatement note(database, "UPDATE signet_version SET version = $1");
  absl::Status noted = note.Run(int64_t{kSteps.size()});
  if (!noted.ok()) return noted;
  return transaction.Commit();
}

}  // namespace

absl::StatusOr<int64_t> ReadSqliteSchemaVersion(SqliteDatabase& database) {
  absl::StatusOr<int64_t> ours = ReadNumber(
      database,
      "SELECT count(*) FROM sqlite_schema WHERE name = 'signet_version'");
  if (!ours.ok()) return ours;
  if (*ours != 0) {
    return ReadNumber(database, "SELECT version FROM signet_version");
  }
  absl::StatusOr<int64_t> tables =
      ReadNumber(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables.ok() || *tables == 0) return tables;
  return absl::FailedPreconditionError(
      absl::StrCat(database.path(),
                   ": is a database of another program; name another file"));
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> OpenSqliteWithSchema(
    const std::string& path) {
  absl::StatusOr<std::unique_ptr<SqliteDatabase>> database =
      SqliteDatabase::Open(path);
  if (!database.ok()) return database.status();
  const absl::StatusOr<int64_t> version = ReadSqliteSchemaVersion(**database);
  if (!version.ok()) return version.status();
  if (*version != static_cast<int64_t>(kSteps.size())) {
    const absl::Status taken = TakeSteps(**database);
    if (!taken.ok()) return taken;
  }
  return database;
}

}  // namespace signet
