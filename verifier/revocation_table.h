#ifndef SIGNET_VERIFIER_REVOCATION_TABLE_H_
#define SIGNET_VERIFIER_REVOCATION_TABLE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "verifier/revocation_array.h"
#include "verifier/revocation_hash.h"
#include "verifier/revocation_slot.h"

namespace signet {

// RevocationTable finds the terms of what is revoked by its fingerprint. Any
// number of threads find, in read sections, while one thread at a time changes
// it.
//
// It is in shards, by 5 bits of the fingerprint that its slots do not keep, and
// each hangs on one pointer. A shard's array is filled in place. When it has no
// room left, an array a quarter larger takes its place by one store, and the
// old one is freed when no reader can stand on it (ReadSection). So what is
// there twice for a while is one shard in 32, and an entry of 16 bytes takes 24
// to 28 in all, from 4,000 entries to 10 million; the process grows by 31 at
// most. The price is that an entry is copied 4 times on average, which is a
// fifth of the time that adding takes.
template <typename Slot>
class RevocationTable {
 public:
  static constexpr size_t kShards = 32;

  RevocationTable() = default;
  RevocationTable(const RevocationTable&) =
      delete;  // Readers hold its address.
  RevocationTable& operator=(const RevocationTable&) = delete;
  ~RevocationTable();

  // FirstRead returns what Find reads first of what may be far from the
  // processor; null if there is nothing. The caller is in a read section.
  const void* FirstRead(const RevocationFingerprint& fingerprint) const {
    // Sequentially consistent: as in Find.
    const Array* const array =
        shards_[ShardOf(fingerprint)].load(std::memory_order_seq_cst);
    return array == nullptr ? nullptr : array->FirstRead(fingerprint);
  }

  // Find returns the terms for `fingerprint`, if there are any. The caller is
  // in a read section.
  std::optional<RevocationTerms> Find(
      const RevocationFingerprint& fingerprint) const {
    // Acquire, to read the array as it was written; and sequentially
    // consistent, as ReadSection demands.
    const Array* const array =
        shards_[ShardOf(fingerprint)].load(std::memory_order_seq_cst);
    if (array == nullptr) return std::nullopt;
    const Slot* const slot = array->Find(fingerprint);
    if (slot == nullptr) return std::nullopt;
    return slot->terms();
  }

  // Add adds `terms` for `fingerprint`, or joins them with those that there
  // are. Every Find that begins after its return knows them.
  void Add(const RevocationFingerprint& fingerprint,
           const RevocationTerms& terms);

  // DropExpired forgets what of one shard expires at `moment` or before, if
  // that is an eighth of it or more.
  void DropExpired(size_t shard, absl::Time moment);

  size_t entries() const { return entries_; }

  // bytes is all memory behind the object, used or not.
  size_t bytes() const { return bytes_; }

 private:
  using Array = RevocationArray<Slot>;

  struct Retired {
    uint64_t epoch;
    std::unique_ptr<const Array> array;
  };

  static size_t ShardOf(const RevocationFingerprint& fingerprint) {
    return fingerprint.second % kShards;
  }

  // Returns the array of a shard, for its one writer.
  Array* ArrayOf(size_t shard) const {
    // Relaxed: the caller is the one that wrote it.
    return shards_[shard].load(std::memory_order_relaxed);
  }

  // Moves what of a shard expires after `moment` into a new array, with room
  // for one more.
  void Rebuild(size_t shard, absl::Time moment);
  // Puts `array`, or null, in place of a shard's.
  void Exchange(size_t shard, std::unique_ptr<Array> array);
  void FreeRetired();

  // Keeps what readers read apart from what is written, wherever the object
  // lies: processors fetch lines of 64 bytes in pairs.
  using Gap = std::array<char, 128>;

  [[maybe_unused]] Gap before_{};
  std::array<std::atomic<Array*>, kShards> shards_{};
  [[maybe_unused]] Gap between_{};
  std::array<size_t, kShards> shard_entries_{};
  size_t entries_ = 0;
  size_t bytes_ = 0;
  std::vector<Retired> retired_;  // In the order of their epochs.
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATION_TABLE_H_
