#include "verifier/s3_fifo.h"

#include <atomic>

namespace signet {

void S3Fifo::Add(CacheEntry& entry) {
  uint32_t& place = PlaceOf(entry);
  if (place == NameOf(entry)) {
    place = 0;
    PushToMain(entry);
  } else {
    small_.Push(entry);
  }
}

void S3Fifo::Remove(CacheEntry& entry) {
  (entry.queue == CacheEntry::Queue::kSmall ? small_ : main_).Remove(entry);
}

CacheEntry& S3Fifo::Evict() {
  // It ends: each turn takes a use from an entry, and uses are few.
  for (;;) {
    const bool small_is_next =
        small_.bytes() > max_small_bytes_ || main_.oldest() == nullptr;
    CacheEntry& entry = *(small_is_next ? small_ : main_).oldest();
    Remove(entry);
    // Relaxed: a use that is noted meanwhile may be lost.
    const uint8_t uses = entry.uses.load(std::memory_order_relaxed);
    if (uses == 0) {
      if (small_is_next) PlaceOf(entry) = NameOf(entry);
      return entry;
    }
    entry.uses.store(small_is_next ? 0 : uses - 1, std::memory_order_relaxed);
    PushToMain(entry);
  }
}

void S3Fifo::PushToMain(CacheEntry& entry) {
  entry.queue = CacheEntry::Queue::kMain;
  main_.Push(entry);
}

}  // namespace signet
