#include "service/metrics/audit_metrics.h"

#include "service/metrics/family.h"

namespace signet {

std::vector<prometheus::MetricFamily> AuditMetrics::Collect() const {
  if (!log_) return {};
  const AuditLog::Figures figures = log_->figures();
  return {OneCounter("signet_audit_lines_total",
                     "Lines that were written to the audit log.",
                     static_cast<double>(figures.lines)),
          OneCounter("signet_audit_failures_total",
                     "Lines that could not be written to it, or not for "
                     "certain.",
                     static_cast<double>(figures.failures)),
          OneCounter("signet_audit_writes_total",
                     "Writes to it, each of one line or several.",
                     static_cast<double>(figures.writes))};
}

}  // namespace signet
