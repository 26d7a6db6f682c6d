#ifndef SIGNET_VERIFIER_ENTRY_QUEUE_H_
#define SIGNET_VERIFIER_ENTRY_QUEUE_H_

#include <cstddef>

#include "verifier/cache_entry.h"

namespace signet {

// EntryQueue is a queue of entries, linked through them. It owns none.
class EntryQueue {
 public:
  EntryQueue() = default;
  EntryQueue(const EntryQueue&) = delete;  // An entry is in one queue only.
  EntryQueue& operator=(const EntryQueue&) = delete;

  // oldest is the entry that came first; null if the queue is empty.
  CacheEntry* oldest() const { return oldest_; }
  // bytes is the size of the blocks of all entries.
  size_t bytes() const { return bytes_; }

  // Push makes `entry` the newest.
  void Push(CacheEntry& entry) {
    entry.older = newest_;
    entry.newer = nullptr;
    (newest_ == nullptr ? oldest_ : newest_->newer) = &entry;
    newest_ = &entry;
    bytes_ += entry.block_bytes;
  }

  // Remove takes out `entry`, which is in this queue.
  void Remove(CacheEntry& entry) {
    (entry.older == nullptr ? oldest_ : entry.older->newer) = entry.newer;
    (entry.newer == nullptr ? newest_ : entry.newer->older) = entry.older;
    bytes_ -= entry.block_bytes;
  }

 private:
  CacheEntry* oldest_ = nullptr;
  CacheEntry* newest_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_ENTRY_QUEUE_H_
