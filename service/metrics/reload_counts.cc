#include "service/metrics/reload_counts.h"

#include <utility>

#include "service/metrics/family.h"

namespace signet {

void ReloadCounts::Count(const absl::Status& outcome, absl::Time now) {
  const std::lock_guard lock(mutex_);
  outcomes_.last_succeeded = outcome.ok();
  if (outcome.ok()) {
    ++outcomes_.succeeded;
    outcomes_.in_force_since = now;
  } else {
    ++outcomes_.failed;
  }
}

ReloadOutcomes ReloadCounts::outcomes() const {
  const std::lock_guard lock(mutex_);
  return outcomes_;
}

std::vector<prometheus::MetricFamily> ReloadCounts::Collect() const {
  const ReloadOutcomes now = outcomes();
  Family reloads = Family::Counter(
      "signet_config_reloads_total",
      "How often the configuration was read anew, by what came of it.");
  reloads.Add(static_cast<double>(now.succeeded), {{"outcome", "succeeded"}});
  reloads.Add(static_cast<double>(now.failed), {{"outcome", "failed"}});
  return {
      std::move(reloads).Finish(),
      OneGauge("signet_config_last_reload_successful",
               "Whether the configuration in force is the one that was "
               "read last.",
               now.last_succeeded ? 1 : 0),
      OneGauge("signet_config_in_force_since_timestamp_seconds",
               "When the configuration was put in force.",
               absl::ToDoubleSeconds(now.in_force_since - absl::UnixEpoch()))};
}

}  // namespace signet
