#ifndef SIGNET_VERIFIER_TOKEN_CACHE_SHARD_H_
#define SIGNET_VERIFIER_TOKEN_CACHE_SHARD_H_

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "verifier/cache_entry.h"
#include "verifier/cached_token.h"
#include "verifier/entry_memory.h"
#include "verifier/entry_table.h"
#include "verifier/retired_entries.h"
#include "verifier/s3_fifo.h"

namespace signet {

// TokenCacheShard is the writer of a part of TokenCache's buckets, and owns the
// entries in them. Look-ups pass it by.
//
// Its memory is in use by entries that can be found, up to 15 parts of 16; the
// last part is for those that are retired and for spare blocks. An entry that
// goes makes room for a later one, because readers may still stand on it.
class TokenCacheShard {
 public:
  struct Counts {
    size_t entries = 0;
    // Of all blocks (EntryMemory).
    size_t bytes = 0;
    uint64_t insertions = 0;
    uint64_t evictions = 0;
  };

  // `table` outlives the shard.
  TokenCacheShard(EntryTable& table, size_t max_bytes, size_t remembered);

  TokenCacheShard(const TokenCacheShard&) = delete;  // Its entries have one
  TokenCacheShard& operator=(const TokenCacheShard&) = delete;  // owner.

  ~TokenCacheShard();

  // FixedBytes returns what a shard takes beside its entries.
  static size_t FixedBytes(size_t remembered) {
    return sizeof(TokenCacheShard) + sizeof(EntryMemory) +
           S3Fifo::BytesFor(remembered);
  }

  // Insert is TokenCache::Insert for a token of this shard.
  void Insert(uint64_t hash, absl::string_view compact,
              const CachedToken& token);

  // Clear is TokenCache::Clear for this shard.
  void Clear();

  Counts counts() const;

 private:
  // Retires an entry that is in no queue any more.
  void Retire(CacheEntry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Frees what is out of reach.
  void FreeRetired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Evicts until there is room for a block of this size.
  void MakeRoom(size_t block_bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes all entries out, one after the other.
  void RetireAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_bytes_;
  EntryTable& table_;
  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  mutable std::mutex mutex_;
  const EntryMemory::Owner memory_ ABSL_PT_GUARDED_BY(mutex_);
  S3Fifo queues_ ABSL_GUARDED_BY(mutex_);
  RetiredEntries retired_ ABSL_GUARDED_BY(mutex_);
  Counts counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_TOKEN_CACHE_SHARD_H_
