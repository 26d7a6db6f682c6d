#ifndef SIGNET_TESTS_STORE_STORE_PLACES_H_
#define SIGNET_TESTS_STORE_STORE_PLACES_H_

#include <memory>
#include <string>

#include "store/store.h"
#include "tests/service/test_folder.h"

namespace signet {

// StoreKind is a kind of place where a store can be.
enum class StoreKind {
  kSqlite,
  kPostgres,
  // A PostgreSQL that sends transactions away which others have crossed, as
  // distributed databases do.
  kPostgresSerializable,
};

// StoreKindName is for the names of tests.
std::string StoreKindName(StoreKind kind);

// StorePlace is a place of its own, where there is no store yet.
class StorePlace {
 public:
  explicit StorePlace(StoreKind kind);

  // Address is what OpenStore takes.
  const std::string& address() const { return address_; }
  // Open opens the store that is there. The process ends if that fails.
  std::unique_ptr<Store> Open() const;

 private:
  TestFolder folder_;
  std::string address_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_STORE_PLACES_H_
