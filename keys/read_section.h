#ifndef SIGNET_KEYS_READ_SECTION_H_
#define SIGNET_KEYS_READ_SECTION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace signet {
namespace read_section_internal {

// Wider than a cache line: processors prefetch lines in pairs.
inline constexpr size_t kOwnLines = 128;

// Slot is where one thread says what it may be reading. Only that thread
// writes `epoch` and `depth`; only writers look at `epoch`; the links belong
// to whoever holds the registry's mutex.
struct alignas(kOwnLines) Slot {
  // The epoch in which the thread's outermost section began; 0 outside.
  std::atomic<uint64_t> epoch{0};
  uint32_t depth = 0;
  // The kernel cannot fence for us (AdvanceEpoch), so each entry does.
  bool fences_itself = false;
  Slot* next = nullptr;
  Slot* previous = nullptr;
};

// The epoch that begins with the latest replacement.
struct alignas(kOwnLines) Epoch {
  std::atomic<uint64_t> number{1};
};
extern constinit Epoch current_epoch;

// This thread's slot; null before its first section.
extern constinit thread_local Slot* this_threads_slot;

// Gives this thread a slot, until it ends.
Slot* RegisterThisThread();

}  // namespace read_section_internal

// ReadSection says that this thread may be reading what a lock-free structure
// has published. What is unlinked while a section lives stays allocated until
// after its end. Sections nest. A section ends on the thread that began it.
//
// The protocol is epoch-based reclamation (Fraser, 2004, section 5.2.3) with
// the fence on the writer's side. A reader notes the current epoch in a slot
// that is its thread's own, on a cache line that no other reader touches, and
// then follows pointers; at the end it clears the slot. A writer unlinks,
// advances the epoch, and tags what it unlinked with the epoch that ended.
// Then it has the kernel run a memory fence on every core that runs a thread
// of ours (membarrier(2)), and looks at all slots. A reader whose note the
// writer cannot see yet had not noted before that fence, so it follows
// pointers after it and finds only what replaced the unlinked. What is tagged
// with an epoch before all that are noted is therefore out of reach. Where
// membarrier is refused, readers note with a sequentially consistent exchange
// instead (4 ns more), and the rest stands unchanged.
//
// A reader never waits, but for the first section of each thread, which takes
// a mutex to enlist the slot. A writer never waits for readers: what is still
// in reach, it keeps for later. So a thread that sleeps in a section delays
// the freeing of all that is replaced meanwhile, in this process, and nothing
// else.
class ReadSection {
 public:
  ReadSection() : slot_(read_section_internal::this_threads_slot) {
    if (slot_ == nullptr) slot_ = read_section_internal::RegisterThisThread();
    if (slot_->depth++ != 0) return;
    // Acquire: to note an epoch is to say that all that was unlinked before it
    // began is seen as unlinked.
    const uint64_t now = read_section_internal::current_epoch.number.load(
        std::memory_order_acquire);
    if (slot_->fences_itself) {
      // Sequentially consistent: this comes before the pointers' loads, which
      // are so too, in the one order in which the writer unlinks before it
      // looks here. The release in it is explained below.
      slot_->epoch.exchange(now, std::memory_order_seq_cst);
      return;
    }
    // Release: a writer that sees this section may have missed the end of the
    // one before, and must come after it all the same.
    slot_->epoch.store(now, std::memory_order_release);
    // The compiler keeps the pointers' loads behind the note; the writer's
    // fence makes the processor.
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  // It stands for a stretch of one thread's life, which has no copy.
  ReadSection(const ReadSection&) = delete;
  ReadSection& operator=(const ReadSection&) = delete;

  ~ReadSection() {
    if (--slot_->depth != 0) return;
    // Release: the writer that sees this frees what was read before it.
    slot_->epoch.store(0, std::memory_order_release);
  }

 private:
  read_section_internal::Slot* slot_;
};

// AdvanceEpoch ends the current epoch and returns it, to tag with it what has
// been unlinked before this call. The unlinking store must be sequentially
// consistent, and so must the readers' loads of that pointer.
uint64_t AdvanceEpoch();

// OldestEpochInReach returns an epoch such that whatever is tagged with an
// earlier one can no longer be reached by any section, and may be freed. It
// waits for the kernel's fence and for threads that enlist, never for a
// section.
uint64_t OldestEpochInReach();

}  // namespace signet

#endif  // SIGNET_KEYS_READ_SECTION_H_
