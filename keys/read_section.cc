#include "keys/read_section.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "absl/base/thread_annotations.h"

namespace signet {
namespace read_section_internal {

constinit Epoch current_epoch;
constinit thread_local Slot* this_threads_slot = nullptr;

namespace {

// The registry needs no destructor, because threads may end after everything
// else has. ThreadSanitizer knows this mutex, and not Abseil's from a package.
constinit std::mutex registry_mutex;
constinit Slot* first_slot ABSL_GUARDED_BY(registry_mutex) = nullptr;

bool Membarrier(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0;
}

// Whether the kernel fences for us: decided once, before the first section.
bool KernelFences() {
  static const bool registered =
      Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  return registered;
}

void Unregister(void* ended) {
  const std::unique_ptr<Slot> slot(static_cast<Slot*>(ended));
  this_threads_slot = nullptr;
  const std::lock_guard lock(registry_mutex);
  (slot->previous == nullptr ? first_slot : slot->previous->next) = slot->next;
  if (slot->next != nullptr) slot->next->previous = slot->previous;
}

// A thread-specific value rather than a thread_local with a destructor: it
// goes after all of those, and comes back if one of them reads again.
pthread_key_t SlotOwner() {
  static const pthread_key_t owner = [] {
    pthread_key_t key;
    if (pthread_key_create(&key, Unregister) != 0) std::abort();
    return key;
  }();
  return owner;
}

}  // namespace

Slot* RegisterThisThread() {
  auto slot = std::make_unique<Slot>();
  slot->fences_itself = !KernelFences();
  if (pthread_setspecific(SlotOwner(), slot.get()) != 0) std::abort();
  this_threads_slot = slot.release();
  const std::lock_guard lock(registry_mutex);
  this_threads_slot->next = first_slot;
  if (first_slot != nullptr) first_slot->previous = this_threads_slot;
  first_slot = this_threads_slot;
  return this_threads_slot;
}

}  // namespace read_section_internal

uint64_t AdvanceEpoch() {
  // Release: who reads the new epoch sees what was unlinked before. And
  // sequentially consistent, for readers that fence themselves: unlinked, then
  // advanced, then looked at the slots.
  return read_section_internal::current_epoch.number.fetch_add(
      1, std::memory_order_seq_cst);
}

uint64_t OldestEpochInReach() {
  namespace internal = read_section_internal;
  if (internal::KernelFences() &&
      !internal::Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) {
    return 0;  // Not known to happen. Without the fence, nothing is safe.
  }
  // Relaxed: any epoch up to the current one is right, and the caller has
  // advanced it by itself.
  uint64_t oldest =
      internal::current_epoch.number.load(std::memory_order_relaxed);
  const std::lock_guard lock(internal::registry_mutex);
  for (const internal::Slot* slot = internal::first_slot; slot != nullptr;
       slot = slot->next) {
    // Acquire: what ended sections have read was read before it is freed. And
    // sequentially consistent, for readers that fence themselves.
    const uint64_t epoch = slot->epoch.load(std::memory_order_seq_cst);
    if (epoch != 0) oldest = std::min(oldest, epoch);
  }
  return oldest;
}

}  // namespace signet
