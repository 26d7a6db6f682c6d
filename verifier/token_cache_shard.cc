#include "verifier/token_cache_shard.h"

#include <algorithm>

namespace signet {
namespace {

// So many retire before the kernel is asked to fence, which takes about a
// microsecond.
constexpr size_t kRetiredAtOnce = 8;

// No block is larger than this part of a shard.
constexpr size_t kLargestPart = 32;

// What can be found is at most this.
constexpr size_t MaxFindableBytes(size_t max_bytes) {
  return max_bytes / 16 * 15;
}

// Ends entries that are linked by `newer`.
void ReleaseAll(CacheEntry* entry) {
  while (entry != nullptr) {
    CacheEntry* const next = entry->newer;
    EntryMemory::Release(*entry);
    entry = next;
  }
}

}  // namespace

TokenCacheShard::TokenCacheShard(EntryTable& table, size_t max_bytes,
                                 size_t remembered)
    : max_bytes_(max_bytes),
      table_(table),
      memory_(EntryMemory::Create(max_bytes)),
      queues_(MaxFindableBytes(max_bytes), remembered) {}

TokenCacheShard::~TokenCacheShard() {
  const std::lock_guard lock(mutex_);
  RetireAll();
  ReleaseAll(retired_.TakeAll());
}

void TokenCacheShard::Insert(uint64_t hash, absl::string_view compact,
                             const CachedToken& token) {
  const size_t block_bytes = EntryMemory::BlockBytes(compact, token.jwt);
  if (block_bytes >
      std::min(max_bytes_ / kLargestPart, EntryMemory::kMaxBlockBytes)) {
    return;
  }
  const std::lock_guard lock(mutex_);
  if (CacheEntry* const same = table_.Find(hash, compact)) {
    // Whoever verified the same token at the same time came first.
    if (same->token.key == token.key) return same->CountUse();
    queues_.Remove(*same);
    Retire(*same);
  }
  MakeRoom(block_bytes);
  CacheEntry* entry = memory_->Make(hash, compact, token);
  if (entry == nullptr) {
    FreeRetired();
    entry = memory_->Make(hash, compact, token);
  }
  if (entry == nullptr) return;  // All is held by readers and handles.
  table_.Link(*entry);
  queues_.Add(*entry);
  ++counts_.entries;
  ++counts_.insertions;
}

void TokenCacheShard::Clear() {
  const std::lock_guard lock(mutex_);
  RetireAll();
  FreeRetired();
}

TokenCacheShard::Counts TokenCacheShard::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.bytes = memory_->bytes();
  return counts;
}

void TokenCacheShard::MakeRoom(size_t block_bytes) {
  while (queues_.bytes() + block_bytes > MaxFindableBytes(max_bytes_)) {
    Retire(queues_.Evict());
    ++counts_.evictions;
  }
  if (retired_.added() >= kRetiredAtOnce) FreeRetired();
}

void TokenCacheShard::Retire(CacheEntry& entry) {
  table_.Unlink(entry);
  retired_.Add(entry);
  --counts_.entries;
}

void TokenCacheShard::FreeRetired() { ReleaseAll(retired_.TakeOutOfReach()); }

void TokenCacheShard::RetireAll() {
  while (CacheEntry* const entry = queues_.any()) {
    queues_.Remove(*entry);
    Retire(*entry);
  }
}

}  // namespace signet
