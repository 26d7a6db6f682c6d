#ifndef SIGNET_BENCHMARKS_KEY_CACHE_ALTERNATIVES_H_
#define SIGNET_BENCHMARKS_KEY_CACHE_ALTERNATIVES_H_

// What KeyCache could have been: other ways to let readers find keys while a
// writer replaces them. Each has a Find for readers and a Replace for one
// writer. All but the first two look up in the same table (IssuerTable), so
// that what differs is the protection. They are good enough to be measured,
// and lack what does not matter for that: growth, removal, ends of threads.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "keys/issuer_table.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "keys/keyed_hash.h"
#include "keys/published_keys.h"
#include "keys/verification_key.h"

namespace signet {

// A key that is used only to see that it was found: the address is enough.
using FoundKey = const VerificationKey*;

constexpr size_t kMaxIssuers = 10'000;

// KeyCache itself: epochs, and the kernel's fence.
class KernelFencedEpochs {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    const KeyCache::Reader reader(cache_);
    const auto keys = reader.FindIssuer(issuer);
    return keys ? keys->FindById(key_id) : nullptr;
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    cache_.ReplaceIssuer(issuer, std::move(keys));
  }

 private:
  KeyCache cache_;
};

// No protection, and no replacement: the cost of two hash tables of Abseil's.
class UnprotectedMaps {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    const auto found = key_sets_.find(issuer);
    return found == key_sets_.end() ? nullptr : found->second.FindById(key_id);
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    key_sets_.insert_or_assign(std::string(issuer), std::move(keys));
  }

 private:
  absl::flat_hash_map<std::string, KeySet> key_sets_;
};

// The same maps under a std::shared_mutex: the plain way, and the baseline.
class SharedMutexMaps {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    const std::shared_lock lock(mutex_);
    return maps_.Find(issuer, key_id);
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    const std::unique_lock lock(mutex_);
    maps_.Replace(issuer, std::move(keys));
  }

 private:
  mutable std::shared_mutex mutex_;
  UnprotectedMaps maps_;
};

// What the rest is made of.
class HashedTable {
 public:
  const PublishedKeys* FindIssuer(absl::string_view issuer) const {
    return table_.Find(issuer, hash_.Hash(issuer));
  }
  FoundKey FindKey(const PublishedKeys* keys, absl::string_view key_id) const {
    return keys == nullptr ? nullptr
                           : keys->FindById(key_id, hash_.Hash(key_id));
  }
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    return FindKey(FindIssuer(issuer), key_id);
  }
  // Returns what was replaced.
  std::unique_ptr<const PublishedKeys> Replace(absl::string_view issuer,
                                               KeySet keys) {
    return std::unique_ptr<const PublishedKeys>(
        table_.Exchange(issuer, hash_.Hash(issuer),
                        Publish(issuer, std::move(keys)).release()));
  }
  std::unique_ptr<const PublishedKeys> Publish(absl::string_view issuer,
                                               KeySet keys) const {
    return PublishedKeys::Create(issuer, std::move(keys), 1, hash_);
  }
  ~HashedTable() {
    table_.ForEach([](const PublishedKeys& keys) { delete &keys; });
  }

 private:
  KeyedHash hash_;
  IssuerTable table_{kMaxIssuers};
};

class SharedMutexTable {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    const std::shared_lock lock(mutex_);
    return table_.Find(issuer, key_id);
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    const std::unique_lock lock(mutex_);
    table_.Replace(issuer, std::move(keys));
  }

 private:
  mutable std::shared_mutex mutex_;
  HashedTable table_;
};

class AbslMutexTable {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    const absl::ReaderMutexLock lock(&mutex_);
    return table_.Find(issuer, key_id);
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    const absl::WriterMutexLock lock(&mutex_);
    table_.Replace(issuer, std::move(keys));
  }

 private:
  mutable absl::Mutex mutex_;
  HashedTable table_;
};

using SharedKeys = std::shared_ptr<const PublishedKeys>;

// An immutable map of everything, to be replaced as a whole. Only its pointers
// are copied, but all of them.
class Snapshot {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id,
                const KeyedHash& hash) const {
    const PublishedKeys* const keys = table_.Find(issuer, hash.Hash(issuer));
    return keys == nullptr ? nullptr
                           : keys->FindById(key_id, hash.Hash(key_id));
  }
  std::shared_ptr<const Snapshot> With(const std::vector<SharedKeys>& changes,
                                       const KeyedHash& hash) const {
    auto successor = std::make_shared<Snapshot>();
    successor->owners_ = owners_;
    for (const SharedKeys& keys : changes) {
      successor->owners_[hash.Hash(keys->issuer())] = keys;
    }
    for (const auto& [issuer_hash, keys] : successor->owners_) {
      successor->table_.Exchange(keys->issuer(), issuer_hash, keys.get());
    }
    return successor;
  }

 private:
  absl::flat_hash_map<uint64_t, SharedKeys> owners_;
  IssuerTable table_{kMaxIssuers};
};

// libstdc++'s atomic<shared_ptr> takes a lock bit, and counts references in
// memory that all readers share.
class AtomicSharedPtr {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    const auto snapshot = snapshot_.load(std::memory_order_acquire);
    return snapshot->Find(issuer, key_id, hash_);
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    Load({PublishedKeys::Create(issuer, std::move(keys), 1, hash_)});
  }
  void Load(const std::vector<SharedKeys>& changes) {
    snapshot_.store(snapshot_.load()->With(changes, hash_));
  }
  const KeyedHash& hash() const { return hash_; }

 private:
  KeyedHash hash_;
  std::atomic<std::shared_ptr<const Snapshot>> snapshot_{
      std::make_shared<Snapshot>()};
};

// Each thread keeps a snapshot of its own, and takes the new one when the
// generation has changed. A look-up is cheap, but a replacement costs as much
// as there are issuers, and a thread that sleeps, in a look-up or not, keeps a
// whole snapshot and every secret in it.
class ThreadSnapshots {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    thread_local Own own;
    if (own.generation != generation_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      own = {generation_.load(std::memory_order_relaxed), snapshot_};
    }
    return own.snapshot->Find(issuer, key_id, hash_);
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    Load({PublishedKeys::Create(issuer, std::move(keys), 1, hash_)});
  }
  void Load(const std::vector<SharedKeys>& changes) {
    auto successor = snapshot_->With(changes, hash_);
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(successor);
    generation_.store(++last_generation_, std::memory_order_seq_cst);
  }
  const KeyedHash& hash() const { return hash_; }

 private:
  struct Own {
    uint64_t generation = 0;
    std::shared_ptr<const Snapshot> snapshot;
  };

  // Of all instances, so that a thread can tell them apart.
  static inline std::atomic<uint64_t> last_generation_{0};

  KeyedHash hash_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();
  std::atomic<uint64_t> generation_{0};
};

constexpr size_t kMaxThreads = 64;

// One word for each thread that ever reads.
class ThreadWords {
 public:
  struct alignas(128) Word {
    std::atomic<uint64_t> value{0};
  };

  Word& ThisThreads() const {
    thread_local const size_t index =
        next_.fetch_add(1, std::memory_order_relaxed) % kMaxThreads;
    return words_[index];
  }
  const std::array<Word, kMaxThreads>& all() const { return words_; }

 private:
  static inline std::atomic<size_t> next_{0};
  mutable std::array<Word, kMaxThreads> words_;
};

// Epochs without the kernel: every look-up has a fence of its own.
class SelfFencedEpochs {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    auto& word = words_.ThisThreads().value;
    word.exchange(epoch_.load(std::memory_order_acquire),
                  std::memory_order_seq_cst);
    const FoundKey key = table_.Find(issuer, key_id);
    word.store(0, std::memory_order_release);
    return key;
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    auto old = table_.Replace(issuer, std::move(keys));
    replaced_.emplace_back(epoch_.fetch_add(1), std::move(old));
    uint64_t oldest = epoch_.load();
    for (const auto& word : words_.all()) {
      const uint64_t epoch = word.value.load(std::memory_order_seq_cst);
      if (epoch != 0) oldest = std::min(oldest, epoch);
    }
    std::erase_if(replaced_,
                  [&](const auto& entry) { return entry.first < oldest; });
  }

 private:
  ThreadWords words_;
  HashedTable table_;
  std::atomic<uint64_t> epoch_{1};
  std::vector<std::pair<uint64_t, std::unique_ptr<const PublishedKeys>>>
      replaced_;
};

// A hazard pointer to the issuer's keys (Michael, 2004). A sleeping reader
// keeps one set only, but a table that can grow would take a second pointer
// and a second fence.
class HazardPointers {
 public:
  FoundKey Find(absl::string_view issuer, absl::string_view key_id) const {
    auto& word = words_.ThisThreads().value;
    FoundKey key = nullptr;
    const uint64_t hash = hash_.Hash(issuer);
    for (size_t i = hash & kMask; places_[i].hash != 0; i = (i + 1) & kMask) {
      if (places_[i].hash != hash) continue;
      const PublishedKeys* const keys = Protect(places_[i].keys, word);
      if (keys->issuer() != issuer) continue;
      key = keys->FindById(key_id, hash_.Hash(key_id));
      break;
    }
    word.store(0, std::memory_order_release);
    return key;
  }
  void Replace(absl::string_view issuer, KeySet keys) {
    const uint64_t hash = hash_.Hash(issuer);
    size_t i = hash & kMask;
    while (places_[i].hash != 0 && places_[i].hash != hash) i = (i + 1) & kMask;
    const PublishedKeys* const old = places_[i].keys.exchange(
        PublishedKeys::Create(issuer, std::move(keys), 1, hash_).release());
    places_[i].hash = hash;  // Before there are readers, if it is new.
    if (old != nullptr) Free(old);
  }
  ~HazardPointers() {
    for (const Place& place : places_) delete place.keys.load();
  }

 private:
  static constexpr size_t kMask = 16'383;

  struct Place {
    std::atomic<uint64_t> hash{0};
    std::atomic<const PublishedKeys*> keys{nullptr};
  };

  static const PublishedKeys* Protect(
      const std::atomic<const PublishedKeys*>& source,
      std::atomic<uint64_t>& word) {
    const PublishedKeys* keys = source.load(std::memory_order_relaxed);
    for (;;) {
      word.exchange(reinterpret_cast<uint64_t>(keys),
                    std::memory_order_seq_cst);
      const PublishedKeys* const again = source.load(std::memory_order_seq_cst);
      if (again == keys) return keys;
      keys = again;
    }
  }

  void Free(const PublishedKeys* replaced) {
    replaced_.emplace_back(replaced);
    std::erase_if(replaced_, [&](const auto& old) {
      const auto address = reinterpret_cast<uint64_t>(old.get());
      return std::none_of(
          words_.all().begin(), words_.all().end(), [&](const auto& word) {
            return word.value.load(std::memory_order_seq_cst) == address;
          });
    });
  }

  ThreadWords words_;
  KeyedHash hash_;
  std::vector<Place> places_ = std::vector<Place>(kMask + 1);
  std::vector<std::unique_ptr<const PublishedKeys>> replaced_;
};

}  // namespace signet

#endif  // SIGNET_BENCHMARKS_KEY_CACHE_ALTERNATIVES_H_
