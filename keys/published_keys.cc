#include "keys/published_keys.h"

#include <new>
#include <utility>

#include "absl/numeric/bits.h"

namespace signet {
namespace {

// Objects start where a cache line does.
constexpr std::align_val_t kAlignment{64};

}  // namespace

std::unique_ptr<const PublishedKeys> PublishedKeys::Create(
    absl::string_view issuer, KeySet keys, uint64_t generation,
    const KeyedHash& hash) {
  const size_t index_size = absl::bit_ceil(2 * keys.keys().size() + 1);
  size_t trailing = RoundUp(issuer.size()) + index_size * sizeof(IndexEntry);
  for (const VerificationKey& key : keys.keys()) {
    trailing += sizeof(KeyRecord) + key.key_id().size();
  }
  auto owned = std::make_unique<const KeySet>(std::move(keys));
  std::unique_ptr<PublishedKeys> made(new (TrailingBytes{
      trailing}) PublishedKeys(issuer, std::move(owned), generation,
                               static_cast<uint32_t>(index_size - 1)));
  made->FillIn(issuer, hash);
  return made;
}

PublishedKeys::PublishedKeys(absl::string_view issuer,
                             std::unique_ptr<const KeySet> keys,
                             uint64_t generation, uint32_t index_mask)
    : generation_(generation),
      keys_(std::move(keys)),
      first_key_(keys_->keys().data()),
      issuer_size_(static_cast<uint32_t>(issuer.size())),
      index_mask_(index_mask) {}

void* PublishedKeys::operator new(size_t object, TrailingBytes trailing) {
  return ::operator new(object + trailing.count, kAlignment);
}

// Matched by the operator new above, which also takes TrailingBytes.
// NOLINTNEXTLINE(cert-dcl54-cpp,misc-new-delete-overloads)
void PublishedKeys::operator delete(void* object) {
  ::operator delete(object, kAlignment);
}

void PublishedKeys::FillIn(absl::string_view issuer, const KeyedHash& hash) {
  char* const first = reinterpret_cast<char*>(this);
  issuer.copy(first + IssuerAt(), issuer.size());
  const size_t index_bytes = (size_t{index_mask_} + 1) * sizeof(IndexEntry);
  std::memset(first + IndexAt(), 0, index_bytes);
  size_t place = IndexAt() + index_bytes;
  for (uint32_t i = 0; i < keys_->keys().size(); ++i) {
    const absl::string_view id = first_key_[i].key_id();
    Store(place, KeyRecord{i, static_cast<uint32_t>(id.size())});
    id.copy(first + place + sizeof(KeyRecord), id.size());
    const uint64_t id_hash = hash.Hash(id);
    AddToIndex(static_cast<uint32_t>(id_hash >> 32),
               {static_cast<uint32_t>(id_hash), static_cast<uint32_t>(place)});
    place += sizeof(KeyRecord) + id.size();
  }
}

void PublishedKeys::AddToIndex(uint32_t hash_high, IndexEntry entry) {
  for (uint64_t at = hash_high;; ++at) {
    const size_t place = IndexAt() + (at & index_mask_) * sizeof(IndexEntry);
    if (Load<IndexEntry>(place).record != 0) continue;
    Store(place, entry);
    return;
  }
}

}  // namespace signet
