#include "store/postgres_writer.h"

#include <cstddef>

#include "absl/memory/memory.h"
#include "store/change_check.h"
#include "store/postgres_change.h"
#include "store/postgres_schema.h"
#include "store/postgres_transaction.h"
#include "store/stored_values.h"

namespace signet {
namespace {

// A commit that has returned is durable, whatever the server's default is. A
// statement that waits for a lock ends before kStorePatience does, and a
// transaction whose client has stopped does not hold others up for longer.
const std::vector<PostgresStatement>& Settings() {
  static const std::vector<PostgresStatement>& settings =
      *new std::vector<PostgresStatement>{
          {"SELECT set_config('synchronous_commit', 'on', false) "
           "WHERE current_setting('synchronous_commit') = 'off'"},
          {"SET statement_timeout = 4500"},
          {"SET idle_in_transaction_session_timeout = 4500"}};
  return settings;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresWriter>> PostgresWriter::Open(
    const std::string& connection_string) {
  absl::StatusOr<std::unique_ptr<PostgresConnection>> connection =
      PostgresConnection::Connect(connection_string);
  if (!connection.ok()) return connection.status();
  const absl::Status set = (*connection)->Run(Settings());
  if (!set.ok()) return set;
  const absl::Status prepared = PreparePostgresSchema(**connection);
  if (!prepared.ok()) return prepared;
  // Not every database knows the word, and it would undo the transaction.
  const absl::Status notified = (*connection)->Run({{"NOTIFY signet_change"}});
  return absl::WrapUnique(new PostgresWriter(
      *std::move(connection),
      notified.ok() ? Notifications::kKnown : Notifications::kUnknown));
}

absl::StatusOr<int64_t> PostgresWriter::RunForNumber(
    absl::Span<const PostgresStatement> statements) {
  int64_t number = 0;
  const absl::Status run =
      connection_->Run(statements, [&](size_t, const PostgresRow& row) {
        number = row.Int(0);
        return absl::OkStatus();
      });
  if (!run.ok()) return run;
  return number;
}

absl::StatusOr<int64_t> PostgresWriter::Commit(const StoreChange& change) {
  return RepeatConflicts(*connection_, [&] { return TryToCommit(change); });
}

absl::StatusOr<int64_t> PostgresWriter::TryToCommit(const StoreChange& change) {
  int64_t revision = 0;
  int64_t time = 0;
  std::vector<int64_t> seen(change.issuer_keys.size(), 0);
  std::vector<PostgresStatement> statements = {
      {"BEGIN"},
      {"UPDATE signet_mark SET revision = revision + 1 "
       "RETURNING revision, time"}};
  if (!seen.empty()) statements.push_back(ReadSeenRevisions(change));
  const absl::Status begun = connection_->Run(
      statements, [&](size_t statement, const PostgresRow& row) {
        if (statement == 1) {
          revision = row.Int(0);
          time = row.Int(1);
        } else {
          seen[static_cast<size_t>(row.Int(0))] = row.Int(1);
        }
        return absl::OkStatus();
      });
  if (!begun.ok()) return begun;
  if (change.seen_time && time != StoredDuration(*change.seen_time)) {
    return TimeHasChanged();
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] != change.issuer_keys[i].seen_revision) {
      return KeysHaveChanged();
    }
  }
  statements = WriteChange(change, revision);
  if (notifications_ == Notifications::kKnown) {
    statements.push_back({"NOTIFY signet_change"});
  }
  statements.push_back({"COMMIT"});
  const absl::Status committed = connection_->Run(statements);
  if (!committed.ok()) return committed;
  return revision;
}

absl::StatusOr<absl::Duration> PostgresWriter::AdvanceTime(absl::Duration from,
                                                           absl::Duration to) {
  const absl::StatusOr<int64_t> time = RepeatConflicts(*connection_, [&] {
    return RunForNumber({{"BEGIN"},
                         {"UPDATE signet_mark SET time = $1 WHERE time = $2",
                          {PostgresParameter::Number(StoredDuration(to)),
                           PostgresParameter::Number(StoredDuration(from))}},
                         {"SELECT time FROM signet_mark"},
                         {"COMMIT"}});
  });
  if (!time.ok()) return time.status();
  return DurationFromStored(*time);
}

absl::StatusOr<int64_t> PostgresWriter::DropExpired(absl::Time before,
                                                    int64_t limit) {
  return RepeatConflicts(*connection_, [&] {
    return RunForNumber(
        {{"BEGIN"},
         {"SELECT revision FROM signet_mark FOR UPDATE"},
         {"WITH dropped AS (DELETE FROM signet_revocation"
          " WHERE (issuer, target, value) IN"
          " (SELECT issuer, target, value FROM signet_revocation"
          " WHERE expires < $1 LIMIT $2) RETURNING 1) "
          "SELECT count(*) FROM dropped",
          {PostgresParameter::Number(StoredTime(before)),
           PostgresParameter::Number(limit)}},
         {"COMMIT"}});
  });
}

}  // namespace signet
