#include "keys/key_preparer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "keys/read_section.h"

namespace signet {
namespace {

bool AreTheSame(const std::weak_ptr<PreparedKey>& a,
                const std::weak_ptr<PreparedKey>& b) {
  return !a.owner_before(b) && !b.owner_before(a);
}

}  // namespace

KeyPreparer::KeyPreparer(size_t budget_bytes)
    : budget_bytes_(budget_bytes), demand_(std::make_shared<TableDemand>()) {}

KeyPreparer::Progress KeyPreparer::PrepareOne() {
  const std::lock_guard lock(mutex_);
  Sweep();
  std::vector<std::weak_ptr<PreparedKey>> asked = demand_->TakeAsked();
  std::move(asked.begin(), asked.end(), std::back_inserter(candidates_));
  const std::shared_ptr<PreparedKey> key = HottestCandidate();
  if (key == nullptr) return Progress::kNothingToDo;
  switch (MakeRoom(KeyTable::MaxBytes(key->algorithm()),
                   key->heat_.At(demand_->era()))) {
    case Room::kFree:
      BuildFor(*key);
      return Progress::kMoreToDo;
    case Room::kNone:
      return Progress::kNothingToDo;
    case Room::kWaitingForReaders:
      return Progress::kWaitingForReaders;
  }
  __builtin_unreachable();
}

KeyTableFigures KeyPreparer::figures() const {
  const std::lock_guard lock(mutex_);
  KeyTableFigures figures;
  figures.budget_bytes = budget_bytes_;
  figures.tables =
      std::count_if(holders_.begin(), holders_.end(),
                    [](const Holder& holder) { return !holder.key.expired(); });
  figures.bytes = BytesInUse();
  figures.built = built_count_;
  figures.displaced = displaced_count_;
  return figures;
}

void KeyPreparer::Sweep() {
  std::erase_if(holders_,
                [](const Holder& holder) { return holder.key.expired(); });
  if (displaced_.empty()) return;
  const uint64_t oldest = OldestEpochInReach();
  std::erase_if(displaced_, [oldest](const Displaced& displaced) {
    return displaced.epoch < oldest;
  });
}

std::shared_ptr<PreparedKey> KeyPreparer::HottestCandidate() {
  std::shared_ptr<PreparedKey> hottest;
  uint32_t most_heat = 0;
  const uint32_t era = demand_->era();
  std::erase_if(candidates_, [&](const std::weak_ptr<PreparedKey>& candidate) {
    std::shared_ptr<PreparedKey> key = candidate.lock();
    if (key == nullptr) return true;
    const uint32_t heat = key->heat_.At(era);
    if (heat < TableDemand::kHotEnough || key->table() != nullptr) {
      // Relaxed: it may ask again, sooner or later.
      key->has_asked_.store(false, std::memory_order_relaxed);
      return true;
    }
    // What is too large for all of the budget need not ask again.
    if (KeyTable::MaxBytes(key->algorithm()) > budget_bytes_) return true;
    if (heat > most_heat) {
      most_heat = heat;
      hottest = std::move(key);
    }
    return false;
  });
  return hottest;
}

KeyPreparer::Room KeyPreparer::MakeRoom(size_t bytes, uint32_t heat) {
  while (BytesInUse() + bytes > budget_bytes_) {
    // One at a time: what has been displaced before will make room too.
    if (!displaced_.empty()) return Room::kWaitingForReaders;
    if (!DisplaceColdest(heat)) return Room::kNone;
    Sweep();
  }
  return Room::kFree;
}

bool KeyPreparer::DisplaceColdest(uint32_t heat) {
  const uint32_t era = demand_->era();
  std::shared_ptr<PreparedKey> coldest;
  uint32_t least_heat = heat / 2;
  for (const Holder& holder : holders_) {
    std::shared_ptr<PreparedKey> key = holder.key.lock();
    if (key == nullptr || key->heat_.At(era) >= least_heat) continue;
    least_heat = key->heat_.At(era);
    coldest = std::move(key);
  }
  if (coldest == nullptr) return false;
  std::unique_ptr<const KeyTable> table = coldest->ExchangeTable(nullptr);
  displaced_.push_back({AdvanceEpoch(), std::move(table)});
  ++displaced_count_;
  std::erase_if(holders_, [&coldest](const Holder& holder) {
    return AreTheSame(holder.key, coldest);
  });
  return true;
}

void KeyPreparer::BuildFor(PreparedKey& key) {
  std::erase_if(candidates_,
                [&key](const std::weak_ptr<PreparedKey>& candidate) {
                  return AreTheSame(candidate, key.weak_from_this());
                });
  std::unique_ptr<const KeyTable> table =
      KeyTable::Build(key.algorithm(), key.material());
  // It need not ask again: nothing would be different.
  if (table == nullptr) return;
  holders_.push_back({key.weak_from_this(), table->bytes()});
  ++built_count_;
  key.ExchangeTable(std::move(table));
  // Relaxed: after the table, it asks for nothing anyway.
  key.has_asked_.store(false, std::memory_order_relaxed);
}

size_t KeyPreparer::BytesInUse() const {
  size_t bytes = 0;
  for (const Holder& holder : holders_) {
    if (!holder.key.expired()) bytes += holder.bytes;
  }
  for (const Displaced& displaced : displaced_) {
    bytes += displaced.table->bytes();
  }
  return bytes;
}

}  // namespace signet
