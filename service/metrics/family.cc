#include "service/metrics/family.h"

#include <limits>

namespace signet {

Family::Family(std::string name, std::string help,
               prometheus::MetricType type) {
  family_.name = std::move(name);
  family_.help = std::move(help);
  family_.type = type;
}

Family Family::Counter(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Counter};
}

Family Family::Gauge(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge};
}

Family Family::Histogram(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Histogram};
}

void Family::Add(double value, Labels labels) {
  prometheus::ClientMetric& metric = family_.metric.emplace_back();
  metric.label = std::move(labels);
  metric.counter.value = value;
  metric.gauge.value = value;
}

void Family::AddBuckets(absl::Span<const uint64_t> buckets,
                        absl::Span<const uint64_t> bounds, uint64_t sum,
                        double per_unit, const Labels& labels) {
  prometheus::ClientMetric& metric = family_.metric.emplace_back();
  metric.label = labels;
  prometheus::ClientMetric::Histogram& histogram = metric.histogram;
  histogram.bucket.reserve(buckets.size());
  for (size_t i = 0; i < buckets.size(); ++i) {
    histogram.sample_count += buckets[i];
    const double bound = i < bounds.size()
                             ? static_cast<double>(bounds[i]) / per_unit
                             : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  histogram.sample_sum = static_cast<double>(sum) / per_unit;
}

prometheus::MetricFamily OneGauge(std::string name, std::string help,
                                  double value) {
  Family family = Family::Gauge(std::move(name), std::move(help));
  family.Add(value);
  return std::move(family).Finish();
}

prometheus::MetricFamily OneCounter(std::string name, std::string help,
                                    double value) {
  Family family = Family::Counter(std::move(name), std::move(help));
  family.Add(value);
  return std::move(family).Finish();
}

}  // namespace signet
