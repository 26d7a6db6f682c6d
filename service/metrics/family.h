#ifndef SIGNET_SERVICE_METRICS_FAMILY_H_
#define SIGNET_SERVICE_METRICS_FAMILY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"
#include "service/metrics/histogram.h"

namespace signet {

// Labels are names and values, in the order in which they are written.
using Labels = std::vector<prometheus::ClientMetric::Label>;

// Family makes one family of metrics, as Prometheus names and counts them: the
// name of a counter ends in _total, that of anything with a unit in _seconds or
// _bytes.
class Family {
 public:
  static Family Counter(std::string name, std::string help);
  static Family Gauge(std::string name, std::string help);
  static Family Histogram(std::string name, std::string help);

  // Add adds a sample of a counter or gauge.
  void Add(double value, Labels labels = {});

  // AddHistogram adds a histogram, of values and bounds of which `per_unit`
  // make one of the unit that the name says.
  template <size_t kBounds>
  void AddHistogram(const HistogramTotals<kBounds>& totals,
                    const std::array<uint64_t, kBounds>& bounds,
                    double per_unit, const Labels& labels = {}) {
    AddBuckets(totals.buckets, bounds, totals.sum, per_unit, labels);
  }

  bool empty() const { return family_.metric.empty(); }

  // Finish returns the family.
  prometheus::MetricFamily Finish() && { return std::move(family_); }

 private:
  Family(std::string name, std::string help, prometheus::MetricType type);

  void AddBuckets(absl::Span<const uint64_t> buckets,
                  absl::Span<const uint64_t> bounds, uint64_t sum,
                  double per_unit, const Labels& labels);

  prometheus::MetricFamily family_;
};

// OneGauge is a family with a single sample, OneCounter as well.
prometheus::MetricFamily OneGauge(std::string name, std::string help,
                                  double value);
prometheus::MetricFamily OneCounter(std::string name, std::string help,
                                    double value);

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_FAMILY_H_
