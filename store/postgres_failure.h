#ifndef SIGNET_STORE_POSTGRES_FAILURE_H_
#define SIGNET_STORE_POSTGRES_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace signet {

// PostgresFailure is the status for an error of the server, by its SQLSTATE
// (PostgreSQL's documentation, appendix A). It quotes nothing that the server
// says, for that may be what was stored.
absl::Status PostgresFailure(absl::string_view sqlstate);

// ConnectionFailure is the status for libpq's `message` about a connection that
// could not be made, whose errors are verbose (and so have an SQLSTATE). It
// quotes the first line, without `password`.
absl::Status ConnectionFailure(absl::string_view message,
                               const std::string& password);

// ConnectionLost is the status for a connection that was lost, or on which
// nothing has come for kStorePatience.
absl::Status ConnectionLost();

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_FAILURE_H_
