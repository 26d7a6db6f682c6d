#ifndef SIGNET_STORE_POSTGRES_TRANSACTION_H_
#define SIGNET_STORE_POSTGRES_TRANSACTION_H_

#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "store/deadline.h"
#include "store/postgres_connection.h"
#include "store/store.h"

namespace signet {

// IsConflict is true for the SQLSTATE with which a database asks for a
// transaction to be repeated, because it crossed another's, or waited for one
// that waited for it.
inline bool IsConflict(absl::string_view sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01";
}

// RepeatConflicts calls `transact()`, which is one transaction, until there is
// no conflict, but not for longer than kStorePatience. Returns what it returned
// last: a Status or StatusOr.
template <typename Transact>
std::invoke_result_t<Transact> RepeatConflicts(PostgresConnection& connection,
                                               const Transact& transact) {
  const Deadline deadline(kStorePatience);
  while (true) {
    std::invoke_result_t<Transact> result = transact();
    if (!IsConflict(connection.last_sqlstate()) ||
        deadline.Left() == absl::ZeroDuration()) {
      return result;
    }
    absl::Status undone = connection.Run({{"ROLLBACK"}});
    if (!undone.ok()) return undone;
  }
}

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_TRANSACTION_H_
