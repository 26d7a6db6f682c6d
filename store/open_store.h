#ifndef SIGNET_STORE_OPEN_STORE_H_
#define SIGNET_STORE_OPEN_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "store/store.h"

namespace signet {

// OpenStore opens the store that `address` names, and creates what it needs
// there, unless another version of Signet has made something else of it:
//   sqlite:PATH                     a file, with two more beside it while open
//   postgres:KEYWORDS_AND_VALUES    "postgres:host=db.example dbname=signet":
//   postgresql://...                what libpq takes for a connection string
// InvalidArgument, if it names neither. Otherwise fails as Store does; a
// database that is away is Unavailable.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const std::string& address);

}  // namespace signet

#endif  // SIGNET_STORE_OPEN_STORE_H_
