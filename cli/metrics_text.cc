#include "cli/metrics_text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace signet {
namespace {

// Takes a label's value in quotes off the front of `text`.
std::optional<std::string> TakeQuoted(absl::string_view& text) {
  if (!absl::ConsumePrefix(&text, "\"")) return std::nullopt;
  std::string value;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return value;
    if (c != '\\') {
      value.push_back(c);
      continue;
    }
    if (text.empty()) return std::nullopt;
    value.push_back(text.front() == 'n' ? '\n' : text.front());
    text.remove_prefix(1);
  }
  return std::nullopt;
}

// Takes what is in braces off the front of `text`, with these.
std::optional<MetricsText::Labels> TakeLabels(absl::string_view& text) {
  MetricsText::Labels labels;
  if (!absl::ConsumePrefix(&text, "{")) return labels;
  while (!absl::ConsumePrefix(&text, "}")) {
    const size_t end = text.find('=');
    if (end == absl::string_view::npos) return std::nullopt;
    const std::string name(text.substr(0, end));
    text.remove_prefix(end + 1);
    std::optional<std::string> value = TakeQuoted(text);
    if (!value) return std::nullopt;
    labels.emplace(name, *std::move(value));
    absl::ConsumePrefix(&text, ",");
  }
  return labels;
}

bool ReadNumber(absl::string_view text, double& value) {
  if (text == "+Inf") {
    value = std::numeric_limits<double>::infinity();
    return true;
  }
  return absl::SimpleAtod(text, &value);
}

}  // namespace

absl::StatusOr<MetricsText> MetricsText::Parse(absl::string_view text) {
  MetricsText metrics;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    Sample sample;
    const size_t end = std::min(line.find_first_of("{ "), line.size());
    sample.name = std::string(line.substr(0, end));
    line.remove_prefix(end);
    std::optional<Labels> labels = TakeLabels(line);
    if (!labels ||
        !ReadNumber(absl::StripAsciiWhitespace(line), sample.value)) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " is not in Prometheus's text format"));
    }
    sample.labels = *std::move(labels);
    metrics.samples_.push_back(std::move(sample));
  }
  return metrics;
}

bool MetricsText::Sample::Has(const Labels& wanted) const {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto found = labels.find(label.first);
    return found != labels.end() && found->second == label.second;
  });
}

double MetricsText::Sum(absl::string_view name, const Labels& labels) const {
  double sum = 0;
  for (const Sample& sample : samples_) {
    if (sample.name == name && sample.Has(labels)) sum += sample.value;
  }
  return sum;
}

std::vector<std::string> MetricsText::Values(absl::string_view name,
                                             const std::string& label) const {
  std::set<std::string> values;
  for (const Sample& sample : samples_) {
    const auto found = sample.labels.find(label);
    if (sample.name == name && found != sample.labels.end()) {
      values.insert(found->second);
    }
  }
  return {values.begin(), values.end()};
}

std::vector<std::pair<double, double>> MetricsText::Buckets(
    absl::string_view histogram, const Labels& labels) const {
  const std::string name = absl::StrCat(histogram, "_bucket");
  std::map<double, double> buckets;
  for (const Sample& sample : samples_) {
    if (sample.name != name || !sample.Has(labels)) continue;
    const auto bound = sample.labels.find("le");
    double number = 0;
    if (bound != sample.labels.end() && ReadNumber(bound->second, number)) {
      buckets[number] += sample.value;
    }
  }
  return {buckets.begin(), buckets.end()};
}

double Quantile(double fraction,
                const std::vector<std::pair<double, double>>& before,
                const std::vector<std::pair<double, double>>& after) {
  std::vector<double> counts;
  counts.reserve(after.size());
  for (size_t i = 0; i < after.size(); ++i) {
    // A histogram that was not there yet had nothing.
    counts.push_back(after[i].second -
                     (i < before.size() ? before[i].second : 0));
  }
  if (counts.empty() || counts.back() <= 0) return std::nan("");
  const double rank = fraction * counts.back();
  double bound = 0;
  double below = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (std::isinf(after[i].first)) return bound;
    if (counts[i] >= rank) {
      return bound +
             (after[i].first - bound) * (rank - below) / (counts[i] - below);
    }
    bound = after[i].first;
    below = counts[i];
  }
  return bound;
}

}  // namespace signet
