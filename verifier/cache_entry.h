#ifndef SIGNET_VERIFIER_CACHE_ENTRY_H_
#define SIGNET_VERIFIER_CACHE_ENTRY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "verifier/cached_token.h"

namespace signet {

// CacheEntry is one token in TokenCache. In the block of memory that it begins
// there follow the content of the token and its bytes (EntryMemory).
struct alignas(std::max_align_t) CacheEntry {
  // Enough to tell what is used often from what was used twice, and so little
  // that a token in constant use is soon read only.
  static constexpr uint8_t kMostUses = 3;

  // CountUse notes that a look-up found the entry. Look-ups that meet here may
  // lose one of their notes, and none waits for the other.
  void CountUse() {
    // Relaxed: it stands for nothing but itself.
    const uint8_t seen = uses.load(std::memory_order_relaxed);
    if (seen < kMostUses) uses.store(seen + 1, std::memory_order_relaxed);
  }

  // What look-ups read. It does not change while they can reach the entry.
  const uint64_t hash;
  const absl::string_view compact;
  CachedToken token;
  // The next entry in the same bucket (EntryTable).
  std::atomic<CacheEntry*> next_in_bucket{nullptr};
  // Uses that replacement has not yet taken into account.
  std::atomic<uint8_t> uses{0};

  // The rest belongs to the shard, under its mutex.
  enum class Queue : uint8_t { kSmall, kMain };
  Queue queue = Queue::kSmall;
  // The size of the block.
  const uint32_t block_bytes;
  // Neighbours in the queue; of what has been retired, only `newer`.
  CacheEntry* newer = nullptr;
  CacheEntry* older = nullptr;
  // The epoch that ended when the entry had been retired.
  uint64_t retired_in = 0;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_CACHE_ENTRY_H_
