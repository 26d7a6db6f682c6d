#ifndef SIGNET_STORE_POSTGRES_WRITER_H_
#define SIGNET_STORE_POSTGRES_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "store/postgres_connection.h"
#include "store/postgres_values.h"
#include "store/store.h"

namespace signet {

// PostgresWriter is the connection by which a PostgresStore writes. Used by one
// thread at a time. Its functions do what those of Store do.
//
// All writers, of all replicas, follow each other: each transaction begins by
// locking the one row of signet_mark. So commits come in the order of their
// revisions, and there are no deadlocks. Where a database sends a transaction
// away all the same, to be repeated, it is.
class PostgresWriter {
 public:
  static absl::StatusOr<std::unique_ptr<PostgresWriter>> Open(
      const std::string& connection_string);

  bool IsUsable() { return connection_->IsUsable(); }

  absl::StatusOr<int64_t> Commit(const StoreChange& change);
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to);
  absl::StatusOr<int64_t> DropExpired(absl::Time before, int64_t limit);

 private:
  enum class Notifications { kKnown, kUnknown };

  PostgresWriter(std::unique_ptr<PostgresConnection> connection,
                 Notifications notifications)
      : connection_(std::move(connection)), notifications_(notifications) {}

  absl::StatusOr<int64_t> TryToCommit(const StoreChange& change);
  // Runs statements that read one number.
  absl::StatusOr<int64_t> RunForNumber(
      absl::Span<const PostgresStatement> statements);

  const std::unique_ptr<PostgresConnection> connection_;
  const Notifications notifications_;
};

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_WRITER_H_
