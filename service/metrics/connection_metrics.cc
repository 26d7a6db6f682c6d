#include "service/metrics/connection_metrics.h"

#include "service/metrics/family.h"

namespace signet {

std::vector<prometheus::MetricFamily> ConnectionMetrics::Collect() const {
  const OpenConnections::Figures figures = connections_->Look();
  Family refused = Family::Counter(
      "signet_connections_refused_total",
      "Connections over gRPC that were refused, by the limit; or because the "
      "system had no descriptors or memory for one, each time that it was "
      "tried.");
  refused.Add(static_cast<double>(figures.too_many),
              {{"limit", "max_connections"}});
  refused.Add(static_cast<double>(figures.too_many_from_origin),
              {{"limit", "max_connections_per_address"}});
  refused.Add(static_cast<double>(figures.failures), {{"limit", "system"}});
  return {OneGauge("signet_connections", "Connections over gRPC.",
                   static_cast<double>(figures.open)),
          OneCounter("signet_connections_accepted_total",
                     "Connections over gRPC that were taken in.",
                     static_cast<double>(figures.admitted)),
          std::move(refused).Finish()};
}

}  // namespace signet
