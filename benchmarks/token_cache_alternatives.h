#ifndef SIGNET_BENCHMARKS_TOKEN_CACHE_ALTERNATIVES_H_
#define SIGNET_BENCHMARKS_TOKEN_CACHE_ALTERNATIVES_H_

// What TokenCache could have been. Good enough to be measured.

#include <array>
#include <cstddef>
#include <list>
#include <mutex>
#include <new>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "jose/unverified_jwt.h"
#include "verifier/cached_token.h"

namespace signet {

// Content that is kept in an allocation of its own.
class HeapMemory final : public JwtMemory {
 public:
  static CachedToken Copy(const CachedToken& token) {
    static HeapMemory& heap = *new HeapMemory;
    void* const memory = ::operator new(token.jwt.CopySize());
    return {token.jwt.CopyInto(memory, heap), token.key};
  }
  void TakeBack(void* memory) override { ::operator delete(memory); }
};

// A map of Abseil's under a std::shared_mutex: the plain way, and the baseline.
// It never forgets.
class SharedMutexMap {
 public:
  explicit SharedMutexMap(size_t /*max_bytes*/) {}

  std::optional<CachedToken> Find(absl::string_view compact) {
    const std::shared_lock lock(mutex_);
    const auto found = map_.find(compact);
    if (found == map_.end()) return std::nullopt;
    return found->second;
  }
  void Insert(absl::string_view compact, const CachedToken& token) {
    CachedToken copy = HeapMemory::Copy(token);
    const std::unique_lock lock(mutex_);
    map_.insert_or_assign(std::string(compact), std::move(copy));
  }

 private:
  std::shared_mutex mutex_;
  absl::flat_hash_map<std::string, CachedToken> map_;
};

// Least recently used goes first: as many shards as TokenCache has for 64 MiB,
// each a list and a map under a mutex. Bytes are counted as an optimist would.
class ShardedLru {
 public:
  explicit ShardedLru(size_t max_bytes)
      : max_shard_bytes_(max_bytes / kShards) {}

  std::optional<CachedToken> Find(absl::string_view compact) {
    Shard& shard = ShardOf(compact);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.map.find(compact);
    if (found == shard.map.end()) return std::nullopt;
    shard.list.splice(shard.list.begin(), shard.list, found->second);
    return found->second->token;
  }
  void Insert(absl::string_view compact, const CachedToken& token) {
    Shard& shard = ShardOf(compact);
    const std::lock_guard lock(shard.mutex);
    if (shard.map.contains(compact)) return;
    shard.list.push_front({std::string(compact), HeapMemory::Copy(token)});
    shard.map.emplace(shard.list.front().compact, shard.list.begin());
    shard.bytes += BytesOf(shard.list.front());
    while (shard.bytes > max_shard_bytes_) {
      shard.bytes -= BytesOf(shard.list.back());
      shard.map.erase(shard.list.back().compact);
      shard.list.pop_back();
    }
  }

 private:
  static constexpr size_t kShards = 16;

  struct Entry {
    std::string compact;
    CachedToken token;
  };
  struct alignas(128) Shard {
    std::mutex mutex;
    std::list<Entry> list;
    absl::flat_hash_map<absl::string_view, std::list<Entry>::iterator> map;
    size_t bytes = 0;
  };

  static size_t BytesOf(const Entry& entry) {
    constexpr size_t kListLinks = 16;
    constexpr size_t kPlaceInMap = 32;  // At a load of 3/4.
    return sizeof(Entry) + kListLinks + kPlaceInMap + entry.compact.size() +
           entry.token.jwt.CopySize();
  }
  Shard& ShardOf(absl::string_view compact) {
    return shards_[absl::HashOf(compact.substr(compact.size() - 32)) % kShards];
  }

  const size_t max_shard_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace signet

#endif  // SIGNET_BENCHMARKS_TOKEN_CACHE_ALTERNATIVES_H_
