// What every store promises to those who use one together: that they hear of
// changes, and see them in one order. Of each kind of store.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "store/records.h"
#include "store/store.h"
#include "tests/store/record_examples.h"
#include "tests/store/store_contents.h"
#include "tests/store/store_fixture.h"
#include "tests/store/store_places.h"

namespace signet {
namespace {

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, kEachStoreKind, NameOfKind);

// --- changes ----------------------------------------------------------------

// Far longer than anything takes.
constexpr absl::Duration kLong = absl::Minutes(1);

TEST_P(StoreTest, HearsOfTheCommitOfAnother) {
  const std::unique_ptr<Store> other = place_.Open();
  for (int64_t revision = 0; revision < 20; ++revision) {
    std::thread committing([&] {
      EXPECT_TRUE(other->Commit(Revocation(absl::StrCat(revision))).ok());
    });
    StoreContents contents;
    while (contents.mark.revision == revision || contents.mark.revision == 0) {
      ASSERT_TRUE(store_->AwaitChange(revision, kLong).ok());
      contents.ReadMore(*store_);
    }
    committing.join();
    EXPECT_EQ(contents.mark.revision, revision + 1);
  }
}

TEST_P(StoreTest, HearsOfItsOwnCommit) {
  std::thread committing(
      [&] { EXPECT_TRUE(store_->Commit(Revocation("token")).ok()); });
  StoreContents contents;
  while (contents.mark.revision == 0) {
    ASSERT_TRUE(store_->AwaitChange(0, kLong).ok());
    contents.ReadMore(*store_);
  }
  committing.join();
}

TEST_P(StoreTest, DoesNotWaitForAChangeThatIsThere) {
  ASSERT_TRUE(store_->Commit(Revocation("token")).ok());
  EXPECT_TRUE(store_->AwaitChange(0, absl::InfiniteDuration()).ok());
  // Also if it is further back than somebody has been, for a backup was put in
  // its place.
  EXPECT_TRUE(store_->AwaitChange(7, absl::InfiniteDuration()).ok());
}

TEST_P(StoreTest, StopsWaitingWhenWoken) {
  // A call before the wait counts.
  store_->Wake();
  EXPECT_TRUE(store_->AwaitChange(0, absl::InfiniteDuration()).ok());
  std::thread waking([&] { store_->Wake(); });
  EXPECT_TRUE(store_->AwaitChange(0, absl::InfiniteDuration()).ok());
  waking.join();
}

TEST_P(StoreTest, StopsWaitingInTime) {
  EXPECT_TRUE(store_->AwaitChange(0, absl::ZeroDuration()).ok());
  EXPECT_TRUE(store_->AwaitChange(0, absl::Milliseconds(30)).ok());
}

// --- several at once --------------------------------------------------------

TEST_P(StoreTest, IsMadeOnceWhenManyOpenItTogether) {
  const StorePlace place(GetParam());
  std::vector<std::thread> threads;
  threads.reserve(6);
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const std::unique_ptr<Store> store = place.Open();
      EXPECT_TRUE(store->Commit(Revocation(absl::StrCat(i))).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const StoreContents contents = ContentsOf(*place.Open());
  EXPECT_EQ(contents.mark.revision, 6);
  EXPECT_EQ(contents.revocations.size(), 6);
}

TEST_P(StoreTest, LetsOneOfTwoThatRaceChangeTheKeys) {
  constexpr int kRounds = 30;
  const std::unique_ptr<Store> other = place_.Open();
  int64_t seen = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::array<absl::StatusOr<int64_t>, 2> results;
    const auto change = [&](Store& store, size_t number) {
      results[number] = store.Commit(
          Keys(kIssuer, seen, {ExampleKey(absl::StrCat(round, "-", number))}));
    };
    std::thread racing([&] { change(*other, 1); });
    change(*store_, 0);
    racing.join();
    const size_t winner = results[0].ok() ? 0 : 1;
    ASSERT_TRUE(results[winner].ok()) << results[winner].status();
    EXPECT_EQ(results[1 - winner].status().code(), absl::StatusCode::kAborted)
        << results[1 - winner].status();
    const IssuerKeyRecords keys = ContentsOf(*store_).issuers.at(kIssuer);
    ASSERT_EQ(keys.keys.size(), 1);
    EXPECT_EQ(keys.keys[0].key_id, absl::StrCat(round, "-", winner));
    EXPECT_EQ(keys.revision, *results[winner]);
    seen = keys.revision;
  }
}

TEST_P(StoreTest, ShowsNoRevisionWithoutAllBeforeIt) {
  constexpr int64_t kWriters = 4;
  constexpr int64_t kCommits = 40;
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int64_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      const std::unique_ptr<Store> store = place_.Open();
      int64_t last = 0;
      for (int64_t i = 0; i < kCommits; ++i) {
        const absl::StatusOr<int64_t> revision =
            store->Commit(Revocation(absl::StrCat(writer, "-", i)));
        ASSERT_TRUE(revision.ok()) << revision.status();
        EXPECT_GT(*revision, last);
        last = *revision;
      }
    });
  }
  StoreContents contents;
  while (contents.mark.revision < kWriters * kCommits && !HasFailure()) {
    contents.ReadMore(*store_);
    // Each commit adds one.
    EXPECT_EQ(contents.revocations.size(), contents.mark.revision);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(contents.mark.revision, kWriters * kCommits);
}

}  // namespace
}  // namespace signet
