#include "verifier/token_cache.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/compact_jws.h"
#include "keys/read_section.h"
#include "tests/cached_tokens.h"
#include "verifier/cached_token.h"
#include "verifier/token_hash.h"

namespace signet {
namespace {

// Of one shard, which has room for some hundreds of tokens.
constexpr size_t kSmall = 1'000'000;

void Insert(TokenCache& cache, uint64_t number, uint8_t key = 1) {
  cache.Insert(TokenText(number), TokenOf(TokenText(number), key));
}

bool Knows(TokenCache& cache, uint64_t number) {
  const std::optional<CachedToken> found = cache.Find(TokenText(number));
  if (found) {
    EXPECT_EQ(found->jwt.claims().registered().jwt_id, std::to_string(number));
  }
  return found.has_value();
}

size_t CountKnown(TokenCache& cache, uint64_t first, uint64_t last) {
  size_t count = 0;
  for (uint64_t i = first; i <= last; ++i) count += Knows(cache, i) ? 1 : 0;
  return count;
}

TEST(TokenCacheTest, FindsWhatWasInserted) {
  TokenCache cache(kSmall);
  EXPECT_FALSE(Knows(cache, 1));
  Insert(cache, 1, 7);
  const std::optional<CachedToken> found = cache.Find(TokenText(1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->jwt.claims().registered().jwt_id, "1");
  EXPECT_EQ(found->jwt.header().key_id, "2026-11-signing-key");
  EXPECT_EQ(found->key, TokenOf(TokenText(1), 7).key);
  EXPECT_FALSE(Knows(cache, 2));
}

TEST(TokenCacheTest, EveryByteMatters) {
  for (const TokenHash& hash :
       {TokenHash(), TokenHash(TokenHash::PlaceKeys{})}) {
    TokenCache cache(kSmall, hash);
    Insert(cache, 1);
    std::string compact = TokenText(1);
    for (char& byte : compact) {
      byte ^= 1;
      EXPECT_FALSE(cache.Find(compact));
      byte ^= 1;
    }
    EXPECT_FALSE(cache.Find(absl::string_view(compact).substr(1)));
    EXPECT_FALSE(
        cache.Find(absl::string_view(compact).substr(0, compact.size() - 1)));
    EXPECT_FALSE(cache.Find(compact + "A"));
    EXPECT_FALSE(cache.Find(""));
    EXPECT_TRUE(cache.Find(compact));
  }
}

TEST(TokenCacheTest, TellsTokensApartThatCollide) {
  TokenCache cache(kSmall, TokenHash(TokenHash::PlaceKeys{}));
  for (uint64_t i = 0; i < 100; ++i) Insert(cache, i);
  EXPECT_EQ(CountKnown(cache, 0, 99), 100);
  EXPECT_FALSE(Knows(cache, 100));
  // They leave from the middle of their bucket, too.
  for (uint64_t i = 100; i < 2'000; ++i) {
    Insert(cache, i);
    EXPECT_TRUE(Knows(cache, i));
  }
  EXPECT_FALSE(Knows(cache, 1'000));
}

TEST(TokenCacheTest, RemembersTheKeyThatVerifiedLast) {
  TokenCache cache(kSmall);
  for (uint8_t key = 1; key < 100; ++key) {
    Insert(cache, 1, key);
    EXPECT_EQ(cache.Find(TokenText(1))->key, TokenOf(TokenText(1), key).key);
    EXPECT_EQ(cache.stats().entries, 1);
    EXPECT_EQ(cache.stats().insertions, key);
  }
  EXPECT_EQ(cache.stats().evictions, 0);
}

TEST(TokenCacheTest, KeepsWhatItKnowsWhenToldAgain) {
  TokenCache cache(kSmall);
  Insert(cache, 1);
  Insert(cache, 1);
  EXPECT_TRUE(Knows(cache, 1));
  EXPECT_EQ(cache.stats().insertions, 1);
}

TEST(TokenCacheTest, StaysWithinItsBytes) {
  TokenCache cache(kSmall);
  for (uint64_t i = 0; i < 5'000; ++i) {
    cache.Insert(TokenText(i, i % 2'000), TokenOf(TokenText(i, i % 2'000)));
    const TokenCacheStats stats = cache.stats();
    ASSERT_LE(stats.bytes, kSmall);
    EXPECT_EQ(stats.insertions, i + 1);
    EXPECT_EQ(stats.entries, stats.insertions - stats.evictions);
  }
  EXPECT_GT(cache.stats().bytes, kSmall * 9 / 10);
}

TEST(TokenCacheTest, WhatIsUsedSurvivesAScan) {
  TokenCache cache(kSmall);
  for (uint64_t i = 0; i < 100; ++i) Insert(cache, i);
  EXPECT_EQ(CountKnown(cache, 0, 99), 100);
  for (uint64_t i = 1'000; i < 11'000; ++i) Insert(cache, i);
  EXPECT_EQ(CountKnown(cache, 0, 99), 100);
  EXPECT_FALSE(Knows(cache, 1'000));
}

TEST(TokenCacheTest, WhatIsNotFoundDisplacesNothing) {
  TokenCache cache(kSmall);
  for (uint64_t i = 0; i < 1'000; ++i) Insert(cache, i);
  const TokenCacheStats before = cache.stats();
  EXPECT_GT(before.evictions, 0);
  EXPECT_EQ(CountKnown(cache, 1'000, 20'000), 0);
  const TokenCacheStats after = cache.stats();
  EXPECT_EQ(after.entries, before.entries);
  EXPECT_EQ(after.evictions, before.evictions);
  EXPECT_EQ(after.misses - before.misses, 19'001);
  EXPECT_EQ(CountKnown(cache, 0, 999), before.entries);
}

TEST(TokenCacheTest, CountsLookUpsOfAllThreads) {
  TokenCache cache(kSmall);
  Insert(cache, 1);
  for (int i = 0; i < 100; ++i) {
    std::thread([&] {
      EXPECT_TRUE(Knows(cache, 1));
      EXPECT_FALSE(Knows(cache, 2));
      EXPECT_FALSE(Knows(cache, 3));
    }).join();
  }
  EXPECT_EQ(cache.stats().hits, 100);
  EXPECT_EQ(cache.stats().misses, 200);
}

TEST(TokenCacheTest, ClearForgetsEverything) {
  TokenCache cache(kSmall);
  for (int round = 0; round < 3; ++round) {
    for (uint64_t i = 0; i < 1'000; ++i) Insert(cache, i);
    EXPECT_GT(CountKnown(cache, 0, 999), 100);
    cache.Clear();
    EXPECT_EQ(CountKnown(cache, 0, 999), 0);
    EXPECT_EQ(cache.stats().entries, 0);
  }
}

TEST(TokenCacheTest, WhatWasFoundStaysValid) {
  auto cache = std::make_unique<TokenCache>(kSmall);
  Insert(*cache, 1);
  const std::optional<CachedToken> cleared = cache->Find(TokenText(1));
  cache->Clear();
  Insert(*cache, 2);
  const std::optional<CachedToken> evicted = cache->Find(TokenText(2));
  for (uint64_t i = 10; i < 5'000; ++i) Insert(*cache, i);
  const std::optional<CachedToken> last = cache->Find(TokenText(4'999));
  cache.reset();
  EXPECT_EQ(cleared->jwt.claims().registered().jwt_id, "1");
  EXPECT_EQ(evicted->jwt.claims().registered().jwt_id, "2");
  EXPECT_EQ(last->jwt.claims().registered().jwt_id, "4999");
}

// Whatever readers and handles hold counts, and they hold it as long as they
// please. Insertions then come to nothing, and resume.
TEST(TokenCacheTest, StaysWithinItsBytesWhileHandlesAreHeld) {
  TokenCache cache(kSmall);
  std::vector<CachedToken> held;
  for (uint64_t i = 0; i < 5'000; ++i) {
    Insert(cache, i);
    if (auto found = cache.Find(TokenText(i))) held.push_back(*found);
    ASSERT_LE(cache.stats().bytes, kSmall);
  }
  EXPECT_LT(held.size(), 1'000);
  EXPECT_FALSE(Knows(cache, 4'999));
  held.clear();
  Insert(cache, 4'999);
  EXPECT_TRUE(Knows(cache, 4'999));
}

TEST(TokenCacheTest, StaysWithinItsBytesWhileAReaderSleeps) {
  TokenCache cache(kSmall);
  {
    const ReadSection section;
    for (uint64_t i = 0; i < 5'000; ++i) {
      Insert(cache, i);
      ASSERT_LE(cache.stats().bytes, kSmall);
    }
    EXPECT_FALSE(Knows(cache, 4'999));
    // What there was is not given up for what cannot come.
    EXPECT_GT(cache.stats().entries, 300);
  }
  Insert(cache, 4'999);
  EXPECT_TRUE(Knows(cache, 4'999));
}

// As a verifier does, which looks for keys and tokens in one section.
TEST(TokenCacheTest, WhoReadsMayInsert) {
  TokenCache cache(kSmall);
  for (uint64_t i = 0; i < 5'000; ++i) {
    const ReadSection section;
    EXPECT_FALSE(Knows(cache, i));
    Insert(cache, i);
    EXPECT_TRUE(Knows(cache, i)) << i;
  }
}

TEST(TokenCacheTest, DoesNotRememberWhatIsTooLarge) {
  TokenCache cache(kSmall);
  const std::string large = TokenText(1, kSmall / 128);
  for (const std::string& compact :
       {TokenText(1, kSmall / 32), large, TokenText(1, kMaxTokenBytes)}) {
    Insert(cache, 2);
    cache.Insert(compact, TokenOf(TokenText(1)));
    EXPECT_EQ(cache.Find(compact).has_value(), compact == large);
    EXPECT_TRUE(Knows(cache, 2));
  }
}

TEST(TokenCacheTest, RemembersNothingWithoutMemory) {
  for (const size_t bytes : {0, 1, 1'000, 10'000}) {
    TokenCache cache(bytes);
    Insert(cache, 1);
    EXPECT_FALSE(Knows(cache, 1));
    EXPECT_EQ(cache.stats().insertions, 0);
    EXPECT_EQ(cache.stats().misses, 1);
    cache.Clear();
  }
}

TEST(TokenCacheTest, SpreadsOverShards) {
  TokenCache cache(TokenCache::kDefaultBytes);
  for (uint64_t i = 0; i < 10'000; ++i) Insert(cache, i);
  EXPECT_EQ(CountKnown(cache, 0, 9'999), 10'000);
  EXPECT_EQ(cache.stats().entries, 10'000);
  cache.Clear();
  EXPECT_EQ(CountKnown(cache, 0, 9'999), 0);
}

}  // namespace
}  // namespace signet
