#include "verifier/token_cache.h"

#include <algorithm>
#include <bit>

#include "jose/compact_jws.h"
#include "keys/read_section.h"

namespace signet {
namespace {

// A bucket for so many bytes: about two for each token of 700 bytes.
constexpr size_t kBytesPerBucket = 1024;

// Large enough that its last part of 16 has room for what readers hold up.
constexpr size_t kShardBytes = size_t{4} * 1024 * 1024;
constexpr size_t kMaxShards = 64;

size_t Buckets(size_t max_bytes) {
  return std::bit_floor(std::max(max_bytes / kBytesPerBucket, size_t{1}));
}

size_t Shards(size_t max_bytes) {
  return std::bit_floor(
      std::clamp(max_bytes / kShardBytes, size_t{1}, kMaxShards));
}

// Twice as many as there may be tokens, because they have but one place each.
size_t RememberedByShard(size_t max_bytes) {
  return Buckets(max_bytes) / Shards(max_bytes);
}

}  // namespace

TokenCache::TokenCache(size_t max_bytes, const TokenHash& hash)
    : hash_(hash),
      table_(Buckets(max_bytes)),
      shards_(Shards(max_bytes)),
      fixed_bytes_(sizeof(*this) + table_.bytes() + look_ups_.bytes() +
                   shards_.size() * (sizeof(shards_[0]) +
                                     TokenCacheShard::FixedBytes(
                                         RememberedByShard(max_bytes)))) {
  const size_t entries_bytes = max_bytes - std::min(max_bytes, fixed_bytes_);
  for (auto& shard : shards_) {
    shard = std::make_unique<TokenCacheShard>(
        table_, entries_bytes / shards_.size(), RememberedByShard(max_bytes));
  }
}

std::optional<CachedToken> TokenCache::Find(absl::string_view compact) {
  if (compact.size() > kMaxTokenBytes) return std::nullopt;
  const uint64_t hash = hash_.Hash(compact);
  const ReadSection section;
  CacheEntry* const entry = table_.Find(hash, compact);
  if (entry == nullptr) {
    look_ups_.CountMiss();
    return std::nullopt;
  }
  look_ups_.CountHit();
  entry->CountUse();
  return entry->token;
}

void TokenCache::Insert(absl::string_view compact, const CachedToken& token) {
  if (compact.size() > kMaxTokenBytes) return;
  const uint64_t hash = hash_.Hash(compact);
  ShardOf(hash).Insert(hash, compact, token);
}

void TokenCache::Clear() {
  for (const auto& shard : shards_) shard->Clear();
}

TokenCacheStats TokenCache::stats() const {
  const LookUpCounts::Totals look_ups = look_ups_.totals();
  TokenCacheStats stats{
      .bytes = fixed_bytes_, .hits = look_ups.hits, .misses = look_ups.misses};
  for (const auto& shard : shards_) {
    const TokenCacheShard::Counts counts = shard->counts();
    stats.entries += counts.entries;
    stats.bytes += counts.bytes;
    stats.insertions += counts.insertions;
    stats.evictions += counts.evictions;
  }
  return stats;
}

}  // namespace signet
