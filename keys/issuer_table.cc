#include "keys/issuer_table.h"

#include <algorithm>

#include "absl/numeric/bits.h"

namespace signet {
namespace {

constexpr size_t kMinPlaces = 64;

}  // namespace

// At most half of the places are used, so that most look-ups find what they
// seek in the first.
IssuerTable::IssuerTable(size_t issuers)
    : mask_(std::max(absl::bit_ceil(2 * issuers), kMinPlaces) - 1),
      shift_(absl::countl_zero(uint64_t{mask_})),
      max_used_places_((mask_ + 1) / 2),
      places_(std::make_unique<Place[]>(mask_ + 1)) {}

const PublishedKeys* IssuerTable::Exchange(absl::string_view issuer,
                                           uint64_t hash,
                                           const PublishedKeys* keys) {
  Place& place = PlaceFor(issuer, hash);
  // Relaxed: this thread, or one before it under the same mutex, wrote both.
  const PublishedKeys* const old = place.keys.load(std::memory_order_relaxed);
  if (place.hash.load(std::memory_order_relaxed) == kUnused) {
    if (keys == nullptr) return nullptr;
    ++used_places_;
    // Relaxed: a reader that sees it too early finds no pointer, and one that
    // sees the pointer's store, which is a release, sees this too.
    place.hash.store(hash, std::memory_order_relaxed);
  }
  // Release, so that readers see what it leads to; and sequentially consistent,
  // as AdvanceEpoch demands, and so that it is visible to all when we return.
  place.keys.store(keys, std::memory_order_seq_cst);
  return old;
}

IssuerTable::Place& IssuerTable::PlaceFor(absl::string_view issuer,
                                          uint64_t hash) {
  Place* vacated = nullptr;
  for (size_t i = hash >> shift_;; i = (i + 1) & mask_) {
    Place& place = places_[i];
    // Relaxed, both: as in Exchange.
    const uint64_t place_hash = place.hash.load(std::memory_order_relaxed);
    if (place_hash == kUnused) return vacated == nullptr ? place : *vacated;
    if (place_hash != hash) continue;
    const PublishedKeys* const keys =
        place.keys.load(std::memory_order_relaxed);
    if (keys == nullptr) {
      vacated = &place;
    } else if (keys->issuer() == issuer) {
      return place;
    }
  }
}

std::unique_ptr<IssuerTable> IssuerTable::Rebuild() const {
  size_t issuers = 0;
  ForEach([&issuers](const PublishedKeys&) { ++issuers; });
  auto successor = std::make_unique<IssuerTable>(2 * issuers);
  for (size_t i = 0; i <= mask_; ++i) {
    // Relaxed, both: as in Exchange.
    const PublishedKeys* const keys =
        places_[i].keys.load(std::memory_order_relaxed);
    if (keys == nullptr) continue;
    successor->Exchange(keys->issuer(),
                        places_[i].hash.load(std::memory_order_relaxed), keys);
  }
  return successor;
}

}  // namespace signet
