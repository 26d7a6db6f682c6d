#ifndef SIGNET_SERVICE_METRICS_CONNECTION_METRICS_H_
#define SIGNET_SERVICE_METRICS_CONNECTION_METRICS_H_

#include <memory>
#include <utility>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "service/listen/open_connections.h"

namespace signet {

// ConnectionMetrics is how many connections over gRPC there are, and have been.
class ConnectionMetrics final : public prometheus::Collectable {
 public:
  explicit ConnectionMetrics(std::shared_ptr<OpenConnections> connections)
      : connections_(std::move(connections)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::shared_ptr<OpenConnections> connections_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_CONNECTION_METRICS_H_
