#include "verifier/revocation_table.h"

#include <algorithm>
#include <utility>

#include "keys/read_section.h"

namespace signet {
namespace {

// A table shrinks only by what is worth the copying.
constexpr size_t kLeastPartToDrop = 8;

}  // namespace

template <typename Slot>
RevocationTable<Slot>::~RevocationTable() {
  for (const std::atomic<Array*>& shard : shards_) {
    delete shard.load(
        std::memory_order_relaxed);  // Relaxed: no reader is left.
  }
}

template <typename Slot>
void RevocationTable<Slot>::Add(const RevocationFingerprint& fingerprint,
                                const RevocationTerms& terms) {
  const size_t shard = ShardOf(fingerprint);
  if (const Array* const array = ArrayOf(shard)) {
    if (Slot* const slot = array->Find(fingerprint)) return slot->Join(terms);
  }
  if (ArrayOf(shard) == nullptr ||
      shard_entries_[shard] == ArrayOf(shard)->max_entries()) {
    Rebuild(shard, absl::InfinitePast());
  }
  ArrayOf(shard)->Add(fingerprint, terms);
  ++shard_entries_[shard];
  ++entries_;
}

template <typename Slot>
void RevocationTable<Slot>::DropExpired(size_t shard, absl::Time moment) {
  const Array* const array = ArrayOf(shard);
  if (array == nullptr) return;
  size_t expired = 0;
  array->ForEach([&](const Slot& slot) {
    if (slot.expires() <= moment) ++expired;
  });
  if (expired == 0 || expired < shard_entries_[shard] / kLeastPartToDrop) {
    return;
  }
  entries_ -= expired;
  shard_entries_[shard] -= expired;
  if (shard_entries_[shard] == 0) return Exchange(shard, nullptr);
  Rebuild(shard, moment);
}

template <typename Slot>
void RevocationTable<Slot>::Rebuild(size_t shard, absl::Time moment) {
  const size_t entries = shard_entries_[shard];
  std::unique_ptr<Array> array = Array::Create(entries + entries / 4 + 1);
  if (const Array* const old = ArrayOf(shard)) {
    old->ForEach([&](const Slot& slot) {
      if (slot.expires() > moment) array->AddCopy(slot);
    });
  }
  Exchange(shard, std::move(array));
}

template <typename Slot>
void RevocationTable<Slot>::Exchange(size_t shard,
                                     std::unique_ptr<Array> array) {
  if (array != nullptr) bytes_ += array->bytes();
  // Sequentially consistent, as AdvanceEpoch demands.
  std::unique_ptr<const Array> old(
      shards_[shard].exchange(array.release(), std::memory_order_seq_cst));
  if (old == nullptr) return;
  retired_.push_back({AdvanceEpoch(), std::move(old)});
  FreeRetired();
}

template <typename Slot>
void RevocationTable<Slot>::FreeRetired() {
  const uint64_t oldest_in_reach = OldestEpochInReach();
  const auto first_in_reach = std::find_if(
      retired_.begin(), retired_.end(),
      [&](const Retired& old) { return old.epoch >= oldest_in_reach; });
  std::for_each(retired_.begin(), first_in_reach,
                [&](const Retired& old) { bytes_ -= old.array->bytes(); });
  retired_.erase(retired_.begin(), first_in_reach);
}

template class RevocationTable<RevocationSlot>;
template class RevocationTable<DatedRevocationSlot>;

}  // namespace signet
