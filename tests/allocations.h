#ifndef SIGNET_TESTS_ALLOCATIONS_H_
#define SIGNET_TESTS_ALLOCATIONS_H_

#include <cstddef>

namespace signet {

// BytesAllocatedByThisThread grows with every allocation that this thread
// makes, by whatever function, and never shrinks. Under a sanitizer, which
// brings its own allocator, it stays 0.
size_t BytesAllocatedByThisThread();

}  // namespace signet

#endif  // SIGNET_TESTS_ALLOCATIONS_H_
