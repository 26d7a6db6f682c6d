#ifndef SIGNET_VERIFIER_ENTRY_MEMORY_H_
#define SIGNET_VERIFIER_ENTRY_MEMORY_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "jose/unverified_jwt.h"
#include "verifier/cache_entry.h"

namespace signet {

// EntryMemory makes entries, each in one block of memory with its content and
// its bytes, and never holds more bytes in blocks than it may. Blocks come in
// classes of size, four to each doubling, as allocators have them (so that
// theirs adds nothing), and are used again: while tokens are of similar sizes,
// it allocates nothing once it is full.
//
// A block comes back when neither the cache nor anybody else has a handle to
// its content. The last handle may be dropped on any thread, so blocks come
// back by way of a list without a lock; all other members are for one thread
// at a time.
class EntryMemory final : private JwtMemory {
 public:
  struct Closer {
    void operator()(EntryMemory* memory) const { memory->GiveUpUse(); }
  };
  // Owner has it freed when, besides, nobody has a handle any more.
  using Owner = std::unique_ptr<EntryMemory, Closer>;

  static Owner Create(size_t max_bytes) {
    return Owner(new EntryMemory(max_bytes));
  }

  EntryMemory(const EntryMemory&) = delete;  // Contents hold its address.
  EntryMemory& operator=(const EntryMemory&) = delete;

  // No block may be larger.
  static constexpr size_t kMaxBlockBytes = size_t{256} * 1024;

  // BlockBytes returns the size of the block for these.
  static size_t BlockBytes(absl::string_view compact, const UnverifiedJwt& jwt);

  // Make copies a token into an entry; null if there is no memory left. The
  // block is at most kMaxBlockBytes.
  CacheEntry* Make(uint64_t hash, absl::string_view compact,
                   const CachedToken& token);

  // Release ends an entry. Its block comes back now, or with the last handle
  // to its content.
  static void Release(CacheEntry& entry);

  // bytes is the size of all blocks: in use, held by a handle, or spare.
  size_t bytes() const { return bytes_; }

 private:
  // What a block is while it is no entry.
  struct Block {
    Block* next;
    size_t bytes;
  };
  // From a block for nothing but an entry to kMaxBlockBytes.
  static constexpr size_t kClasses = 48;

  explicit EntryMemory(size_t max_bytes) : max_bytes_(max_bytes) {}
  ~EntryMemory();

  void TakeBack(void* content) override;
  // Forgets one user; the last one's end is the end of the object.
  void GiveUpUse();
  void* TakeBlock(size_t bytes);
  // Puts the blocks that came back with the spare ones.
  void CollectReturned();
  // Frees spare blocks until the others have no more than `enough_bytes`.
  void FreeSpareBlocks(size_t enough_bytes);

  const size_t max_bytes_;
  size_t bytes_ = 0;
  std::array<Block*, kClasses> spare_{};
  std::atomic<Block*> returned_{nullptr};
  // Blocks that have not come back, and the owner.
  std::atomic<size_t> users_{1};
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_ENTRY_MEMORY_H_
