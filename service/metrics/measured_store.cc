#include "service/metrics/measured_store.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "service/metrics/family.h"

namespace signet {
namespace {

constexpr double kMicrosecondsPerSecond = 1e6;

constexpr absl::string_view kOperationNames[] = {
    "commit", "read", "advance_time", "drop_expired"};

}  // namespace

StoreCalls::StoreCalls() : calls_(kOperations * kCodes) {}

void StoreCalls::Count(Operation operation, absl::StatusCode code,
                       absl::Duration duration) {
  const size_t block =
      static_cast<size_t>(operation) * kCodes + static_cast<size_t>(code);
  const int64_t microseconds =
      std::max<int64_t>(absl::ToInt64Microseconds(duration), 0);
  calls_.Mine(block).duration.Observe(kBounds,
                                      static_cast<uint64_t>(microseconds));
}

std::vector<prometheus::MetricFamily> StoreCalls::Collect() const {
  Family family = Family::Histogram(
      "signet_store_operation_duration_seconds",
      "What was asked of the store, by how it ended; also counts it.");
  for (size_t operation = 0; operation < kOperations; ++operation) {
    for (size_t code = 0; code < kCodes; ++code) {
      HistogramTotals<kBounds.size()> totals;
      bool any = false;
      calls_.ForEach(operation * kCodes + code, [&](const Block& block) {
        any = true;
        block.duration.AddTo(totals);
      });
      if (!any) continue;
      family.AddHistogram(
          totals, kBounds, kMicrosecondsPerSecond,
          {{"operation", std::string(kOperationNames[operation])},
           {"code",
            absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}});
    }
  }
  std::vector<prometheus::MetricFamily> families;
  families.push_back(std::move(family).Finish());
  return families;
}

template <typename Call>
auto MeasuredStore::Measure(StoreCalls::Operation operation, const Call& call) {
  const absl::Duration start = elapsed_();
  auto result = call();
  calls_->Count(operation, result.status().code(), elapsed_() - start);
  return result;
}

absl::StatusOr<int64_t> MeasuredStore::Commit(const StoreChange& change) {
  return Measure(StoreCalls::Operation::kCommit,
                 [&] { return store_->Commit(change); });
}

absl::StatusOr<StoreMark> MeasuredStore::ReadSince(int64_t revision,
                                                   StoreReader& reader) {
  return Measure(StoreCalls::Operation::kRead,
                 [&] { return store_->ReadSince(revision, reader); });
}

absl::StatusOr<absl::Duration> MeasuredStore::AdvanceTime(absl::Duration from,
                                                          absl::Duration to) {
  return Measure(StoreCalls::Operation::kAdvanceTime,
                 [&] { return store_->AdvanceTime(from, to); });
}

absl::StatusOr<int64_t> MeasuredStore::DropExpired(absl::Time before,
                                                   int64_t limit) {
  return Measure(StoreCalls::Operation::kDrop,
                 [&] { return store_->DropExpired(before, limit); });
}

}  // namespace signet
