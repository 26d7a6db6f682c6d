#ifndef SIGNET_STORE_SQLITE_SCHEMA_H_
#define SIGNET_STORE_SQLITE_SCHEMA_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite_database.h"

namespace signet {

// OpenSqliteWithSchema opens the database at `path` (SqliteDatabase::Open), and
// creates the tables, or brings those of an earlier version up to this one, in
// one transaction. FailedPrecondition, if they are of a later version, or the
// file is another program's. Several may do it at once.
absl::StatusOr<std::unique_ptr<SqliteDatabase>> OpenSqliteWithSchema(
    const std::string& path);

// ReadSqliteSchemaVersion is 0 for an empty file.
absl::StatusOr<int64_t> ReadSqliteSchemaVersion(SqliteDatabase& database);

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_SCHEMA_H_
