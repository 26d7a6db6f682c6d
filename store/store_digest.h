#ifndef SIGNET_STORE_STORE_DIGEST_H_
#define SIGNET_STORE_STORE_DIGEST_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "store/store.h"
#include "store/store_counts.h"

namespace signet {

// StoreDigest tells stores apart that do not hold the same. It is the same
// whatever the order, and only within one process.
struct StoreDigest {
  StoreMark mark;
  StoreCounts counts;
  // Sums of two hashes of each record. One that changes by chance leaves both
  // as they were once in 2^128 times; nobody here does it on purpose.
  uint64_t sum = 0;
  uint64_t other_sum = 0;

  // HoldsTheSameAs is true for stores with equal time and records, whatever
  // their revisions.
  bool HoldsTheSameAs(const StoreDigest& other) const {
    return mark.time == other.mark.time && counts == other.counts &&
           sum == other.sum && other_sum == other.other_sum;
  }
};

// DigestStore reads all of a store.
absl::StatusOr<StoreDigest> DigestStore(Store& store);

}  // namespace signet

#endif  // SIGNET_STORE_STORE_DIGEST_H_
