#include "service/metrics/call_counts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "service/metrics/family.h"

namespace signet {
namespace {

constexpr double kMicrosecondsPerSecond = 1e6;

constexpr absl::string_view kCodeNames[] = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

std::string Label(absl::string_view name) { return std::string(name); }

}  // namespace

absl::string_view CodeName(grpc::StatusCode code) {
  return kCodeNames[static_cast<size_t>(code)];
}

CallCounts::CallCounts() : starts_(1), ends_(kMethods * kCodes) {}

void CallCounts::CountStart(Method method) {
  CountOne(starts_.Mine(0).started[static_cast<size_t>(method)]);
}

void CallCounts::CountEnd(Method method, grpc::StatusCode code,
                          absl::Duration latency, size_t request_bytes) {
  const auto its = static_cast<size_t>(method);
  EndBlock& block = ends_.Mine(EndIndex(its, static_cast<size_t>(code)));
  const int64_t microseconds =
      std::max<int64_t>(absl::ToInt64Microseconds(latency), 0);
  block.latency.Observe(kLatencyBounds, static_cast<uint64_t>(microseconds));
  block.size.Observe(kSizeBounds, request_bytes);
  CountOne(starts_.Mine(0).ended[its]);
}

prometheus::MetricFamily CallCounts::CollectInFlight() const {
  std::array<uint64_t, kMethods> started = {};
  std::array<uint64_t, kMethods> ended = {};
  const auto add = [](const auto& counts, auto& sums) {
    for (size_t i = 0; i < kMethods; ++i) {
      sums[i] += counts[i].load(std::memory_order_relaxed);
    }
  };
  // First the ends: of a call that goes on meanwhile, none is missing a start.
  starts_.ForEach(0, [&](const StartBlock& block) { add(block.ended, ended); });
  starts_.ForEach(
      0, [&](const StartBlock& block) { add(block.started, started); });
  Family family = Family::Gauge("signet_rpc_in_flight",
                                "Calls that have begun and not ended.");
  for (size_t i = 0; i < kMethods; ++i) {
    const uint64_t running = started[i] - std::min(started[i], ended[i]);
    family.Add(static_cast<double>(running),
               {{"method", Label(MethodName(static_cast<Method>(i)))}});
  }
  return std::move(family).Finish();
}

std::vector<prometheus::MetricFamily> CallCounts::Collect() const {
  Family latencies = Family::Histogram("signet_rpc_duration_seconds",
                                       "From when a call is handed over until "
                                       "its status is; also counts calls.");
  Family sizes =
      Family::Histogram("signet_rpc_request_bytes", "Request messages.");
  for (size_t method = 0; method < kMethods; ++method) {
    for (size_t code = 0; code < kCodes; ++code) {
      HistogramTotals<kLatencyBounds.size()> latency;
      HistogramTotals<kSizeBounds.size()> size;
      bool any = false;
      ends_.ForEach(EndIndex(method, code), [&](const EndBlock& block) {
        any = true;
        block.latency.AddTo(latency);
        block.size.AddTo(size);
      });
      if (!any) continue;
      const Labels labels = {
          {"method", Label(MethodName(static_cast<Method>(method)))},
          {"code", Label(kCodeNames[code])}};
      latencies.AddHistogram(latency, kLatencyBounds, kMicrosecondsPerSecond,
                             labels);
      sizes.AddHistogram(size, kSizeBounds, 1, labels);
    }
  }
  return {CollectInFlight(), std::move(latencies).Finish(),
          std::move(sizes).Finish()};
}

}  // namespace signet
