#include "tests/allocations.h"

#if defined(SIGNET_HAS_JEMALLOC)
#include <jemalloc/jemalloc.h>
#endif

#include <cstdint>

namespace signet {

size_t BytesAllocatedByThisThread() {
  uint64_t bytes = 0;
#if defined(SIGNET_HAS_JEMALLOC)
  size_t size = sizeof(bytes);
  mallctl("thread.allocated", &bytes, &size, nullptr, 0);
#endif
  return bytes;
}

}  // namespace signet
