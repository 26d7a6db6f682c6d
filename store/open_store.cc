#include "store/open_store.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "store/postgres_store.h"
#include "store/sqlite_store.h"

namespace signet {

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const std::string& address) {
  absl::string_view rest = address;
  if (absl::ConsumePrefix(&rest, "sqlite:") && !rest.empty()) {
    return SqliteStore::Open(std::string(rest));
  }
  // A URI is libpq's as a whole.
  if (absl::StartsWith(address, "postgresql://") ||
      absl::StartsWith(address, "postgres://")) {
    return PostgresStore::Open(address);
  }
  if (absl::ConsumePrefix(&rest, "postgres:")) {
    return PostgresStore::Open(std::string(rest));
  }
  // May be a connection string with a password, so it is not quoted.
  return absl::InvalidArgumentError(
      "this names no store; write \"sqlite:PATH\", \"postgres:host=... "
      "dbname=...\" or \"postgresql://...\"");
}

}  // namespace signet
