// A value that is replaced as a whole, by one thread and by many.

#include "keys/published.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/run_at_once.h"

namespace signet {
namespace {

constexpr absl::Duration kDuration = absl::Seconds(1);

// Two numbers that belong together, and a note of how many such pairs live.
struct Pair {
  explicit Pair(uint64_t number) : one(number), other(~number) { ++alive; }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    one = other = 0;  // Who reads it now is told.
    --alive;
  }

  uint64_t one;
  uint64_t other;
  static inline std::atomic<int64_t> alive{0};
};

std::shared_ptr<const Pair> NewPair(uint64_t number) {
  return std::make_shared<const Pair>(number);
}

TEST(PublishedTest, ReadersFindWhatWasPutInPlaceLast) {
  Published<Pair> published(NewPair(1));
  EXPECT_EQ(Published<Pair>::Reader(published)->one, 1);
  published.Replace(NewPair(2));
  EXPECT_EQ(Published<Pair>::Reader(published)->one, 2);
}

TEST(PublishedTest, AReaderStandsOnOneValue) {
  Published<Pair> published(NewPair(1));
  const Published<Pair>::Reader reader(published);
  published.Replace(NewPair(2));
  EXPECT_EQ(reader->one, 1);
  EXPECT_EQ((*reader).other, ~uint64_t{1});
}

TEST(PublishedTest, FreesAValueWhenNoReaderStandsOnIt) {
  Published<Pair> published(NewPair(1));
  std::optional<Published<Pair>::Reader> reader(std::in_place, published);
  published.Replace(NewPair(2));
  EXPECT_EQ(published.FreeReplaced(), 1);
  EXPECT_EQ(Pair::alive, 2);
  reader.reset();
  EXPECT_EQ(published.FreeReplaced(), 0);
  EXPECT_EQ(Pair::alive, 1);
}

TEST(PublishedTest, WhatIsSharedOutlivesItsReplacement) {
  Published<Pair> published(NewPair(1));
  const std::shared_ptr<const Pair> shared = published.Share();
  published.Replace(NewPair(2));
  EXPECT_EQ(published.FreeReplaced(), 0);
  EXPECT_EQ(shared->one, 1);
}

TEST(PublishedTest, ManyReadersAndWritersSeeWholeValuesOnly) {
  {
    Published<Pair> published(NewPair(0));
    std::atomic<uint64_t> replaced{0};
    const auto read = [&](uint64_t) {
      const uint64_t before = replaced;
      const Published<Pair>::Reader reader(published);
      EXPECT_EQ(reader->other, ~reader->one);
      // What had been put in place before is the least.
      EXPECT_GE(reader->one, before);
    };
    RunAtOnce(
        kDuration, read, read,
        [&](uint64_t) {
          const std::shared_ptr<const Pair> shared = published.Share();
          EXPECT_EQ(shared->other, ~shared->one);
        },
        [&](uint64_t i) {
          published.Replace(NewPair(i));
          replaced = i;
        },
        [&](uint64_t) { published.FreeReplaced(); });
    EXPECT_GT(replaced, 0);
  }
  EXPECT_EQ(Pair::alive, 0);
}

}  // namespace
}  // namespace signet
