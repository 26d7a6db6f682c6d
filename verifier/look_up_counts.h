#ifndef SIGNET_VERIFIER_LOOK_UP_COUNTS_H_
#define SIGNET_VERIFIER_LOOK_UP_COUNTS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace signet {

// LookUpCounts counts hits and misses from many threads. Each counts on a cache
// line of its own, as long as there are no more than kLines of them, so that
// counting does not make them wait for each other.
class LookUpCounts {
 public:
  struct Totals {
    uint64_t hits = 0;
    uint64_t misses = 0;
  };

  void CountHit() { Add(ThisThreadsLine().hits); }
  void CountMiss() { Add(ThisThreadsLine().misses); }

  // bytes is the memory of the lines.
  size_t bytes() const { return lines_.size() * sizeof(lines_[0]); }

  // totals are what has been counted so far, by all.
  Totals totals() const {
    Totals totals;
    for (const Line& line : lines_) {
      totals.hits += line.hits.load(std::memory_order_relaxed);
      totals.misses += line.misses.load(std::memory_order_relaxed);
    }
    return totals;
  }

 private:
  static constexpr size_t kLines = 64;

  // Wider than a cache line: processors prefetch lines in pairs.
  struct alignas(128) Line {
    std::atomic<uint64_t> hits{0};
    std::atomic<uint64_t> misses{0};
  };

  // Relaxed, as all of this: a number that orders nothing.
  static void Add(std::atomic<uint64_t>& number) {
    number.fetch_add(1, std::memory_order_relaxed);
  }

  Line& ThisThreadsLine() {
    static constinit std::atomic<size_t> threads{0};
    // 0 before this thread's first look-up, which spares the others the guard
    // of a value that is not constant.
    static constinit thread_local size_t number = 0;
    if (number == 0) {
      number = threads.fetch_add(1, std::memory_order_relaxed) + 1;
    }
    return lines_[number % kLines];
  }

  // Not in the object, whose alignment would be wider than GCC 12's address
  // sanitizer can give to variables.
  std::vector<Line> lines_ = std::vector<Line>(kLines);
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_LOOK_UP_COUNTS_H_
