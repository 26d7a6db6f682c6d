#ifndef SIGNET_STORE_POSTGRES_CHANGE_H_
#define SIGNET_STORE_POSTGRES_CHANGE_H_

#include <cstdint>
#include <vector>

#include "store/postgres_values.h"
#include "store/store.h"

namespace signet {

// ReadSeenRevisions reads, for each issuer whose keys `change` sets, the
// revision in which they changed last, with the issuer's number in
// StoreChange::issuer_keys. No row for one that has none.
PostgresStatement ReadSeenRevisions(const StoreChange& change);

// WriteChange has a statement for each kind of thing that changes, however many
// there are, and notes when that is.
std::vector<PostgresStatement> WriteChange(const StoreChange& change,
                                           int64_t revision);

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_CHANGE_H_
