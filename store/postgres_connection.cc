#include "store/postgres_connection.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "store/postgres_failure.h"
#include "store/store.h"

namespace signet {
namespace {

// Half of kStorePatience, in milliseconds: when one of several hosts does not
// answer, there is time for another.
constexpr char kHostPatience[] = "2500";

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

int ToPollTimeout(absl::Duration left) {
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1))));
}

// Polls until something happens, or the deadline; returns whether it did.
bool Poll(absl::Span<pollfd> descriptors, const Deadline& deadline) {
  while (true) {
    const int ready = poll(descriptors.data(), descriptors.size(),
                           ToPollTimeout(deadline.Left()));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

absl::Status RunNoRow(size_t, const PostgresRow&) { return absl::OkStatus(); }

}  // namespace

absl::Status CheckConnectionString(const std::string& connection_string) {
  char* message = nullptr;
  PQconninfoOption* options =
      PQconninfoParse(connection_string.c_str(), &message);
  const absl::Cleanup cleanup = [options, message] {
    PQconninfoFree(options);
    PQfreemem(message);
  };
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "PostgreSQL: this is no connection string; write "
        "\"postgres:host=... dbname=...\" or \"postgresql://...\"");
  }
  for (const PQconninfoOption* it = options; it->keyword != nullptr; ++it) {
    if (it->val != nullptr && absl::string_view(it->keyword) == "host" &&
        absl::StrContains(it->val, '@')) {
      return absl::InvalidArgumentError(
          "PostgreSQL: the host has an \"@\"; write %40 for one in a password");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresConnection::Connect(
    const std::string& connection_string) {
  // What comes later holds: the connection string may say otherwise.
  const std::array<const char*, 4> keywords = {
      "fallback_application_name", "tcp_user_timeout", "dbname", nullptr};
  const std::array<const char*, 4> values = {
      "signet", kHostPatience, connection_string.c_str(), nullptr};
  std::unique_ptr<PostgresConnection> connection =
      absl::WrapUnique(new PostgresConnection(PQconnectStartParams(
          keywords.data(), values.data(), /*expand_dbname=*/1)));
  const absl::Status connected = connection->FinishConnecting();
  if (!connected.ok()) return connected;
  return connection;
}

absl::Status PostgresConnection::FinishConnecting() {
  PQsetErrorVerbosity(handle_, PQERRORS_VERBOSE);
  PQsetNoticeProcessor(
      handle_, [](void*, const char*) {}, nullptr);
  const auto failure = [this] {
    const char* password = PQpass(handle_);
    return ConnectionFailure(PQerrorMessage(handle_),
                             password == nullptr ? "" : password);
  };
  if (PQstatus(handle_) == CONNECTION_BAD) return failure();
  const Deadline deadline(kStorePatience);
  PostgresPollingStatusType polling = PGRES_POLLING_WRITING;
  while (polling != PGRES_POLLING_OK) {
    absl::Status ready = AwaitSocket(
        polling == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
    if (!ready.ok()) return ready;
    polling = PQconnectPoll(handle_);
    if (polling == PGRES_POLLING_FAILED) return failure();
  }
  const bool pipelines =
      PQsetnonblocking(handle_, 1) == 0 && PQenterPipelineMode(handle_) == 1;
  return pipelines ? absl::OkStatus() : ConnectionLost();
}

absl::Status PostgresConnection::AwaitSocket(int events,
                                             const Deadline& deadline) const {
  pollfd socket = {.fd = PQsocket(handle_),
                   .events = static_cast<decltype(pollfd::events)>(events),
                   .revents = 0};
  return Poll(absl::MakeSpan(&socket, 1), deadline) ? absl::OkStatus()
                                                    : ConnectionLost();
}

absl::Status PostgresConnection::Run(
    absl::Span<const PostgresStatement> statements) {
  return Run(statements, RunNoRow);
}

absl::Status PostgresConnection::Run(
    absl::Span<const PostgresStatement> statements, RowSink on_row) {
  last_sqlstate_.clear();
  for (const PostgresStatement& statement : statements) {
    absl::Status sent = Send(statement);
    if (!sent.ok()) return sent;
  }
  if (PQpipelineSync(handle_) != 1) return ConnectionLost();
  absl::Status flushed = Flush();
  if (!flushed.ok()) return flushed;
  return Receive(on_row);
}

absl::Status PostgresConnection::Send(const PostgresStatement& statement) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const PostgresParameter& parameter : statement.parameters) {
    values.push_back(parameter.value.c_str());
    lengths.push_back(static_cast<int>(parameter.value.size()));
    formats.push_back(static_cast<int>(parameter.format));
  }
  const int sent = PQsendQueryParams(
      handle_, statement.sql, static_cast<int>(values.size()),
      /*paramTypes=*/nullptr, values.data(), lengths.data(), formats.data(),
      static_cast<int>(PostgresParameter::Format::kBinary));
  return sent == 1 ? absl::OkStatus() : ConnectionLost();
}

absl::Status PostgresConnection::Flush() {
  while (true) {
    const int left = PQflush(handle_);
    if (left == 0) return absl::OkStatus();
    if (left < 0) return ConnectionLost();
    // The server may want to be rid of answers before it reads on.
    absl::Status ready =
        AwaitSocket(POLLIN | POLLOUT, Deadline(kStorePatience));
    if (!ready.ok()) return ready;
    if (PQconsumeInput(handle_) != 1) return ConnectionLost();
  }
}

absl::Status PostgresConnection::AwaitResult() {
  while (PQisBusy(handle_) == 1) {
    absl::Status ready = AwaitSocket(POLLIN, Deadline(kStorePatience));
    if (!ready.ok()) return ready;
    if (PQconsumeInput(handle_) != 1) return ConnectionLost();
  }
  return absl::OkStatus();
}

absl::Status PostgresConnection::Receive(RowSink on_row) {
  absl::Status failure;
  size_t statement = 0;
  while (true) {
    // Or else libpq would keep all rows of a statement in memory.
    PQsetSingleRowMode(handle_);
    absl::Status arrived = AwaitResult();
    if (!arrived.ok()) return arrived;
    const Result result(PQgetResult(handle_), PQclear);
    if (result == nullptr) {
      if (PQstatus(handle_) == CONNECTION_BAD) return ConnectionLost();
      ++statement;
      continue;
    }
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return failure;
    failure.Update(Take(result.get(), statement, on_row));
  }
}

absl::Status PostgresConnection::Take(const PGresult* result, size_t statement,
                                      RowSink on_row) {
  switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    // Is left out, because one before it has failed.
    case PGRES_PIPELINE_ABORTED:
      break;
    default: {
      const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      last_sqlstate_ = sqlstate == nullptr ? "" : sqlstate;
      return PostgresFailure(last_sqlstate_);
    }
  }
  for (int row = 0; row < PQntuples(result); ++row) {
    absl::Status told = on_row(statement, PostgresRow(result, row));
    if (!told.ok()) return told;
  }
  return absl::OkStatus();
}

bool PostgresConnection::IsUsable() {
  // The end of the connection may stand behind a last word of the server's.
  while (PQconsumeInput(handle_) == 1) {
    pollfd socket = {.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
    if (!Poll(absl::MakeSpan(&socket, 1), Deadline(absl::ZeroDuration()))) {
      return PQstatus(handle_) == CONNECTION_OK;
    }
  }
  return false;
}

void PostgresConnection::ForgetNotifications() {
  while (PGnotify* notification = PQnotifies(handle_)) PQfreemem(notification);
}

absl::StatusOr<PostgresConnection::Event> PostgresConnection::AwaitEvent(
    int interrupt, absl::Duration at_most) {
  const Deadline deadline(at_most);
  while (true) {
    PGnotify* const notification = PQnotifies(handle_);
    if (notification != nullptr) {
      PQfreemem(notification);
      return Event::kNotification;
    }
    std::array<pollfd, 2> descriptors = {
        {{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0},
         {.fd = interrupt, .events = POLLIN, .revents = 0}}};
    if (!Poll(absl::MakeSpan(descriptors), deadline)) return Event::kNothing;
    if (descriptors[1].revents != 0) return Event::kInterrupt;
    if (!IsUsable()) return ConnectionLost();
  }
}

}  // namespace signet
