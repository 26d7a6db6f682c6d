#include "store/postgres_schema.h"

#include <array>
#include <cstddef>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "store/postgres_transaction.h"

namespace signet {
namespace {

constexpr std::array<const char*, 9> kFirstStep = {
    "CREATE TABLE signet_mark ("
    " id INT8 PRIMARY KEY, revision INT8 NOT NULL, time INT8 NOT NULL)",
    "INSERT INTO signet_mark VALUES (1, 0, 0)",
    "CREATE TABLE signet_issuer ("
    " issuer BYTEA PRIMARY KEY, revision INT8 NOT NULL)",
    "CREATE INDEX signet_issuer_by_revision ON signet_issuer (revision)",
    "CREATE TABLE signet_key ("
    " issuer BYTEA NOT NULL, key_id BYTEA NOT NULL, algorithm TEXT NOT NULL,"
    " state TEXT NOT NULL, state_since INT8 NOT NULL, created INT8 NOT NULL,"
    " sealed_private_key BYTEA NOT NULL, PRIMARY KEY (issuer, key_id))",
    "CREATE TABLE signet_revocation ("
    " target TEXT NOT NULL, issuer BYTEA NOT NULL, value BYTEA NOT NULL,"
    " issued_before INT8 NOT NULL, expires INT8 NOT NULL,"
    " revision INT8 NOT NULL, PRIMARY KEY (issuer, target, value))",
    "CREATE INDEX signet_revocation_by_revision"
    " ON signet_revocation (revision)",
    "CREATE INDEX signet_revocation_by_expiry ON signet_revocation (expires)",
    "CREATE TABLE signet_jwk_set ("
    " issuer BYTEA PRIMARY KEY, url BYTEA NOT NULL, body BYTEA NOT NULL,"
    " etag BYTEA NOT NULL, last_modified BYTEA NOT NULL,"
    " fetched INT8 NOT NULL, revision INT8 NOT NULL)",
};

// When commits were made, in microseconds since 1970. A new one takes the slot
// of an old one, revision % kCommitsOnRecord, so that nothing is to be deleted.
constexpr std::array<const char*, 1> kSecondStep = {
    "CREATE TABLE signet_commit ("
    " slot INT8 PRIMARY KEY, revision INT8 NOT NULL,"
    " committed INT8 NOT NULL)"};

// The step at i leads from version i to i + 1.
constexpr std::array<absl::Span<const char* const>, 2> kSteps = {
    absl::Span<const char* const>(kFirstStep),
    absl::Span<const char* const>(kSecondStep)};
constexpr auto kVersion = static_cast<int64_t>(kSteps.size());

constexpr absl::string_view kUndefinedTable = "42P01";
// How it shows that somebody else makes the same table.
constexpr std::array<absl::string_view, 3> kSomebodyWasFaster = {
    "42P07", "42710", "23505"};

// Makes the table that says how far the others are; or finds it made.
absl::Status CreateVersion(PostgresConnection& connection) {
  absl::Status created = connection.Run(
      {{"CREATE TABLE IF NOT EXISTS signet_version ("
        " id INT8 PRIMARY KEY, version INT8 NOT NULL)"},
       {"INSERT INTO signet_version VALUES (1, 0) ON CONFLICT DO NOTHING"}});
  const bool is_there =
      absl::c_linear_search(kSomebodyWasFaster, connection.last_sqlstate());
  return is_there ? absl::OkStatus() : created;
}

absl::StatusOr<int64_t> RunForVersion(
    PostgresConnection& connection,
    absl::Span<const PostgresStatement> statements) {
  int64_t version = 0;
  const absl::Status read =
      connection.Run(statements, [&](size_t, const PostgresRow& row) {
        version = row.Int(0);
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return version;
}

absl::Status CheckVersion(int64_t version) {
  if (version <= kVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "PostgreSQL: the store is of a later version (schema ", version,
      ", and this Signet knows ", kVersion, "); run a later Signet"));
}

absl::Status TakeSteps(PostgresConnection& connection) {
  // The lock on the row keeps others out until it is done, and they then find
  // it done.
  const absl::StatusOr<int64_t> version = RunForVersion(
      connection,
      {{"BEGIN"}, {"SELECT version FROM signet_version FOR UPDATE"}});
  if (!version.ok()) return version.status();
  absl::Status known = CheckVersion(*version);
  if (!known.ok()) return known;
  std::vector<PostgresStatement> statements;
  for (auto i = static_cast<size_t>(*version); i < kSteps.size(); ++i) {
    for (const char* sql : kSteps[i]) statements.push_back({sql});
  }
  statements.push_back({"UPDATE signet_version SET version = $1",
                        {PostgresParameter::Number(kVersion)}});
  statements.push_back({"COMMIT"});
  return connection.Run(statements);
}

}  // namespace

absl::StatusOr<int64_t> ReadPostgresSchemaVersion(
    PostgresConnection& connection) {
  absl::StatusOr<int64_t> version =
      RunForVersion(connection, {{"SELECT version FROM signet_version"}});
  if (connection.last_sqlstate() == kUndefinedTable) return 0;
  return version;
}

absl::Status PreparePostgresSchema(PostgresConnection& connection) {
  const absl::StatusOr<int64_t> version = ReadPostgresSchemaVersion(connection);
  if (!version.ok()) return version.status();
  if (*version == kVersion) return absl::OkStatus();
  absl::Status created =
      RepeatConflicts(connection, [&] { return CreateVersion(connection); });
  if (!created.ok()) return created;
  return RepeatConflicts(connection, [&] { return TakeSteps(connection); });
}

}  // namespace signet
