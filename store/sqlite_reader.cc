#include "store/sqlite_reader.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "store/sqlite_schema.h"
#include "store/stored_values.h"

namespace signet {
namespace {

// Calls tell(row) for each row of what changed after `revision`.
template <typename Tell>
absl::Status ForEachRow(SqliteStatement& statement, int64_t revision,
                        const Tell& tell) {
  absl::Status started = statement.Start(revision);
  if (!started.ok()) return started;
  while (true) {
    const absl::StatusOr<bool> row = statement.Next();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    absl::Status told = tell(std::as_const(statement));
    if (!told.ok()) return told;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteReader>> SqliteReader::Open(
    const std::string& path) {
  absl::StatusOr<std::unique_ptr<SqliteDatabase>> database =
      OpenSqliteWithSchema(path);
  if (!database.ok()) return database.status();
  return absl::WrapUnique(new SqliteReader(*std::move(database)));
}

absl::StatusOr<StoreMark> SqliteReader::ReadMark() {
  StoreMark mark;
  bool found = false;
  const absl::Status started = mark_.Start();
  if (!started.ok()) return started;
  while (true) {
    const absl::StatusOr<bool> row = mark_.Next();
    if (!row.ok()) return row.status();
    if (!*row) break;
    mark = {.revision = mark_.Int(0), .time = DurationFromStored(mark_.Int(1))};
    found = true;
  }
  if (!found) return database_->Failure(SQLITE_CORRUPT);
  return mark;
}

absl::StatusOr<std::optional<absl::Duration>> SqliteReader::ReadNewsAge(
    int64_t revision) {
  std::optional<absl::Duration> age;
  const absl::Status started =
      first_commit_.Start((revision + 1) % kCommitsOnRecord, revision);
  if (!started.ok()) return started;
  while (true) {
    const absl::StatusOr<bool> row = first_commit_.Next();
    if (!row.ok()) return row.status();
    if (!*row) return age;
    age = absl::Now() - TimeFromStored(first_commit_.Int(0));
  }
}

absl::StatusOr<StoreMark> SqliteReader::ReadSince(int64_t revision,
                                                  StoreReader& reader) {
  SqliteTransaction transaction(*database_);
  const absl::Status begun = transaction.BeginReading();
  if (!begun.ok()) return begun;
  absl::StatusOr<StoreMark> mark = ReadMark();
  if (!mark.ok()) return mark;
  if (revision != 0) {
    const auto age = ReadNewsAge(revision);
    if (!age.ok()) return age.status();
    mark->news_age = *age;
  }
  RowTeller teller(reader);
  const absl::Status keys = ForEachRow(
      keys_, revision, [&](const auto& row) { return teller.TellKey(row); });
  if (!keys.ok()) return keys;
  teller.TellLastIssuer();
  const absl::Status revocations =
      ForEachRow(revision == 0 ? all_revocations_ : revocations_, revision,
                 [&](const auto& row) { return teller.TellRevocation(row); });
  if (!revocations.ok()) return revocations;
  const absl::Status jwk_sets =
      ForEachRow(jwk_sets_, revision,
                 [&](const auto& row) { return teller.TellJwkSet(row); });
  if (!jwk_sets.ok()) return jwk_sets;
  const absl::Status ended = transaction.Commit();
  if (!ended.ok()) return ended;
  return mark;
}

absl::Status SqliteReader::CheckPages() {
  SqliteStatement check(*database_, "PRAGMA integrity_check(1)");
  absl::Status started = check.Start();
  if (!started.ok()) return started;
  const absl::StatusOr<bool> row = check.Next();
  if (!row.ok()) return row.status();
  return *row && check.Bytes(0) == "ok" ? absl::OkStatus()
                                        : database_->Failure(SQLITE_CORRUPT);
}

absl::StatusOr<std::string> SqliteReader::Check() {
  const absl::Status sound = CheckPages();
  if (!sound.ok()) return sound;
  SqliteTransaction transaction(*database_);
  const absl::Status begun = transaction.BeginReading();
  if (!begun.ok()) return begun;
  const absl::StatusOr<int64_t> version = ReadSqliteSchemaVersion(*database_);
  if (!version.ok()) return version.status();
  const absl::StatusOr<StoreMark> mark = ReadMark();
  if (!mark.ok()) return mark.status();
  SqliteStatement counts(*database_, kCountAll);
  const absl::Status started = counts.Start();
  if (!started.ok()) return started;
  const absl::StatusOr<bool> row = counts.Next();
  if (!row.ok()) return row.status();
  return DescribeStore("SQLite", *version, *mark, std::as_const(counts));
}

}  // namespace signet
