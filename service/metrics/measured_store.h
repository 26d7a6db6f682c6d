#ifndef SIGNET_SERVICE_METRICS_MEASURED_STORE_H_
#define SIGNET_SERVICE_METRICS_MEASURED_STORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "service/elapsed.h"
#include "service/metrics/histogram.h"
#include "service/metrics/sharded.h"
#include "store/store.h"

namespace signet {

// StoreCalls counts what was asked of a store: how long it took, and how it
// ended. May be used from many threads at once.
class StoreCalls final : public prometheus::Collectable {
 public:
  enum class Operation { kCommit, kRead, kAdvanceTime, kDrop };

  StoreCalls();

  void Count(Operation operation, absl::StatusCode code,
             absl::Duration duration);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  static constexpr size_t kOperations =
      static_cast<size_t>(Operation::kDrop) + 1;
  static constexpr size_t kCodes =
      static_cast<size_t>(absl::StatusCode::kUnauthenticated) + 1;
  // In microseconds.
  static constexpr std::array<uint64_t, 12> kBounds = {
      100,    250,    500,     1'000,   2'500,     5'000,
      10'000, 25'000, 100'000, 500'000, 1'000'000, 5'000'000};
  struct alignas(kBlockAlignment) Block {
    HistogramCounts<kBounds.size()> duration;
  };

  Sharded<Block> calls_;
};

// MeasuredStore hands everything on to a store, and has it counted; but not
// waiting for a change, which takes as long as there is none.
class MeasuredStore final : public Store {
 public:
  MeasuredStore(std::unique_ptr<Store> store, std::shared_ptr<StoreCalls> calls,
                Elapsed elapsed)
      : store_(std::move(store)),
        calls_(std::move(calls)),
        elapsed_(std::move(elapsed)) {}

  absl::StatusOr<int64_t> Commit(const StoreChange& change) override;
  absl::StatusOr<StoreMark> ReadSince(int64_t revision,
                                      StoreReader& reader) override;
  absl::Status AwaitChange(int64_t revision, absl::Duration at_most) override {
    return store_->AwaitChange(revision, at_most);
  }
  void Wake() override { store_->Wake(); }
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to) override;
  absl::StatusOr<int64_t> DropExpired(absl::Time before,
                                      int64_t limit) override;
  absl::StatusOr<std::string> Check() override { return store_->Check(); }

 private:
  // Returns what `call` returns, and has it counted.
  template <typename Call>
  auto Measure(StoreCalls::Operation operation, const Call& call);

  const std::unique_ptr<Store> store_;
  const std::shared_ptr<StoreCalls> calls_;
  const Elapsed elapsed_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_MEASURED_STORE_H_
