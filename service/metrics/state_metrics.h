#ifndef SIGNET_SERVICE_METRICS_STATE_METRICS_H_
#define SIGNET_SERVICE_METRICS_STATE_METRICS_H_

#include <memory>
#include <utility>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "service/current_setup.h"
#include "service/durable_state.h"

namespace signet {

// StateMetrics is what a server holds at the moment: remembered tokens, keys
// and their tables, what is fetched from other issuers, revocations, and how
// far behind the store it is. All of it is asked for when somebody looks.
class StateMetrics final : public prometheus::Collectable {
 public:
  // `state` may be null: then nothing is told of the store.
  StateMetrics(std::shared_ptr<const CurrentSetup> setup,
               std::shared_ptr<const DurableState> state)
      : setup_(std::move(setup)), state_(std::move(state)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::shared_ptr<const CurrentSetup> setup_;
  std::shared_ptr<const DurableState> state_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_STATE_METRICS_H_
