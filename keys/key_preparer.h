#ifndef SIGNET_KEYS_KEY_PREPARER_H_
#define SIGNET_KEYS_KEY_PREPARER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "keys/key_table.h"
#include "keys/prepared_key.h"
#include "keys/table_demand.h"

namespace signet {

// KeyTableFigures is what KeyPreparer has done and holds.
struct KeyTableFigures {
  size_t budget_bytes = 0;
  // Tables in use, and the memory of these and of those displaced that some
  // verification may still be reading.
  size_t tables = 0;
  size_t bytes = 0;
  // Since the start.
  uint64_t built = 0;
  uint64_t displaced = 0;
};

// KeyPreparer builds tables for hot keys, hottest first, and holds all of them
// under a budget. The verification path never builds, and never waits for it.
//
// A key without a table asks when it is hot enough (TableDemand). While the
// budget has room, it gets its table. After that it displaces the coldest one,
// if it is more than twice as hot, so that keys of about the same heat do not
// take turns; otherwise it waits, and is compared again in every era. A table
// goes with its key, too. What a displaced table took counts until no
// verification can be reading it (ReadSection), so the budget is never
// exceeded.
//
// All is done by calls of PrepareOne, on whatever thread makes them: see
// KeyPreparerThread. May be used from many threads at once.
class KeyPreparer {
 public:
  // Tables take at most `budget_bytes` together; 0 is for none.
  explicit KeyPreparer(size_t budget_bytes);

  // Holds what must not be counted twice.
  KeyPreparer(const KeyPreparer&) = delete;
  KeyPreparer& operator=(const KeyPreparer&) = delete;

  // The destructor leaves keys the tables that they have, and frees what has
  // been displaced. No verification may be running.
  ~KeyPreparer() = default;

  // demand is where keys ask: KeyCache tells them.
  const std::shared_ptr<TableDemand>& demand() const { return demand_; }

  enum class Progress {
    kMoreToDo,           // Call again: another key may wait.
    kNothingToDo,        // Until a key asks, or an era begins.
    kWaitingForReaders,  // Of a displaced table. Try again soon.
  };

  // PrepareOne builds one table, if there is a key that should get one. A
  // call takes a millisecond.
  Progress PrepareOne();

  // figures waits for a PrepareOne that is running.
  KeyTableFigures figures() const;

 private:
  struct Holder {
    std::weak_ptr<PreparedKey> key;
    size_t bytes;
  };
  struct Displaced {
    uint64_t epoch;
    std::unique_ptr<const KeyTable> table;
  };
  enum class Room { kFree, kNone, kWaitingForReaders };

  // Forgets keys that are gone, and frees tables that no reader can hold.
  void Sweep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns the hottest of the keys that wait, and drops those that have
  // cooled or are gone; null if none is left.
  std::shared_ptr<PreparedKey> HottestCandidate()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes room for `bytes`, for a key of `heat`.
  Room MakeRoom(size_t bytes, uint32_t heat)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes the table away from the coldest key, if that is clearly colder than
  // `heat`, and says whether it has.
  bool DisplaceColdest(uint32_t heat) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Builds a table for `key`, if it can have one. It waits no more.
  void BuildFor(PreparedKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t BytesInUse() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t budget_bytes_;
  const std::shared_ptr<TableDemand> demand_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  mutable std::mutex mutex_;
  std::vector<std::weak_ptr<PreparedKey>> candidates_ ABSL_GUARDED_BY(mutex_);
  std::vector<Holder> holders_ ABSL_GUARDED_BY(mutex_);
  // In the order of their epochs.
  std::vector<Displaced> displaced_ ABSL_GUARDED_BY(mutex_);
  uint64_t built_count_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t displaced_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_PREPARER_H_
