#ifndef SIGNET_SERVICE_METRICS_PROCESS_METRICS_H_
#define SIGNET_SERVICE_METRICS_PROCESS_METRICS_H_

#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace signet {

// ProcessMetrics are the figures of this process that Prometheus's own client
// libraries agree on (process_cpu_seconds_total and so on), from /proc, and
// what it was built from. Figures that cannot be read are left out.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_PROCESS_METRICS_H_
