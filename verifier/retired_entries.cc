#include "verifier/retired_entries.h"

#include <cstdint>
#include <utility>

#include "keys/read_section.h"

namespace signet {

void RetiredEntries::Add(CacheEntry& entry) {
  entry.newer = nullptr;
  (oldest_ == nullptr ? oldest_ : newest_->newer) = &entry;
  newest_ = &entry;
  if (added_++ == 0) first_added_ = &entry;
}

CacheEntry* RetiredEntries::TakeOutOfReach() {
  if (oldest_ == nullptr) return nullptr;
  if (added_ != 0) {
    const uint64_t epoch = AdvanceEpoch();
    for (CacheEntry* entry = first_added_; entry != nullptr;
         entry = entry->newer) {
      entry->retired_in = epoch;
    }
    added_ = 0;
  }
  const uint64_t oldest_in_reach = OldestEpochInReach();
  CacheEntry* last = nullptr;
  for (CacheEntry* entry = oldest_;
       entry != nullptr && entry->retired_in < oldest_in_reach;
       entry = entry->newer) {
    last = entry;
  }
  if (last == nullptr) return nullptr;
  CacheEntry* const rest = std::exchange(last->newer, nullptr);
  return std::exchange(oldest_, rest);
}

CacheEntry* RetiredEntries::TakeAll() {
  added_ = 0;
  return std::exchange(oldest_, nullptr);
}

}  // namespace signet
