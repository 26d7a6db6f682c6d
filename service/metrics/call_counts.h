#ifndef SIGNET_SERVICE_METRICS_CALL_COUNTS_H_
#define SIGNET_SERVICE_METRICS_CALL_COUNTS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "service/method.h"
#include "service/metrics/histogram.h"
#include "service/metrics/sharded.h"

namespace signet {

// CodeName returns the name of a gRPC status code, as the specification writes
// it: "INVALID_ARGUMENT".
absl::string_view CodeName(grpc::StatusCode code);

// CallCounts counts calls. May be used from many threads at once, which do not
// wait for each other. It takes 84 ns, two looks at the clock included: 0.4 %
// of an empty call.
class CallCounts final : public prometheus::Collectable {
 public:
  CallCounts();

  // CountStart counts a call that begins, and CountEnd the same when it ends. A
  // stream has the bytes of its first message, or none.
  void CountStart(Method method);
  void CountEnd(Method method, grpc::StatusCode code, absl::Duration latency,
                size_t request_bytes);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  static constexpr size_t kMethods = static_cast<size_t>(Method::kRevoke) + 1;
  static constexpr size_t kCodes =
      static_cast<size_t>(grpc::StatusCode::UNAUTHENTICATED) + 1;
  // In microseconds.
  static constexpr std::array<uint64_t, 16> kLatencyBounds = {
      50,      100,       250,       500,       1'000,   2'500,
      5'000,   10'000,    25'000,    50'000,    100'000, 250'000,
      500'000, 1'000'000, 2'500'000, 10'000'000};
  static constexpr std::array<uint64_t, 9> kSizeBounds = {
      256, 1024, 4096, 16384, 65536, 262'144, 1'048'576, 4'194'304, 16'777'216};

  struct alignas(kBlockAlignment) StartBlock {
    std::array<std::atomic<uint64_t>, kMethods> started = {};
    std::array<std::atomic<uint64_t>, kMethods> ended = {};
  };
  struct alignas(kBlockAlignment) EndBlock {
    HistogramCounts<kLatencyBounds.size()> latency;
    HistogramCounts<kSizeBounds.size()> size;
  };

  static constexpr size_t EndIndex(size_t method, size_t code) {
    return method * kCodes + code;
  }
  prometheus::MetricFamily CollectInFlight() const;

  Sharded<StartBlock> starts_;
  Sharded<EndBlock> ends_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_CALL_COUNTS_H_
