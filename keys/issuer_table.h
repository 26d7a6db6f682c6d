#ifndef SIGNET_KEYS_ISSUER_TABLE_H_
#define SIGNET_KEYS_ISSUER_TABLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "keys/published_keys.h"

namespace signet {

// IssuerTable maps issuers to their published keys: an open-addressed hash
// table that any number of threads may read, without locks, while one writes.
//
// A place in it holds the hash of an issuer and a pointer. The hash is written
// once, when the issuer first comes, and never again; from then on, adding,
// replacing and removing keys is one store of the pointer. So a reader finds
// the old keys of an issuer or the new ones or none, and nothing in between.
// A removed issuer keeps its place until the table is full and its successor
// takes over (Rebuild). The table does not own the keys, and says nothing about
// how long they live: that is KeyCache's part.
class IssuerTable {
 public:
  // The table holds `issuers` issuers, and at least a few.
  explicit IssuerTable(size_t issuers);

  // Readers hold its address.
  IssuerTable(const IssuerTable&) = delete;
  IssuerTable& operator=(const IssuerTable&) = delete;

  // Find returns the keys of `issuer`, whose hash is `hash`, or null.
  const PublishedKeys* Find(absl::string_view issuer, uint64_t hash) const {
    for (size_t i = hash >> shift_;; i = (i + 1) & mask_) {
      const Place& place = places_[i];
      // Relaxed: it only tells whether the pointer is worth a look.
      const uint64_t place_hash = place.hash.load(std::memory_order_relaxed);
      if (place_hash == kUnused) return nullptr;
      if (place_hash != hash) continue;
      // Acquire, to read what the pointer leads to as it was written; and
      // sequentially consistent, as ReadSection demands.
      const PublishedKeys* const keys =
          place.keys.load(std::memory_order_seq_cst);
      if (keys == nullptr) continue;
      keys->Prefetch();
      if (keys->IsOf(issuer)) return keys;
    }
  }

  // IsFull says that there is no place for another issuer.
  bool IsFull() const { return used_places_ == max_used_places_; }

  // Exchange puts `keys`, or null for none, where Find looks for `issuer`, and
  // returns what was there. The table must not be full.
  const PublishedKeys* Exchange(absl::string_view issuer, uint64_t hash,
                                const PublishedKeys* keys);

  // Rebuild returns a table with the same keys, and room for as many again.
  std::unique_ptr<IssuerTable> Rebuild() const;

  // ForEach calls `visit` with the keys of every issuer.
  template <typename Visitor>
  void ForEach(const Visitor& visit) const {
    for (size_t i = 0; i <= mask_; ++i) {
      // Relaxed: for the writer, who put it there.
      const PublishedKeys* const keys =
          places_[i].keys.load(std::memory_order_relaxed);
      if (keys != nullptr) visit(*keys);
    }
  }

 private:
  static constexpr uint64_t kUnused = 0;  // No hash is 0.

  struct Place {
    std::atomic<uint64_t> hash{kUnused};
    std::atomic<const PublishedKeys*> keys{nullptr};
  };

  // Returns the place of `issuer`, or the one that it would take.
  Place& PlaceFor(absl::string_view issuer, uint64_t hash);

  size_t mask_;
  int shift_;
  size_t max_used_places_;
  size_t used_places_ = 0;
  std::unique_ptr<Place[]> places_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_ISSUER_TABLE_H_
