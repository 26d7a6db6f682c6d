#ifndef SIGNET_STORE_STORE_COUNTS_H_
#define SIGNET_STORE_STORE_COUNTS_H_

#include <cstdint>

namespace signet {

// StoreCounts says how much was read or written.
struct StoreCounts {
  int64_t issuers = 0;
  int64_t keys = 0;
  int64_t revocations = 0;
  int64_t jwk_sets = 0;

  friend bool operator==(const StoreCounts&, const StoreCounts&) = default;
};

}  // namespace signet

#endif  // SIGNET_STORE_STORE_COUNTS_H_
