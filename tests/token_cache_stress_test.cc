// Readers find tokens and read them while others insert, evict and clear as
// fast as they can.

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "keys/read_section.h"
#include "tests/cached_tokens.h"
#include "tests/run_at_once.h"
#include "verifier/cached_token.h"
#include "verifier/token_cache.h"

namespace signet {
namespace {

constexpr absl::Duration kDuration = absl::Seconds(2);
// Room for about a hundred tokens.
constexpr size_t kBytes = 250'000;
constexpr uint64_t kTokens = 400;

struct Known {
  std::string compact;
  CachedToken token;
};

// The tokens of the numbers below kTokens.
const std::vector<Known>& Tokens() {
  static const std::vector<Known>& tokens = *[] {
    auto* const all = new std::vector<Known>;
    for (uint64_t i = 0; i < kTokens; ++i) {
      const std::string compact = TokenText(i, i % 7 * 50);
      all->push_back({compact, TokenOf(compact)});
    }
    return all;
  }();
  return tokens;
}

void Insert(TokenCache& cache, uint64_t number) {
  const Known& known = Tokens()[number % kTokens];
  cache.Insert(known.compact, known.token);
}

// Whether the cache knows the token, and nothing but the truth about it.
bool Knows(TokenCache& cache, uint64_t number) {
  number %= kTokens;
  const std::optional<CachedToken> found = cache.Find(Tokens()[number].compact);
  if (!found) return false;
  EXPECT_EQ(found->jwt.claims().registered().jwt_id, std::to_string(number));
  EXPECT_EQ(found->key, Tokens()[number].token.key);
  return true;
}

TEST(TokenCacheStressTest, ReadersFindNothingButTheTruth) {
  TokenCache cache(kBytes);
  std::atomic<uint64_t> found{0};
  const auto read = [&](uint64_t i) {
    // Some often, all at times.
    if (Knows(cache, i % 2 == 0 ? i % 20 : i)) ++found;
  };
  RunAtOnce(
      kDuration, read, read, [&](uint64_t i) { Insert(cache, i * 7); },
      [&](uint64_t i) {
        const ReadSection section;
        if (!Knows(cache, i * 3)) Insert(cache, i * 3);
      },
      [&](uint64_t i) {
        if (i % 100 == 0) cache.Clear();
        EXPECT_LE(cache.stats().bytes, kBytes);
      });
  EXPECT_GT(found, 0);
  EXPECT_GT(cache.stats().evictions, 0);
}

TEST(TokenCacheStressTest, NoLookUpFindsWhatHadBeenClearedBeforeItBegan) {
  TokenCache cache(kBytes);
  // The number of the latest token that was inserted and is forgotten. Each
  // comes once in kTokens insertions, which no reader sleeps through.
  std::atomic<uint64_t> cleared{0};
  std::atomic<uint64_t> inserted{0};
  const auto read = [&](uint64_t) {
    const uint64_t gone = cleared;
    const bool found = gone > 0 && Knows(cache, gone);
    // Unless it came again meanwhile.
    EXPECT_FALSE(found && inserted < gone + kTokens);
  };
  RunAtOnce(kDuration, read, read, [&](uint64_t i) {
    inserted = i;
    Insert(cache, i);
    cache.Clear();
    cleared = i;
  });
}

TEST(TokenCacheStressTest, HandlesAreDroppedWhereverTheyWent) {
  TokenCache cache(kBytes);
  std::array<std::atomic<CachedToken*>, 16> left{};
  const auto leave = [&](uint64_t i) {
    std::optional<CachedToken> found = cache.Find(Tokens()[i % 50].compact);
    if (!found) return Insert(cache, i % 50);
    delete left[i % left.size()].exchange(new CachedToken(*std::move(found)));
  };
  RunAtOnce(kDuration, leave, leave, [&](uint64_t i) {
    Insert(cache, i);
    const CachedToken* const token = left[i % left.size()].exchange(nullptr);
    if (token == nullptr) return;
    EXPECT_EQ(token->key, Tokens()[0].token.key);
    delete token;
  });
  for (auto& token : left) delete token.load();
}

TEST(TokenCacheStressTest, WhatIsLeftOutlivesTheCache) {
  std::optional<CachedToken> left;
  for (int i = 0; i < 200; ++i) {
    TokenCache cache(kBytes);
    Insert(cache, 0);
    std::array<std::thread, 3> threads;
    for (std::thread& thread : threads) {
      thread = std::thread(
          [found = cache.Find(Tokens()[0].compact)] { EXPECT_TRUE(found); });
    }
    left = cache.Find(Tokens()[0].compact);
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(left->jwt.claims().registered().jwt_id, "0");
}

}  // namespace
}  // namespace signet
