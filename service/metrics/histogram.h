#ifndef SIGNET_SERVICE_METRICS_HISTOGRAM_H_
#define SIGNET_SERVICE_METRICS_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace signet {

// HistogramTotals are values counted by size: in the first bucket whose bound
// they do not exceed, or in the last, which has none.
template <size_t kBounds>
struct HistogramTotals {
  std::array<uint64_t, kBounds + 1> buckets = {};
  uint64_t sum = 0;
};

// HistogramCounts are the numbers of a histogram in a Block (sharded.h).
template <size_t kBounds>
class HistogramCounts {
 public:
  using Bounds = std::array<uint64_t, kBounds>;

  // Observe counts `value`, by `bounds`, which ascend.
  void Observe(const Bounds& bounds, uint64_t value) {
    const auto bucket = static_cast<size_t>(
        std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  // AddTo adds what has been counted to `totals`.
  void AddTo(HistogramTotals<kBounds>& totals) const {
    for (size_t i = 0; i < buckets_.size(); ++i) {
      totals.buckets[i] += buckets_[i].load(std::memory_order_relaxed);
    }
    totals.sum += sum_.load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<uint64_t>, kBounds + 1> buckets_ = {};
  std::atomic<uint64_t> sum_{0};
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_HISTOGRAM_H_
