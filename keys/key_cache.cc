#include "keys/key_cache.h"

#include <iterator>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"

namespace signet {
namespace {

// Of the process, so that a generation says all, even to who has known several
// caches.
constinit std::atomic<uint64_t> last_generation{0};

}  // namespace

KeyCache::KeyCache(std::shared_ptr<TableDemand> demand)
    : demand_(std::move(demand)), table_(new IssuerTable(0)) {}

KeyCache::~KeyCache() {
  // Relaxed: whoever destroys the cache has come after all its users.
  const std::unique_ptr<const IssuerTable> table(
      table_.load(std::memory_order_relaxed));
  table->ForEach([](const PublishedKeys& keys) { delete &keys; });
}

uint64_t KeyCache::ReplaceIssuer(absl::string_view issuer, KeySet keys) {
  std::vector<Replaced>
      out_of_reach;  // Freed when the mutex no longer is held.
  const std::lock_guard lock(writer_mutex_);
  Prepare(issuer, keys);
  // Relaxed: the number is all that matters, and the mutex orders the sets.
  const uint64_t generation =
      last_generation.fetch_add(1, std::memory_order_relaxed) + 1;
  if (Exchange(issuer, PublishedKeys::Create(issuer, std::move(keys),
                                             generation, hash_))) {
    out_of_reach = TakeOutOfReach();
  }
  return generation;
}

bool KeyCache::RemoveIssuer(absl::string_view issuer) {
  std::vector<Replaced> out_of_reach;
  const std::lock_guard lock(writer_mutex_);
  if (!Exchange(issuer, nullptr)) return false;
  out_of_reach = TakeOutOfReach();
  return true;
}

uint64_t KeyCache::LastGeneration() {
  // Relaxed: a number for people.
  return last_generation.load(std::memory_order_relaxed);
}

void KeyCache::LendPrepared(absl::string_view issuer, KeySet& keys) const {
  const Reader reader(*this);
  const std::optional<IssuerKeys> found = reader.FindIssuer(issuer);
  if (found) keys.SharePrepared(found->keys_->keys());
}

size_t KeyCache::FreeReplaced() {
  std::vector<Replaced> out_of_reach;
  const std::lock_guard lock(writer_mutex_);
  out_of_reach = TakeOutOfReach();
  return replaced_.size();
}

void KeyCache::Prepare(absl::string_view issuer, KeySet& keys) {
  // Relaxed: only writers change it, and the mutex orders them. Nor can what it
  // leads to go, as only a writer replaces it.
  const PublishedKeys* const before =
      table_.load(std::memory_order_relaxed)->Find(issuer, hash_.Hash(issuer));
  if (before != nullptr) keys.SharePrepared(before->keys());
  if (demand_ == nullptr) return;
  for (const VerificationKey& key : keys.keys()) {
    key.prepared().DemandTablesFrom(demand_);
  }
}

bool KeyCache::Exchange(absl::string_view issuer,
                        std::unique_ptr<const PublishedKeys> keys) {
  std::unique_ptr<const PublishedKeys> old(
      TableWithRoom().Exchange(issuer, hash_.Hash(issuer), keys.release()));
  if (old == nullptr) return false;
  replaced_.push_back({AdvanceEpoch(), std::move(old), nullptr});
  return true;
}

IssuerTable& KeyCache::TableWithRoom() {
  // Relaxed: only writers change it, and the mutex orders them.
  IssuerTable* const table = table_.load(std::memory_order_relaxed);
  if (!table->IsFull()) return *table;
  IssuerTable* const successor = table->Rebuild().release();
  // Release, so that readers see what is in it; and sequentially consistent,
  // as AdvanceEpoch demands.
  table_.store(successor, std::memory_order_seq_cst);
  replaced_.push_back(
      {AdvanceEpoch(), nullptr, std::unique_ptr<const IssuerTable>(table)});
  return *successor;
}

std::vector<KeyCache::Replaced> KeyCache::TakeOutOfReach() {
  if (replaced_.empty()) return {};
  const uint64_t oldest = OldestEpochInReach();
  const auto in_reach = absl::c_partition_point(
      replaced_,
      [oldest](const Replaced& replaced) { return replaced.epoch < oldest; });
  std::vector<Replaced> out_of_reach(std::make_move_iterator(replaced_.begin()),
                                     std::make_move_iterator(in_reach));
  replaced_.erase(replaced_.begin(), in_reach);
  return out_of_reach;
}

}  // namespace signet
