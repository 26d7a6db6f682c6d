#ifndef SIGNET_SERVICE_METRICS_SHARDED_H_
#define SIGNET_SERVICE_METRICS_SHARDED_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace signet {

// Sharded keeps a number of Blocks of counters, each once for every shard, and
// each thread counts in the shard of its own as long as there are no more than
// kShards of them. So counting threads do not wait for each other. A block is
// made when a thread first counts in it; until then it costs a pointer.
//
// A Block is made of atomic numbers that start at 0 and are read and written
// relaxed: they order nothing. It should be alignas(kBlockAlignment).
template <typename Block>
class Sharded {
 public:
  static constexpr size_t kShards = 16;

  explicit Sharded(size_t blocks) : blocks_(blocks * kShards) {}
  Sharded(const Sharded&) = delete;  // Counting threads hold its address.
  Sharded& operator=(const Sharded&) = delete;
  ~Sharded() {
    for (const auto& block : blocks_) {
      delete block.load(std::memory_order_relaxed);
    }
  }

  // Mine returns the block in which this thread counts.
  Block& Mine(size_t block) {
    std::atomic<Block*>& place = blocks_[block * kShards + ThisThreadsShard()];
    // Acquire, to see the block as it was made.
    Block* const mine = place.load(std::memory_order_acquire);
    return mine != nullptr ? *mine : Make(place);
  }

  // ForEach calls `visit` with what all threads together have counted in
  // `block`: with one Block for each shard that has any.
  template <typename Visit>
  void ForEach(size_t block, const Visit& visit) const {
    for (size_t shard = 0; shard < kShards; ++shard) {
      const Block* const its =
          blocks_[block * kShards + shard].load(std::memory_order_acquire);
      if (its != nullptr) visit(*its);
    }
  }

 private:
  static Block& Make(std::atomic<Block*>& place) {
    auto* const made = new Block();
    Block* there = nullptr;
    // Release, for whoever loads it; acquire, if another thread was faster.
    if (place.compare_exchange_strong(there, made, std::memory_order_acq_rel)) {
      return *made;
    }
    delete made;
    return *there;
  }

  static size_t ThisThreadsShard() {
    static constinit std::atomic<size_t> threads{0};
    // 0 before this thread's first count, which spares the others the guard of
    // a value that is not constant.
    static constinit thread_local size_t number = 0;
    if (number == 0) {
      number = threads.fetch_add(1, std::memory_order_relaxed) + 1;
    }
    return number % kShards;
  }

  std::vector<std::atomic<Block*>> blocks_;
};

// kBlockAlignment keeps two blocks from sharing what processors fetch at once.
inline constexpr size_t kBlockAlignment = 128;

// CountOne adds to a number in a Block of this thread.
inline void CountOne(std::atomic<uint64_t>& number) {
  number.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_SHARDED_H_
