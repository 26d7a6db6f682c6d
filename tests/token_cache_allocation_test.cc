// What TokenCache asks of the allocator: nothing while it works, and in all no
// more than it was given.

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/cached_tokens.h"
#include "verifier/cached_token.h"
#include "verifier/token_cache.h"

namespace {

std::atomic<size_t> allocations{0};
std::atomic<size_t> bytes_in_use{0};

void* Counted(void* memory) {
  if (memory == nullptr) std::abort();
  ++allocations;
  bytes_in_use += malloc_usable_size(memory);
  return memory;
}

void Free(void* memory) {
  bytes_in_use -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

// All others call these.
void* operator new(size_t size) { return Counted(std::malloc(size)); }
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return Counted(std::malloc(size));
}
void* operator new(size_t size, std::align_val_t alignment) {
  return Counted(std::aligned_alloc(static_cast<size_t>(alignment), size));
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  Free(memory);
}

namespace signet {
namespace {

struct Known {
  std::string compact;
  CachedToken token;
};

// Tokens of which a cache of 4 MiB has room for some. Numbers from 1,000 on, so
// that sizes do not differ much.
std::vector<Known> SomeTokens() {
  std::vector<Known> tokens;
  for (uint64_t i = 1'000; i < 6'000; ++i) {
    tokens.push_back({TokenText(i), TokenOf(TokenText(i))});
  }
  return tokens;
}

constexpr size_t kBytes = size_t{4} * 1024 * 1024;

TEST(TokenCacheAllocationTest, NothingIsAllocatedToLookUp) {
  const std::vector<Known> tokens = SomeTokens();
  TokenCache cache(kBytes);
  for (const Known& known : tokens) cache.Insert(known.compact, known.token);
  cache.Find("");  // This thread's first section enlists it.
  const size_t before = allocations;
  for (const Known& known : tokens) cache.Find(known.compact);
  EXPECT_EQ(allocations, before);
  EXPECT_GT(cache.stats().hits, 1'000);
  EXPECT_GT(cache.stats().misses, 1'000);
}

TEST(TokenCacheAllocationTest, AFullCacheMakesRoomOutOfWhatItHas) {
  const std::vector<Known> tokens = SomeTokens();
  TokenCache cache(kBytes);
  const auto insert_all = [&] {
    for (const Known& known : tokens) cache.Insert(known.compact, known.token);
  };
  insert_all();
  const TokenCacheStats before = cache.stats();
  EXPECT_GT(before.evictions, 1'000);
  const size_t allocations_before = allocations;
  const size_t bytes_before = bytes_in_use;
  insert_all();
  const TokenCacheStats after = cache.stats();
  EXPECT_GT(after.evictions, before.evictions + 1'000);
  EXPECT_EQ(allocations - allocations_before, 0);
  EXPECT_EQ(bytes_in_use, bytes_before);
}

TEST(TokenCacheAllocationTest, AllThatIsAllocatedIsWithinItsBytes) {
  const std::vector<Known> tokens = SomeTokens();
  const size_t before = bytes_in_use;
  const auto cache = std::make_unique<TokenCache>(kBytes);
  for (const Known& known : tokens) cache->Insert(known.compact, known.token);
  const size_t used = bytes_in_use - before;
  const TokenCacheStats stats = cache->stats();
  EXPECT_LE(stats.bytes, kBytes);
  EXPECT_LE(used, kBytes);
  EXPECT_GE(used, kBytes * 9 / 10);
  const size_t content_bytes =
      tokens[0].compact.size() + tokens[0].token.jwt.CopySize();
  EXPECT_LE(used / stats.entries, content_bytes * 5 / 4 + 250);
}

}  // namespace
}  // namespace signet
