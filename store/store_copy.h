#ifndef SIGNET_STORE_STORE_COPY_H_
#define SIGNET_STORE_STORE_COPY_H_

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "store/store.h"
#include "store/store_counts.h"

namespace signet {

// CopyStore copies all that `from` holds into `to`, in commits of a bounded
// size, and calls `progress` with what it has copied so far after each. Then it
// reads both stores, and compares them. Returns what both hold. Revisions are
// not copied: `to` counts its own commits.
//
// FailedPrecondition, and nothing is changed, if anything was ever committed to
// `to`. Aborted, if `from` was written to meanwhile. DataLoss, if `to` does not
// hold the same afterwards. A copy that has failed is to be deleted, and begun
// anew.
absl::StatusOr<StoreCounts> CopyStore(
    Store& from, Store& to,
    absl::FunctionRef<void(const StoreCounts&)> progress);

}  // namespace signet

#endif  // SIGNET_STORE_STORE_COPY_H_
