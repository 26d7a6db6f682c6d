#ifndef SIGNET_STORE_POSTGRES_SCHEMA_H_
#define SIGNET_STORE_POSTGRES_SCHEMA_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/postgres_connection.h"

namespace signet {

// PreparePostgresSchema creates the tables, or brings those of an earlier
// version up to this one, in one transaction. FailedPrecondition, if they are
// of a later version. Several may do it at once: whoever comes second waits for
// the first, and finds it done.
absl::Status PreparePostgresSchema(PostgresConnection& connection);

// ReadPostgresSchemaVersion is 0 where nothing has been made.
absl::StatusOr<int64_t> ReadPostgresSchemaVersion(
    PostgresConnection& connection);

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_SCHEMA_H_
