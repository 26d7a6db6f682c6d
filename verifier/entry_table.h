#ifndef SIGNET_VERIFIER_ENTRY_TABLE_H_
#define SIGNET_VERIFIER_ENTRY_TABLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "verifier/cache_entry.h"

namespace signet {

// EntryTable finds entries by their bytes. It owns none of them.
//
// A bucket is a list. Any number of threads follow it in read sections; one
// writer at a time changes it, each time with one store that links or unlinks
// an entry. An unlinked entry still leads on to those behind it, so a reader
// that stands on it goes its way; it must stay as it is until no section can
// reach it.
class EntryTable {
 public:
  // `buckets` is a power of two. Hashes with the same remainder by it share a
  // bucket.
  explicit EntryTable(size_t buckets) : buckets_(buckets) {}

  // Find returns the entry of `compact`, whose hash is `hash`, or null. The
  // caller is in a read section, which the entry is valid for, or is the writer
  // of the bucket.
  CacheEntry* Find(uint64_t hash, absl::string_view compact) const {
    // Acquire, to read entries as they were written; and sequentially
    // consistent, as ReadSection demands.
    for (CacheEntry* entry = BucketOf(hash).load(std::memory_order_seq_cst);
         entry != nullptr;
         entry = entry->next_in_bucket.load(std::memory_order_seq_cst)) {
      if (entry->hash == hash && entry->compact == compact) return entry;
    }
    return nullptr;
  }

  // Link has Find find `entry`, which no reader has seen.
  void Link(CacheEntry& entry) {
    std::atomic<CacheEntry*>& bucket = BucketOf(entry.hash);
    // Relaxed: only this writer changes the bucket, and readers see the entry
    // through the next store. That is a release for them.
    entry.next_in_bucket.store(bucket.load(std::memory_order_relaxed),
                               std::memory_order_relaxed);
    bucket.store(&entry, std::memory_order_release);
  }

  // Unlink has no later Find return `entry`, which was linked.
  void Unlink(const CacheEntry& entry) {
    std::atomic<CacheEntry*>* link = &BucketOf(entry.hash);
    // Relaxed: only this writer changes them.
    for (CacheEntry* at; (at = link->load(std::memory_order_relaxed)) != &entry;
         link = &at->next_in_bucket) {
    }
    // Sequentially consistent, as AdvanceEpoch demands.
    link->store(entry.next_in_bucket.load(std::memory_order_relaxed),
                std::memory_order_seq_cst);
  }

  // bytes is the memory of the table.
  size_t bytes() const { return buckets_.size() * sizeof(buckets_[0]); }

 private:
  using Bucket = std::atomic<CacheEntry*>;

  Bucket& BucketOf(uint64_t hash) {
    return buckets_[hash & (buckets_.size() - 1)];
  }
  const Bucket& BucketOf(uint64_t hash) const {
    return buckets_[hash & (buckets_.size() - 1)];
  }

  std::vector<Bucket> buckets_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_ENTRY_TABLE_H_
