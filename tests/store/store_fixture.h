#ifndef SIGNET_TESTS_STORE_STORE_FIXTURE_H_
#define SIGNET_TESTS_STORE_STORE_FIXTURE_H_

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "store/store.h"
#include "tests/store/store_places.h"

namespace signet {

// StoreTest runs with each kind of store: one that is new, at place_.
class StoreTest : public testing::TestWithParam<StoreKind> {
 public:
  const StorePlace place_{GetParam()};
  const std::unique_ptr<Store> store_ = place_.Open();
};

// Every kind, and how tests with it are called.
inline const auto kEachStoreKind = testing::Values(
    StoreKind::kSqlite, StoreKind::kPostgres, StoreKind::kPostgresSerializable);
inline std::string NameOfKind(const testing::TestParamInfo<StoreKind>& kind) {
  return StoreKindName(kind.param);
}

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_STORE_FIXTURE_H_
