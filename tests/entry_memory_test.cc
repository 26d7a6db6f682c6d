#include "verifier/entry_memory.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/unverified_jwt.h"
#include "tests/cached_tokens.h"
#include "verifier/cache_entry.h"

namespace signet {
namespace {

constexpr uint64_t kHash = 7;

size_t BytesOf(absl::string_view compact) {
  return EntryMemory::BlockBytes(compact, TokenOf(compact).jwt);
}

// An entry for `compact`, verified with key number 1.
CacheEntry* Make(EntryMemory& memory, absl::string_view compact) {
  return memory.Make(kHash, compact, TokenOf(compact));
}

TEST(EntryMemoryTest, AnEntryHasCopiesOfAllThatItWasMadeOf) {
  const EntryMemory::Owner memory = EntryMemory::Create(100'000);
  std::string compact = TokenText(42);
  CacheEntry* const entry = Make(*memory, compact);
  ASSERT_NE(entry, nullptr);
  compact.assign(compact.size(), 'x');
  EXPECT_EQ(entry->hash, kHash);
  EXPECT_EQ(entry->compact, TokenText(42));
  EXPECT_EQ(entry->token.jwt.claims().registered().jwt_id, "42");
  EXPECT_EQ(entry->token.jwt.header().key_id, "2026-11-signing-key");
  EXPECT_EQ(entry->token.key, TokenOf(TokenText(42)).key);
  EXPECT_EQ(entry->block_bytes, BytesOf(TokenText(42)));
  EXPECT_EQ(memory->bytes(), entry->block_bytes);
  EntryMemory::Release(*entry);
}

TEST(EntryMemoryTest, HoldsNoMoreThanItMay) {
  const std::string compact = TokenText(1);
  const EntryMemory::Owner memory =
      EntryMemory::Create(3 * BytesOf(compact) - 1);
  CacheEntry* const first = Make(*memory, compact);
  CacheEntry* const second = Make(*memory, compact);
  EXPECT_EQ(Make(*memory, compact), nullptr);
  EXPECT_EQ(memory->bytes(), 2 * BytesOf(compact));
  EntryMemory::Release(*first);
  CacheEntry* const third = Make(*memory, compact);
  EXPECT_EQ(third, first);  // Again the same block.
  EntryMemory::Release(*second);
  EntryMemory::Release(*third);
}

TEST(EntryMemoryTest, FreesSpareBlocksForThoseOfOtherSizes) {
  const std::string small = TokenText(1);
  const std::string large = TokenText(1, 2 * small.size());
  const EntryMemory::Owner memory = EntryMemory::Create(BytesOf(large));
  for (int i = 0; i < 3; ++i) {
    for (const std::string& compact : {small, large}) {
      CacheEntry* const entry = Make(*memory, compact);
      ASSERT_NE(entry, nullptr);
      EXPECT_EQ(memory->bytes(), BytesOf(compact));
      EntryMemory::Release(*entry);
    }
  }
}

TEST(EntryMemoryTest, ABlockIsNotSpareWhileSomebodyHasAHandle) {
  const std::string compact = TokenText(1);
  const EntryMemory::Owner memory = EntryMemory::Create(BytesOf(compact));
  CacheEntry* const entry = Make(*memory, compact);
  std::vector<UnverifiedJwt> handles(3, entry->token.jwt);
  EntryMemory::Release(*entry);
  while (!handles.empty()) {
    EXPECT_EQ(handles.back().claims().registered().jwt_id, "1");
    EXPECT_EQ(Make(*memory, TokenText(2)), nullptr);
    std::thread([&] { handles.pop_back(); }).join();
  }
  CacheEntry* const next = Make(*memory, TokenText(2));
  ASSERT_NE(next, nullptr);
  EntryMemory::Release(*next);
}

TEST(EntryMemoryTest, ContentOutlivesTheOwner) {
  EntryMemory::Owner memory = EntryMemory::Create(100'000);
  CacheEntry* const entry = Make(*memory, TokenText(1));
  const UnverifiedJwt handle = entry->token.jwt;
  EntryMemory::Release(*entry);
  memory.reset();
  EXPECT_EQ(handle.claims().registered().jwt_id, "1");
}

// From the smallest content to the longest token, and beyond.
TEST(EntryMemoryTest, BlocksOfAllSizesComeBack) {
  const EntryMemory::Owner memory =
      EntryMemory::Create(EntryMemory::kMaxBlockBytes);
  size_t last_bytes = 0;
  for (size_t padding = 0; padding < 11'000; padding += 10) {
    const std::string compact = TokenText(1, padding);
    const size_t bytes = BytesOf(compact);
    EXPECT_GE(bytes, last_bytes);
    EXPECT_LE(bytes, (sizeof(CacheEntry) + compact.size() +
                      TokenOf(compact).jwt.CopySize()) *
                         5 / 4);
    last_bytes = bytes;
    CacheEntry* const entry = Make(*memory, compact);
    EXPECT_EQ(entry->compact, compact);
    EntryMemory::Release(*entry);
    CacheEntry* const same = Make(*memory, compact);
    EXPECT_EQ(same, entry);
    EntryMemory::Release(*same);
  }
}

}  // namespace
}  // namespace signet
