#ifndef SIGNET_STORE_SQLITE_READER_H_
#define SIGNET_STORE_SQLITE_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/read_rows.h"
#include "store/sqlite_database.h"
#include "store/sqlite_statement.h"
#include "store/store.h"

namespace signet {

// SqliteReader is the connection by which a SqliteStore reads. Used by one
// thread at a time.
class SqliteReader {
 public:
  static absl::StatusOr<std::unique_ptr<SqliteReader>> Open(
      const std::string& path);

  bool IsUsable() const { return database_->IsStillInPlace(); }

  // As those of Store do.
  absl::StatusOr<StoreMark> ReadSince(int64_t revision, StoreReader& reader);
  absl::StatusOr<std::string> Check();

  absl::StatusOr<StoreMark> ReadMark();

 private:
  // See StoreMark::news_age. Processes that share a file share a clock.
  absl::StatusOr<std::optional<absl::Duration>> ReadNewsAge(int64_t revision);
  explicit SqliteReader(std::unique_ptr<SqliteDatabase> database)
      : database_(std::move(database)) {}
  absl::Status CheckPages();

  const std::unique_ptr<SqliteDatabase> database_;
  SqliteStatement mark_{*database_, kReadMark};
  SqliteStatement first_commit_{
      *database_,
      "SELECT committed FROM signet_commit WHERE slot = $1 AND revision > $2"};
  SqliteStatement keys_{*database_, kReadKeys};
  SqliteStatement all_revocations_{*database_, kReadAllRevocations};
  SqliteStatement revocations_{*database_, kReadRevocations};
  SqliteStatement jwk_sets_{*database_, kReadJwkSets};
};

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_READER_H_
