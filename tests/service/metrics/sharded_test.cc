#include "service/metrics/sharded.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace signet {
namespace {

struct alignas(kBlockAlignment) Block {
  std::atomic<uint64_t> count{0};
};

uint64_t Total(const Sharded<Block>& counts, size_t block) {
  uint64_t total = 0;
  counts.ForEach(block, [&](const Block& its) { total += its.count; });
  return total;
}

TEST(ShardedTest, LosesNothingOfWhatManyThreadsCount) {
  constexpr uint64_t kCounts = 10'000;
  constexpr size_t kThreads = 3 * Sharded<Block>::kShards;
  Sharded<Block> counts(2);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&counts] {
      for (uint64_t j = 0; j < kCounts; ++j) {
        CountOne(counts.Mine(1).count);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Total(counts, 0), 0);
  EXPECT_EQ(Total(counts, 1), kThreads * kCounts);
}

TEST(ShardedTest, GivesThreadsBlocksOfTheirOwn) {
  Sharded<Block> counts(1);
  Block* const mine = &counts.Mine(0);
  Block* theirs = nullptr;
  std::thread([&] { theirs = &counts.Mine(0); }).join();
  EXPECT_NE(mine, theirs);
  EXPECT_EQ(mine, &counts.Mine(0));
}

}  // namespace
}  // namespace signet
