#include "verifier/revocation_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace signet {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kHugePage = size_t{2} * 1024 * 1024;
constexpr std::align_val_t kCacheLine{64};

size_t RoundUp(size_t bytes, size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

// Returns pages of the kernel's that begin on a huge page.
void* MapHugePages(size_t bytes) {
  const size_t mapped = RoundUp(bytes, kPage);
  void* const all = mmap(nullptr, mapped + kHugePage, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) std::abort();
  char* const begin = static_cast<char*>(all);
  const size_t before = RoundUp(reinterpret_cast<uintptr_t>(all), kHugePage) -
                        reinterpret_cast<uintptr_t>(all);
  if (before != 0) munmap(begin, before);
  munmap(begin + before + mapped, kHugePage - before);
  // Without huge pages it is slower, and no less right.
  madvise(begin + before, mapped, MADV_HUGEPAGE);
  return begin + before;
}

}  // namespace

void* AllocateRevocationMemory(size_t bytes) {
  if (bytes >= kHugePage) return MapHugePages(bytes);
  return ::operator new(bytes, kCacheLine);
}

void FreeRevocationMemory(void* memory, size_t bytes) {
  if (bytes >= kHugePage) {
    munmap(memory, RoundUp(bytes, kPage));
    return;
  }
  ::operator delete(memory, kCacheLine);
}

}  // namespace signet
