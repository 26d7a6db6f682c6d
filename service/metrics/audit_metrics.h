#ifndef SIGNET_SERVICE_METRICS_AUDIT_METRICS_H_
#define SIGNET_SERVICE_METRICS_AUDIT_METRICS_H_

#include <memory>
#include <utility>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "service/audit/audit_log.h"

namespace signet {

// AuditMetrics is how the audit log fares.
class AuditMetrics final : public prometheus::Collectable {
 public:
  // `log` may be null: then there is nothing to tell.
  explicit AuditMetrics(std::shared_ptr<const AuditLog> log)
      : log_(std::move(log)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::shared_ptr<const AuditLog> log_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_AUDIT_METRICS_H_
