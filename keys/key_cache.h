#ifndef SIGNET_KEYS_KEY_CACHE_H_
#define SIGNET_KEYS_KEY_CACHE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/issuer_table.h"
#include "keys/key_set.h"
#include "keys/keyed_hash.h"
#include "keys/published_keys.h"
#include "keys/read_section.h"
#include "keys/table_demand.h"
#include "keys/verification_key.h"

namespace signet {

// IssuerKeys are the keys of one issuer, as a KeyCache::Reader found them:
// always one whole set, and valid as long as the reader.
class IssuerKeys {
 public:
  // FindById returns the key with this `kid`, compared byte for byte, or null.
  const VerificationKey* FindById(absl::string_view key_id) const {
    return keys_->FindById(key_id, hash_->Hash(key_id));
  }

  // FindOnly returns the key for `algorithm`, for a token that names no key;
  // null, unless there is exactly one.
  const VerificationKey* FindOnly(Algorithm algorithm) const {
    return keys_->keys().FindOnly(algorithm);
  }

  // generation is what ReplaceIssuer returned for this set.
  uint64_t generation() const { return keys_->generation(); }

 private:
  friend class KeyCache;

  IssuerKeys(const PublishedKeys& keys, const KeyedHash& hash)
      : keys_(&keys), hash_(&hash) {}

  const PublishedKeys* keys_;
  const KeyedHash* hash_;
};

// KeyCache knows the keys of every issuer whose tokens may be accepted:
// (issuer, kid) -> key. Any number of threads look keys up, without locks and
// without writing to memory that another reader touches, while others replace
// them.
//
// A set is immutable (PublishedKeys) and hangs on one pointer (IssuerTable):
// replacing an issuer is one store. What it replaced is freed when no
// reader can hold it any more (ReadSection): by the call itself if possible,
// otherwise by a later one.
//
// The table is of pointers: adding an issuer copies no keys. It doubles when it
// is full, and so moves each pointer twice on average, however many come.
class KeyCache {
 public:
  // Reader finds keys, and keeps what it found valid while it lives; it makes
  // no copy and takes no lock. It belongs to the thread that made it and to
  // one verification: while it lives, nothing that is replaced in this process
  // can be freed. It must not outlive the cache.
  class Reader {
   public:
    explicit Reader(const KeyCache& cache) : cache_(cache) {}

    // FindIssuer returns the keys of `issuer`, compared byte for byte, or
    // nothing if it is not trusted. It sees every replacement that returned
    // before the call, even if the reader is older; so two calls may find
    // different sets, but what one returned stays one.
    std::optional<IssuerKeys> FindIssuer(absl::string_view issuer) const& {
      // Acquire, to read the table as it was written; and sequentially
      // consistent, as ReadSection demands.
      const IssuerTable* const table =
          cache_.table_.load(std::memory_order_seq_cst);
      const PublishedKeys* const keys =
          table->Find(issuer, cache_.hash_.Hash(issuer));
      if (keys == nullptr) return std::nullopt;
      return IssuerKeys(*keys, cache_.hash_);
    }
    // What a reader finds must not outlive it, as it would here.
    std::optional<IssuerKeys> FindIssuer(absl::string_view) const&& = delete;

   private:
    ReadSection section_;
    const KeyCache& cache_;
  };

  // Hot keys ask `demand` for tables (KeyPreparer::demand); without one they
  // get none, and BoringSSL's ordinary calls verify.
  explicit KeyCache(std::shared_ptr<TableDemand> demand = nullptr);

  // Readers hold its address.
  KeyCache(const KeyCache&) = delete;
  KeyCache& operator=(const KeyCache&) = delete;

  // The destructor frees everything. No reader of this cache may be alive.
  ~KeyCache();

  // ReplaceIssuer makes `keys` the keys of `issuer`, whether or not it had any,
  // in one step, and returns the set's generation: a number that grows with
  // each call, and that no other set in this process ever has. When it returns,
  // no later look-up finds the old set. A key that was there before, with the
  // same id, algorithm and material, stays prepared. It waits for other writers
  // and for the kernel (OldestEpochInReach), never for readers.
  uint64_t ReplaceIssuer(absl::string_view issuer, KeySet keys);

  // RemoveIssuer ends the trust in `issuer`, and returns whether there was any.
  // It promises and waits as ReplaceIssuer does.
  bool RemoveIssuer(absl::string_view issuer);

  // LastGeneration is the generation of the set that was put in place last, by
  // any cache of this process; 0, if there was none.
  static uint64_t LastGeneration();

  // LendPrepared has those of `keys` that this cache has, too, as keys of
  // `issuer`, share what was prepared for them here. For a cache that is to
  // take the place of this one; call it before other threads see `keys`.
  void LendPrepared(absl::string_view issuer, KeySet& keys) const;

  // FreeReplaced frees what has been replaced or removed and is out of reach
  // by now, and returns how many sets and tables are still in reach. Every
  // replacement does the same for those before it.
  size_t FreeReplaced();

 private:
  // What has been unlinked in `epoch`: one of the two.
  struct Replaced {
    uint64_t epoch;
    std::unique_ptr<const PublishedKeys> keys;
    std::unique_ptr<const IssuerTable> table;
  };

  // Has `keys` share what was prepared for the set of `issuer` that is there,
  // and ask for more.
  void Prepare(absl::string_view issuer, KeySet& keys)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  // Puts `keys`, or null, in place, and returns whether there were any before.
  bool Exchange(absl::string_view issuer,
                std::unique_ptr<const PublishedKeys> keys)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  // Returns the table, with a place for one more issuer.
  IssuerTable& TableWithRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  // Returns what is out of reach, for the caller to free.
  std::vector<Replaced> TakeOutOfReach()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);

  const std::shared_ptr<TableDemand> demand_;

  // What look-ups read.
  const KeyedHash hash_;
  std::atomic<IssuerTable*> table_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  std::mutex writer_mutex_;
  // In the order of their epochs.
  std::vector<Replaced> replaced_ ABSL_GUARDED_BY(writer_mutex_);
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_CACHE_H_
