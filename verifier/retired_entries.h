#ifndef SIGNET_VERIFIER_RETIRED_ENTRIES_H_
#define SIGNET_VERIFIER_RETIRED_ENTRIES_H_

#include <cstddef>

#include "verifier/cache_entry.h"

namespace signet {

// RetiredEntries keeps entries that are unlinked, but that readers may still
// stand on. It owns none.
class RetiredEntries {
 public:
  RetiredEntries() = default;
  RetiredEntries(const RetiredEntries&) = delete;  // An entry retires once.
  RetiredEntries& operator=(const RetiredEntries&) = delete;

  // Add keeps `entry`, which has been unlinked.
  void Add(CacheEntry& entry);

  // added is how many came since the last TakeOutOfReach.
  size_t added() const { return added_; }

  // TakeOutOfReach returns those that no reader can stand on any more, linked
  // by `newer`. It waits for the kernel (OldestEpochInReach), about a
  // microsecond, so it is for several at a time.
  CacheEntry* TakeOutOfReach();

  // TakeAll returns all, linked likewise, for when there are no readers.
  CacheEntry* TakeAll();

 private:
  CacheEntry* oldest_ = nullptr;
  CacheEntry* newest_ = nullptr;
  // The oldest of those that no epoch has been noted for.
  CacheEntry* first_added_ = nullptr;
  size_t added_ = 0;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_RETIRED_ENTRIES_H_
