#include "store/store_copy.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "store/records.h"
#include "store/store.h"
#include "store/store_counts.h"
#include "tests/store/record_examples.h"
#include "tests/store/store_contents.h"
#include "tests/store/store_places.h"

namespace signet {
namespace {

void IgnoreProgress(const StoreCounts&) {}

void Fill(Store& store) {
  StoreChange change = Keys(kIssuer, 0, {ExampleKey("one"), ExampleKey("two")});
  change.issuer_keys.push_back({ManyBytes(), 0, {ExampleKey(ManyBytes())}});
  change.issuer_keys.push_back({"without keys", 0, {}});
  for (int i = 0; i < 30'000; ++i) {
    change.revocations.push_back(ExampleRevocation(absl::StrCat(i)));
  }
  change.revocations[0].expires = absl::InfiniteFuture();
  change.revocations[1].issued_before = kExpires;
  change.jwk_sets = {ExampleJwkSet("first"), ExampleJwkSet("second")};
  ASSERT_TRUE(store.Commit(change).ok());
  ASSERT_TRUE(store.AdvanceTime(absl::ZeroDuration(), absl::Hours(7)).ok());
}

constexpr StoreCounts kFilled = {
    .issuers = 3, .keys = 3, .revocations = 30'000, .jwk_sets = 2};

class StoreCopyTest
    : public testing::TestWithParam<std::pair<StoreKind, StoreKind>> {
 public:
  const StorePlace from_place_{GetParam().first};
  const StorePlace to_place_{GetParam().second};
  const std::unique_ptr<Store> from_ = from_place_.Open();
  const std::unique_ptr<Store> to_ = to_place_.Open();
};

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreCopyTest,
    testing::Values(std::pair(StoreKind::kSqlite, StoreKind::kPostgres),
                    std::pair(StoreKind::kPostgres, StoreKind::kSqlite)),
    [](const testing::TestParamInfo<std::pair<StoreKind, StoreKind>>& kinds) {
      return StoreKindName(kinds.param.first) + "To" +
             StoreKindName(kinds.param.second);
    });

TEST_P(StoreCopyTest, CopiesEverything) {
  Fill(*from_);
  std::vector<StoreCounts> steps;
  const absl::StatusOr<StoreCounts> copied =
      CopyStore(*from_, *to_,
                [&](const StoreCounts& counts) { steps.push_back(counts); });
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ(*copied, kFilled);
  // In several commits, with what was copied so far.
  EXPECT_GT(steps.size(), 2);
  EXPECT_EQ(steps.back(), kFilled);
  EXPECT_LT(steps.front().revocations, kFilled.revocations);

  const StoreContents source = ContentsOf(*from_);
  StoreContents copy = ContentsOf(*to_);
  EXPECT_EQ(copy.mark.time, source.mark.time);
  EXPECT_EQ(copy.revocations, source.revocations);
  EXPECT_EQ(copy.jwk_sets, source.jwk_sets);
  ASSERT_EQ(copy.issuers.size(), source.issuers.size());
  for (const auto& [issuer, records] : source.issuers) {
    EXPECT_EQ(copy.issuers.at(issuer).keys, records.keys);
  }
}

TEST_P(StoreCopyTest, LeavesAStoreAloneThatIsNotEmpty) {
  Fill(*from_);
  ASSERT_TRUE(to_->Commit(Revocation("token")).ok());
  EXPECT_EQ(CopyStore(*from_, *to_, IgnoreProgress).status(),
            absl::FailedPreconditionError(
                "the store to copy to is not empty; name a new one"));
  const StoreContents contents = ContentsOf(*to_);
  EXPECT_EQ(contents.mark.revision, 1);
  EXPECT_EQ(contents.revocations.size(), 1);
  EXPECT_TRUE(contents.issuers.empty());
}

TEST_P(StoreCopyTest, LeavesAStoreAloneThatHasBeenKeptForAWhile) {
  ASSERT_TRUE(to_->AdvanceTime(absl::ZeroDuration(), absl::Seconds(1)).ok());
  EXPECT_EQ(CopyStore(*from_, *to_, IgnoreProgress).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(StoreCopyTest, NoticesWritesToTheSource) {
  Fill(*from_);
  const std::unique_ptr<Store> other = from_place_.Open();
  EXPECT_EQ(CopyStore(*from_, *to_,
                      [&](const StoreCounts&) {
                        EXPECT_TRUE(other->Commit(Revocation("late")).ok());
                      })
                .status(),
            absl::AbortedError(
                "the store was written to while it was copied; stop what uses "
                "it, and copy it again to a new one"));
}

TEST_P(StoreCopyTest, NoticesWritesToTheCopy) {
  Fill(*from_);
  const std::unique_ptr<Store> other = to_place_.Open();
  EXPECT_EQ(CopyStore(*from_, *to_,
                      [&](const StoreCounts&) {
                        EXPECT_TRUE(other->Commit(Revocation("odd")).ok());
                      })
                .status(),
            absl::DataLossError(
                "the copy is not the same (30001 of 30000 revocations, 3 of 3 "
                "keys); stop what uses both, and copy again to a new store"));
}

}  // namespace
}  // namespace signet
