#ifndef SIGNET_SERVICE_METRICS_RELOAD_COUNTS_H_
#define SIGNET_SERVICE_METRICS_RELOAD_COUNTS_H_

#include <cstdint>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace signet {

// ReloadOutcomes is what came of reading the configuration anew.
struct ReloadOutcomes {
  uint64_t succeeded = 0;
  uint64_t failed = 0;
  // Whether the configuration in force is the one that was read last.
  bool last_succeeded = true;
  // When it was put in force.
  absl::Time in_force_since;
};

// ReloadCounts counts them. May be used from many threads at once.
class ReloadCounts final : public prometheus::Collectable {
 public:
  // `started` is when the first configuration was put in force.
  explicit ReloadCounts(absl::Time started) {
    outcomes_.in_force_since = started;
  }

  void Count(const absl::Status& outcome, absl::Time now);

  ReloadOutcomes outcomes() const;

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  mutable std::mutex mutex_;
  ReloadOutcomes outcomes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_RELOAD_COUNTS_H_
