#include "verifier/s3_fifo.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "tests/cached_tokens.h"
#include "verifier/cache_entry.h"
#include "verifier/entry_memory.h"

namespace signet {
namespace {

// Entries of one size, with room for twenty of them, two in the small queue.
class S3FifoTest : public testing::Test {
 protected:
  ~S3FifoTest() override {
    while (CacheEntry* const entry = queues_.any()) {
      queues_.Remove(*entry);
      EntryMemory::Release(*entry);
    }
  }

  // The numbers of those that go, in order, for the new entry.
  std::vector<uint64_t> Add(uint64_t number) {
    std::vector<uint64_t> gone;
    while (queues_.bytes() + block_bytes_ > 20 * block_bytes_) {
      CacheEntry& entry = queues_.Evict();
      gone.push_back(entry.hash >> 32);
      EntryMemory::Release(entry);
    }
    newest_ = memory_->Make(number << 32 | number << 16, compact_, token_);
    queues_.Add(*newest_);
    return gone;
  }

  // The numbers of those that go for these new entries.
  std::vector<uint64_t> AddAll(uint64_t first, uint64_t last) {
    std::vector<uint64_t> all;
    for (uint64_t i = first; i <= last; ++i) {
      const std::vector<uint64_t> gone = Add(i);
      all.insert(all.end(), gone.begin(), gone.end());
    }
    return all;
  }

  CacheEntry& newest() { return *newest_; }

 private:
  const std::string compact_ = TokenText(0);
  const CachedToken token_ = TokenOf(compact_);
  const size_t block_bytes_ = EntryMemory::BlockBytes(compact_, token_.jwt);
  const EntryMemory::Owner memory_ = EntryMemory::Create(20 * block_bytes_);
  S3Fifo queues_{20 * block_bytes_, 64};
  CacheEntry* newest_ = nullptr;
};

std::vector<uint64_t> Numbers(uint64_t first, uint64_t last) {
  std::vector<uint64_t> numbers;
  for (uint64_t i = first; i <= last; ++i) numbers.push_back(i);
  return numbers;
}

TEST_F(S3FifoTest, NothingGoesWhileThereIsRoom) {
  EXPECT_TRUE(AddAll(1, 19).empty());
  EXPECT_TRUE(Add(21).empty());
}

TEST_F(S3FifoTest, WhatIsNeverUsedGoesInTheOrderInWhichItCame) {
  AddAll(1, 20);
  EXPECT_EQ(AddAll(21, 50), Numbers(1, 30));
}

TEST_F(S3FifoTest, WhatIsUsedOutlivesWhatIsNot) {
  Add(1);
  newest().CountUse();
  AddAll(2, 20);
  EXPECT_EQ(AddAll(21, 60), Numbers(2, 41));
}

TEST_F(S3FifoTest, EvenInConstantUseItCountsButAFew) {
  Add(1);
  for (int i = 0; i < 300; ++i) newest().CountUse();
  EXPECT_EQ(newest().uses.load(), CacheEntry::kMostUses);
}

TEST_F(S3FifoTest, UseInTheSmallQueueLeadsToTheMainQueueOnly) {
  for (uint64_t i = 1; i <= 20; ++i) {
    Add(i);
    newest().CountUse();
  }
  // But for the latest, all move to the main queue. There none has been used.
  EXPECT_EQ(Add(21), Numbers(1, 1));
}

TEST_F(S3FifoTest, WhatComesBackSoonEntersTheMainQueue) {
  AddAll(1, 20);
  EXPECT_EQ(Add(21), Numbers(1, 1));
  EXPECT_EQ(Add(1), Numbers(2, 2));
  EXPECT_EQ(AddAll(22, 60), Numbers(3, 41));
}

TEST_F(S3FifoTest, WhatComesBackMuchLaterIsNew) {
  AddAll(1, 200);
  Add(1);
  EXPECT_EQ(newest().queue, CacheEntry::Queue::kSmall);
}

TEST_F(S3FifoTest, UseInTheMainQueueGivesAnotherTurn) {
  std::vector<CacheEntry*> used;
  for (uint64_t i = 1; i <= 20; ++i) {
    Add(i);
    newest().CountUse();
    used.push_back(&newest());
  }
  EXPECT_EQ(Add(21), Numbers(1, 1));  // The next are in the main queue.
  used[1]->CountUse();
  used[2]->CountUse();
  newest().CountUse();
  EXPECT_EQ(Add(22), Numbers(4, 4));
}

}  // namespace
}  // namespace signet
