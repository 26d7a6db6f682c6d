#include "store/postgres_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/memory/memory.h"
#include "store/postgres_schema.h"
#include "store/read_rows.h"
#include "store/stored_values.h"

namespace signet {
namespace {

// Where changes are notified of, one can be missed only if the notification is
// lost on the way, in a connection pool for example.
constexpr absl::Duration kPollIntervalWithNotifications = absl::Seconds(1);
constexpr absl::Duration kPollInterval = absl::Milliseconds(50);

constexpr char kBeginReading[] =
    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

constexpr char kReadNewsAge[] =
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::INT8"
    " - committed FROM signet_commit WHERE slot = $2 AND revision > $1";

StoreMark ToMark(const PostgresRow& row) {
  return {.revision = row.Int(0), .time = DurationFromStored(row.Int(1))};
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresReader>> PostgresReader::Open(
    const std::string& connection_string) {
  absl::StatusOr<std::unique_ptr<PostgresConnection>> connection =
      PostgresConnection::Connect(connection_string);
  if (!connection.ok()) return connection.status();
  const absl::Status prepared = PreparePostgresSchema(**connection);
  if (!prepared.ok()) return prepared;
  const absl::Status listening = (*connection)->Run({{"LISTEN signet_change"}});
  // Not every database knows the word.
  const absl::Duration poll_interval =
      listening.ok() ? kPollIntervalWithNotifications : kPollInterval;
  return absl::WrapUnique(
      new PostgresReader(*std::move(connection), poll_interval));
}

absl::StatusOr<StoreMark> PostgresReader::ReadMark() {
  StoreMark mark;
  const absl::Status read =
      connection_->Run({{kReadMark}}, [&](size_t, const PostgresRow& row) {
        mark = ToMark(row);
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return mark;
}

absl::StatusOr<StoreMark> PostgresReader::ReadSince(int64_t revision,
                                                    StoreReader& reader) {
  const PostgresParameter since = PostgresParameter::Number(revision);
  const std::array<PostgresStatement, 7> statements = {
      {{kBeginReading},
       {kReadMark},
       {kReadNewsAge,
        {since, PostgresParameter::Number((revision + 1) % kCommitsOnRecord)}},
       {kReadKeys, {since}},
       {revision == 0 ? kReadAllRevocations : kReadRevocations, {since}},
       {kReadJwkSets, {since}},
       {"COMMIT"}}};
  StoreMark mark;
  RowTeller teller(reader);
  const auto tell = [&](size_t statement, const PostgresRow& row) {
    switch (statement) {
      case 1:
        mark = ToMark(row);
        return absl::OkStatus();
      case 2:
        if (revision != 0) mark.news_age = DurationFromStored(row.Int(0));
        return absl::OkStatus();
      case 3:
        return teller.TellKey(row);
      case 4:
        return teller.TellRevocation(row);
      default:
        return teller.TellJwkSet(row);
    }
  };
  const absl::Status read = connection_->Run(statements, tell);
  if (!read.ok()) return read;
  teller.TellLastIssuer();
  return mark;
}

absl::Status PostgresReader::AwaitChange(int64_t revision, int interrupt,
                                         const Deadline& deadline) {
  while (true) {
    connection_->ForgetNotifications();
    const absl::StatusOr<StoreMark> mark = ReadMark();
    if (!mark.ok()) return mark.status();
    if (mark->revision != revision) return absl::OkStatus();
    const absl::Duration left = deadline.Left();
    if (left == absl::ZeroDuration()) return absl::OkStatus();
    const absl::StatusOr<PostgresConnection::Event> event =
        connection_->AwaitEvent(interrupt, std::min(left, poll_interval_));
    if (!event.ok()) return event.status();
    if (*event != PostgresConnection::Event::kNothing) return absl::OkStatus();
  }
}

absl::StatusOr<std::string> PostgresReader::Check() {
  const absl::StatusOr<int64_t> version =
      ReadPostgresSchemaVersion(*connection_);
  if (!version.ok()) return version.status();
  const absl::StatusOr<StoreMark> mark = ReadMark();
  if (!mark.ok()) return mark.status();
  std::string description;
  const absl::Status counted =
      connection_->Run({{kCountAll}}, [&](size_t, const PostgresRow& row) {
        description = DescribeStore("PostgreSQL", *version, *mark, row);
        return absl::OkStatus();
      });
  if (!counted.ok()) return counted;
  return description;
}

}  // namespace signet
