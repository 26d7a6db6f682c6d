#ifndef SIGNET_VERIFIER_REVOCATION_ARRAY_H_
#define SIGNET_VERIFIER_REVOCATION_ARRAY_H_

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "verifier/revocation_hash.h"
#include "verifier/revocation_memory.h"
#include "verifier/revocation_slot.h"

namespace signet {

// RevocationArray is an open-addressed hash table of a fixed number of slots.
// One thread at a time writes, and any number read meanwhile; nothing is ever
// removed. It does not count what it holds, because readers and the writer
// would share the count's cache line.
//
// Slots are in buckets of four, which for RevocationSlot is a cache line. A
// bucket that is full leads on to the next. Before them lies a filter: words of
// 64 bits, one for every eight slots that may be filled, in which each of them
// sets four bits. It fits into the processor's cache when the slots do not, and
// answers for 97 of 100 fingerprints that have none. All lies behind the object
// in one piece of memory.
template <typename Slot>
class RevocationArray {
 public:
  // Create makes an array for at least `entries`.
  static std::unique_ptr<RevocationArray> Create(size_t entries) {
    const size_t buckets = entries / kMaxPerBucket + 1;
    const size_t words = RoundUpToLines(buckets * kMaxPerBucket / 8 + 1);
    const TrailingBytes trailing{words * sizeof(Word) +
                                 buckets * sizeof(Bucket)};
    return std::unique_ptr<RevocationArray>(
        new (trailing) RevocationArray(words, buckets));
  }

  // Arrays vary in size, and Create alone knows how to make one.
  RevocationArray(const RevocationArray&) = delete;
  RevocationArray& operator=(const RevocationArray&) = delete;
  ~RevocationArray() = default;
  // Its counterpart, which takes the size of what follows, is Create's alone.
  // NOLINTNEXTLINE(cert-dcl54-cpp,misc-new-delete-overloads)
  static void operator delete(RevocationArray* array,
                              std::destroying_delete_t) {
    const size_t bytes = array->bytes();
    array->~RevocationArray();
    FreeRevocationMemory(array, bytes);
  }

  // max_entries is how many slots may be filled, so that searches stay short.
  size_t max_entries() const { return buckets_ * kMaxPerBucket; }

  // bytes is the memory of the array.
  size_t bytes() const {
    return sizeof(*this) + words_ * sizeof(Word) + buckets_ * sizeof(Bucket);
  }

  // FirstRead returns what Find reads first.
  const void* FirstRead(const RevocationFingerprint& fingerprint) const {
    return &WordOf(Slot::PlaceOf(fingerprint));
  }

  // Find returns the slot of `fingerprint`, or null.
  Slot* Find(const RevocationFingerprint& fingerprint) const {
    const uint64_t place = Slot::PlaceOf(fingerprint);
    const uint64_t bits = FilterBits(fingerprint.second);
    // Relaxed: who is to find the slot, comes after all that was written of it.
    const uint64_t word = WordOf(place).load(std::memory_order_relaxed);
    if ((word & bits) != bits) return nullptr;
    return FindBehindFilter(fingerprint, place);
  }

  // Add fills a slot for `fingerprint`, which has none. There must be room.
  void Add(const RevocationFingerprint& fingerprint,
           const RevocationTerms& terms) {
    FirstEmpty(Slot::PlaceOf(fingerprint)).Fill(fingerprint, terms);
    SetFilter(Slot::PlaceOf(fingerprint), fingerprint.second);
  }

  // AddCopy fills a slot like `slot`, whose fingerprint has none, while no
  // reader can see this array. There must be room.
  void AddCopy(const Slot& slot) {
    FirstEmpty(slot.place()).CopyFrom(slot);
    SetFilter(slot.place(), slot.rest());
  }

  // ForEach calls `visit` with each slot that is filled.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (size_t i = 0; i < buckets_; ++i) {
      for (const Slot& slot : first_bucket_[i].slots) {
        if (slot.place() != 0) visit(slot);
      }
    }
  }

 private:
  using Word = std::atomic<uint64_t>;

  struct Bucket {
    Slot slots[4];
  };

  static constexpr size_t kCacheLine = 64;
  static constexpr size_t kMaxPerBucket = 3;

  // TrailingBytes follow the object in its piece of memory.
  struct TrailingBytes {
    size_t count;
  };
  static void* operator new(size_t object, TrailingBytes trailing) {
    return AllocateRevocationMemory(object + trailing.count);
  }

  RevocationArray(size_t words, size_t buckets)
      : first_word_(reinterpret_cast<Word*>(this + 1)),
        first_bucket_(reinterpret_cast<Bucket*>(first_word_ + words)),
        words_(words),
        buckets_(buckets) {
    std::uninitialized_value_construct_n(first_word_, words);
    std::uninitialized_value_construct_n(first_bucket_, buckets);
  }

  static constexpr size_t RoundUpToLines(size_t words) {
    constexpr size_t kWordsPerLine = kCacheLine / sizeof(Word);
    return (words + kWordsPerLine - 1) / kWordsPerLine * kWordsPerLine;
  }

  // Maps a place, which may be any number, to one below `count`.
  static size_t Scale(uint64_t place, size_t count) {
    return static_cast<size_t>(RevocationHash::Uint128{place} * count >> 64);
  }

  // Four bits, which the upper half of a fingerprint's `second` chooses.
  static uint64_t FilterBits(uint64_t second) {
    const auto bit = [second](int number) {
      return uint64_t{1} << (second >> (64 - 6 * number) & 63);
    };
    return bit(1) | bit(2) | bit(3) | bit(4);
  }

  Word& WordOf(uint64_t place) const {
    return first_word_[Scale(place, words_)];
  }

  void SetFilter(uint64_t place, uint64_t second) {
    // Relaxed: only this thread writes; for readers, see Find.
    Word& word = WordOf(place);
    word.store(word.load(std::memory_order_relaxed) | FilterBits(second),
               std::memory_order_relaxed);
  }

  Bucket* After(Bucket* bucket) const {
    return bucket + 1 == first_bucket_ + buckets_ ? first_bucket_ : bucket + 1;
  }

  Slot* FindBehindFilter(const RevocationFingerprint& fingerprint,
                         uint64_t place) const {
    for (Bucket* bucket = first_bucket_ + Scale(place, buckets_);;
         bucket = After(bucket)) {
      // No branch for each slot, because none could be foretold: the processor
      // goes on to what comes after the look-up while memory answers.
      uint32_t matches = 0;
      uint32_t empty = 0;
#pragma GCC unroll 4
      for (uint32_t i = 0; i < 4; ++i) {
        const uint64_t taken_by = bucket->slots[i].place();
        matches |= (taken_by == place ? 1U : 0U) << i;
        empty |= taken_by == 0 ? 1U : 0U;
      }
      for (; matches != 0; matches &= matches - 1) {
        Slot& slot = bucket->slots[std::countr_zero(matches)];
        if (slot.Holds(fingerprint)) return &slot;
      }
      if (empty != 0) return nullptr;
    }
  }

  Slot& FirstEmpty(uint64_t place) const {
    for (Bucket* bucket = first_bucket_ + Scale(place, buckets_);;
         bucket = After(bucket)) {
      for (Slot& slot : bucket->slots) {
        if (slot.place() == 0) return slot;
      }
    }
  }

  Word* const first_word_;
  Bucket* const first_bucket_;
  const size_t words_;
  const size_t buckets_;
  // The filter begins on a cache line.
  uint64_t padding_[4] = {};
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATION_ARRAY_H_
