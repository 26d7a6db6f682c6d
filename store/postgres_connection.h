#ifndef SIGNET_STORE_POSTGRES_CONNECTION_H_
#define SIGNET_STORE_POSTGRES_CONNECTION_H_

#include <postgresql/libpq-fe.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "store/deadline.h"
#include "store/postgres_values.h"

namespace signet {

// CheckConnectionString is InvalidArgument for what libpq does not understand,
// and for what looks like a URI whose password was not escaped. Quotes nothing
// of it.
absl::Status CheckConnectionString(const std::string& connection_string);

// PostgresConnection is a connection to a PostgreSQL server, in pipeline mode:
// statements go together, and so do answers. Used by one thread at a time.
//
// It gives up when nothing has come for kStorePatience; only looking a host up
// takes as long as the system's resolver does. After any failure but that of a
// statement (last_sqlstate), it is of no more use.
class PostgresConnection {
 public:
  // RowSink is told the number of the statement, and a row that lives for the
  // call.
  using RowSink =
      absl::FunctionRef<absl::Status(size_t statement, const PostgresRow& row)>;
  enum class Event { kNothing, kNotification, kInterrupt };

  static absl::StatusOr<std::unique_ptr<PostgresConnection>> Connect(
      const std::string& connection_string);

  // Stands for a connection, of which there is one.
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() { PQfinish(handle_); }

  // Run has the server execute the statements, in one round trip, and tells
  // `on_row` of each row. After one that fails, the others are not executed.
  absl::Status Run(absl::Span<const PostgresStatement> statements,
                   RowSink on_row);
  absl::Status Run(absl::Span<const PostgresStatement> statements);

  // last_sqlstate is that of the statement by which the last Run failed; empty,
  // if none did.
  absl::string_view last_sqlstate() const { return last_sqlstate_; }

  // IsUsable is false if the server is known to have gone.
  bool IsUsable();

  // AwaitEvent waits for a notification since ForgetNotifications, for the
  // descriptor `interrupt` to become readable, or until `at_most` has passed.
  absl::StatusOr<Event> AwaitEvent(int interrupt, absl::Duration at_most);
  void ForgetNotifications();

 private:
  explicit PostgresConnection(PGconn* handle) : handle_(handle) {}

  absl::Status FinishConnecting();
  absl::Status Send(const PostgresStatement& statement);
  absl::Status Flush();
  absl::Status Receive(RowSink on_row);
  // Tells of the rows of one result, or fails as it says.
  absl::Status Take(const PGresult* result, size_t statement, RowSink on_row);
  absl::Status AwaitResult();
  // Waits for `events` of the socket, as poll(2) has them.
  absl::Status AwaitSocket(int events, const Deadline& deadline) const;

  PGconn* const handle_;
  std::string last_sqlstate_;
};

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_CONNECTION_H_
