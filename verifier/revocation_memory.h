#ifndef SIGNET_VERIFIER_REVOCATION_MEMORY_H_
#define SIGNET_VERIFIER_REVOCATION_MEMORY_H_

#include <cstddef>

namespace signet {

// AllocateRevocationMemory returns `bytes` that begin on a cache line; or the
// program ends. What has room for a huge page comes from the kernel and begins
// on one: random access to hundreds of MiB then spares the processor its walks
// through page tables, and what is freed goes back at once.
void* AllocateRevocationMemory(size_t bytes);

// FreeRevocationMemory frees what AllocateRevocationMemory returned for as many
// `bytes`.
void FreeRevocationMemory(void* memory, size_t bytes);

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATION_MEMORY_H_
