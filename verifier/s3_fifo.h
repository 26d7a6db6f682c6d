#ifndef SIGNET_VERIFIER_S3_FIFO_H_
#define SIGNET_VERIFIER_S3_FIFO_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verifier/cache_entry.h"
#include "verifier/entry_queue.h"

namespace signet {

// S3Fifo decides which entry goes when there is no room (Yang et al., "FIFO
// queues are all you need for cache eviction", SOSP 2023). It owns none.
//
// What is new waits in a small queue, a tenth of the room. What has been used
// there goes on to the main queue, and the rest goes, leaving its hash behind;
// who comes back while that is remembered enters the main queue at once. So
// tokens that are seen once, however many, pass through the small queue alone.
// In the main queue the oldest goes, unless it has been used: then it has
// another turn. Uses are only counted; nothing moves when a look-up succeeds.
class S3Fifo {
 public:
  // `max_bytes` is the room for all entries, which the caller sees to;
  // `remembered`, a power of two, is how many that went are remembered.
  S3Fifo(size_t max_bytes, size_t remembered)
      : max_small_bytes_(max_bytes / 10), gone_(remembered) {}

  // Add puts an entry that is new into its queue.
  void Add(CacheEntry& entry);

  // Remove takes out `entry`.
  void Remove(CacheEntry& entry);

  // Evict takes out the entry that is to go, and returns it. There must be one.
  CacheEntry& Evict();

  // any is some entry; null if there is none.
  CacheEntry* any() const {
    return main_.oldest() != nullptr ? main_.oldest() : small_.oldest();
  }

  // BytesFor returns the memory it takes to remember so many.
  static size_t BytesFor(size_t remembered) {
    return remembered * sizeof(uint32_t);
  }

  // bytes is the size of the blocks of all entries.
  size_t bytes() const { return small_.bytes() + main_.bytes(); }

 private:
  void PushToMain(CacheEntry& entry);
  // The place where the hash of this entry is remembered, until another entry
  // that goes has the same place. 0 is nobody.
  uint32_t& PlaceOf(const CacheEntry& entry) {
    return gone_[(entry.hash >> 16) & (gone_.size() - 1)];
  }
  static uint32_t NameOf(const CacheEntry& entry) {
    return static_cast<uint32_t>(entry.hash >> 32) | 1;
  }

  const size_t max_small_bytes_;
  EntryQueue small_;
  EntryQueue main_;
  std::vector<uint32_t> gone_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_S3_FIFO_H_
