#ifndef SIGNET_VERIFIER_TOKEN_CACHE_H_
#define SIGNET_VERIFIER_TOKEN_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "verifier/cached_token.h"
#include "verifier/entry_table.h"
#include "verifier/look_up_counts.h"
#include "verifier/token_cache_shard.h"
#include "verifier/token_hash.h"

namespace signet {

// TokenCacheStats are what a TokenCache has done since it was made, and how
// large it is.
struct TokenCacheStats {
  size_t entries = 0;
  // All memory of the cache, used or not; at most what it was given.
  size_t bytes = 0;
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t insertions = 0;
  // Of entries that had to make room.
  uint64_t evictions = 0;
};

// TokenCache remembers of tokens that their signatures have been verified, and
// with which key. It knows nothing of time, policy, or which keys are trusted:
// an entry states a fact about bytes and a key that stays true. So whoever
// finds one asks whether the issuer's key is still that key
// (CachedToken::key), and decides the rest anew; and a key that is removed or
// replaced needs no removal of entries here.
//
// Look-ups take no lock: a keyed hash, a list of one or two entries, and the
// comparison of all bytes. Of what other threads read, they write the count of
// handles, and the note of the first few uses of an entry. Insertions take the
// mutex of one of a few shards, each with its part of the memory, and S3Fifo
// decides what goes when there is no room. What is never inserted, as a token
// that does not verify, displaces nothing.
class TokenCache {
 public:
  static constexpr size_t kDefaultBytes = size_t{64} * 1024 * 1024;

  // TokenCache uses at most `max_bytes`, from the first allocation to the last;
  // with less than a few hundred KiB, it remembers little or nothing.
  explicit TokenCache(size_t max_bytes, const TokenHash& hash = TokenHash());

  TokenCache(const TokenCache&) = delete;  // Readers hold its address.
  TokenCache& operator=(const TokenCache&) = delete;

  // Find returns what is known about these very bytes. It allocates nothing.
  // What it returns stays valid for as long as it is held, even when the cache
  // is gone; its memory counts for the cache meanwhile.
  std::optional<CachedToken> Find(absl::string_view compact);

  // Insert remembers `token` about `compact`, instead of what was known about
  // it. It keeps copies. A token whose content and bytes need more than a 32nd
  // of a shard is not remembered, nor is one that comes when all memory to
  // spare is still held by others. In a full cache of tokens of similar sizes,
  // it allocates nothing.
  void Insert(absl::string_view compact, const CachedToken& token);

  // Clear forgets everything: no Find that begins after its return finds what
  // was inserted before its call.
  void Clear();

  // stats takes each shard's mutex in turn.
  TokenCacheStats stats() const;

 private:
  TokenCacheShard& ShardOf(uint64_t hash) {
    return *shards_[hash & (shards_.size() - 1)];
  }

  const TokenHash hash_;
  EntryTable table_;
  std::vector<std::unique_ptr<TokenCacheShard>> shards_;
  LookUpCounts look_ups_;
  // Does not depend on what is in the cache.
  const size_t fixed_bytes_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_TOKEN_CACHE_H_
