#include "store/sqlite_writer.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/time/clock.h"
#include "jose/algorithm.h"
#include "store/change_check.h"
#include "store/sqlite_schema.h"
#include "store/stored_values.h"

namespace signet {

absl::StatusOr<std::unique_ptr<SqliteWriter>> SqliteWriter::Open(
    const std::string& path) {
  absl::StatusOr<std::unique_ptr<SqliteDatabase>> database =
      OpenSqliteWithSchema(path);
  if (!database.ok()) return database.status();
  return absl::WrapUnique(new SqliteWriter(*std::move(database)));
}

template <typename... Values>
absl::StatusOr<int64_t> SqliteWriter::ReadInt(SqliteStatement& statement,
                                              int64_t otherwise,
                                              const Values&... values) {
  const absl::Status started = statement.Start(values...);
  if (!started.ok()) return started;
  int64_t number = otherwise;
  while (true) {
    const absl::StatusOr<bool> row = statement.Next();
    if (!row.ok()) return row.status();
    if (!*row) return number;
    number = statement.Int(0);
  }
}

absl::StatusOr<int64_t> SqliteWriter::Commit(const StoreChange& change) {
  SqliteTransaction transaction(*database_);
  const absl::Status begun = transaction.BeginWriting();
  if (!begun.ok()) return begun;
  absl::StatusOr<int64_t> revision = ReadInt(next_revision_, 0);
  if (!revision.ok()) return revision;
  if (*revision == 0) return database_->Failure(SQLITE_CORRUPT);
  if (change.seen_time) {
    absl::StatusOr<int64_t> time = ReadInt(time_, 0);
    if (!time.ok()) return time;
    if (*time != StoredDuration(*change.seen_time)) return TimeHasChanged();
  }
  const absl::Status applied = Apply(change, *revision);
  if (!applied.ok()) return applied;
  const absl::Status committed = transaction.Commit();
  if (!committed.ok()) return committed;
  return revision;
}

absl::Status SqliteWriter::Apply(const StoreChange& change, int64_t revision) {
  for (const StoreChange::IssuerKeys& set : change.issuer_keys) {
    absl::Status put = PutKeys(set, revision);
    if (!put.ok()) return put;
  }
  for (const RevocationRecord& record : change.revocations) {
    absl::Status put = PutRevocation(record, revision);
    if (!put.ok()) return put;
  }
  for (const JwkSetRecord& record : change.jwk_sets) {
    absl::Status put = PutJwkSet(record, revision);
    if (!put.ok()) return put;
  }
  return PutCommit(revision);
}

absl::Status SqliteWriter::PutKeys(const StoreChange::IssuerKeys& set,
                                   int64_t revision) {
  const absl::StatusOr<int64_t> seen = ReadInt(seen_revision_, 0, set.issuer);
  if (!seen.ok()) return seen.status();
  if (*seen != set.seen_revision) return KeysHaveChanged();
  absl::Status noted = put_issuer_.Run(set.issuer, revision);
  if (!noted.ok()) return noted;
  absl::Status deleted = delete_keys_.Run(set.issuer);
  if (!deleted.ok()) return deleted;
  for (const KeyRecord& key : set.keys) {
    absl::Status put =
        put_key_.Run(set.issuer, key.key_id, AlgorithmName(key.algorithm),
                     KeyStateName(key.state), StoredDuration(key.state_since),
                     StoredTime(key.created), key.sealed_private_key);
    if (!put.ok()) return put;
  }
  return absl::OkStatus();
}

absl::Status SqliteWriter::PutRevocation(const RevocationRecord& record,
                                         int64_t revision) {
  return put_revocation_.Run(RevocationTargetName(record.target), record.issuer,
                             record.value, StoredTime(record.issued_before),
                             StoredTime(record.expires), revision);
}

absl::Status SqliteWriter::PutJwkSet(const JwkSetRecord& record,
                                     int64_t revision) {
  return put_jwk_set_.Run(record.issuer, record.url, record.body, record.etag,
                          record.last_modified, StoredTime(record.fetched),
                          revision);
}

absl::Status SqliteWriter::PutCommit(int64_t revision) {
  return put_commit_.Run(revision % kCommitsOnRecord, revision,
                         StoredTime(absl::Now()));
}

absl::StatusOr<absl::Duration> SqliteWriter::AdvanceTime(absl::Duration from,
                                                         absl::Duration to) {
  SqliteTransaction transaction(*database_);
  const absl::Status begun = transaction.BeginWriting();
  if (!begun.ok()) return begun;
  const absl::Status advanced =
      advance_time_.Run(StoredDuration(to), StoredDuration(from));
  if (!advanced.ok()) return advanced;
  const absl::StatusOr<int64_t> time = ReadInt(time_, 0);
  if (!time.ok()) return time.status();
  const absl::Status committed = transaction.Commit();
  if (!committed.ok()) return committed;
  return DurationFromStored(*time);
}

absl::StatusOr<int64_t> SqliteWriter::DropExpired(absl::Time before,
                                                  int64_t limit) {
  const absl::Status dropped = drop_expired_.Run(StoredTime(before), limit);
  if (!dropped.ok()) return dropped;
  return sqlite3_changes64(database_->handle());
}

}  // namespace signet
