#ifndef SIGNET_CLI_METRICS_TEXT_H_
#define SIGNET_CLI_METRICS_TEXT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// MetricsText is what a server said in Prometheus's text format.
class MetricsText {
 public:
  using Labels = std::map<std::string, std::string>;

  // A server that has said nothing yet.
  MetricsText() = default;

  // Parse returns InvalidArgument, with the number of the line, for what is not
  // in that format.
  static absl::StatusOr<MetricsText> Parse(absl::string_view text);

  // Sum adds up all samples of this name that have these labels, among others.
  double Sum(absl::string_view name, const Labels& labels = {}) const;

  // Values returns the different values of a label of samples of this name, in
  // order.
  std::vector<std::string> Values(absl::string_view name,
                                  const std::string& label) const;

  // Buckets returns how many of the histogram's samples with these labels do
  // not exceed each of its bounds, in order.
  std::vector<std::pair<double, double>> Buckets(absl::string_view histogram,
                                                 const Labels& labels) const;

 private:
  struct Sample {
    std::string name;
    Labels labels;
    double value = 0;

    bool Has(const Labels& wanted) const;
  };

  std::vector<Sample> samples_;
};

// Quantile returns where `fraction` of what came to a histogram between two
// looks at it lies, taking it as spread evenly in each bucket; the last bound,
// if it lies above; NaN, if nothing came.
double Quantile(double fraction,
                const std::vector<std::pair<double, double>>& before,
                const std::vector<std::pair<double, double>>& after);

}  // namespace signet

#endif  // SIGNET_CLI_METRICS_TEXT_H_
