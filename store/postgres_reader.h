#ifndef SIGNET_STORE_POSTGRES_READER_H_
#define SIGNET_STORE_POSTGRES_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/deadline.h"
#include "store/postgres_connection.h"
#include "store/store.h"

namespace signet {

// PostgresReader is the connection by which a PostgresStore reads, and hears of
// changes. Used by one thread at a time.
class PostgresReader {
 public:
  static absl::StatusOr<std::unique_ptr<PostgresReader>> Open(
      const std::string& connection_string);

  bool IsUsable() { return connection_->IsUsable(); }

  // As those of Store do.
  absl::StatusOr<StoreMark> ReadSince(int64_t revision, StoreReader& reader);
  absl::StatusOr<std::string> Check();

  // AwaitChange returns once the revision is not `revision`, or the descriptor
  // `interrupt` is readable, or the deadline has come.
  absl::Status AwaitChange(int64_t revision, int interrupt,
                           const Deadline& deadline);

 private:
  PostgresReader(std::unique_ptr<PostgresConnection> connection,
                 absl::Duration poll_interval)
      : connection_(std::move(connection)), poll_interval_(poll_interval) {}
  absl::StatusOr<StoreMark> ReadMark();

  const std::unique_ptr<PostgresConnection> connection_;
  // How often to look for changes of which no notification may come.
  const absl::Duration poll_interval_;
};

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_READER_H_
