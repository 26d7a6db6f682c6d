#ifndef SIGNET_SERVICE_METRICS_METRICS_PAGE_H_
#define SIGNET_SERVICE_METRICS_METRICS_PAGE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "prometheus/collectable.h"

namespace signet {

// kMetricsContentType is what MetricsPage::Text is.
inline constexpr char kMetricsContentType[] =
    "text/plain; version=0.0.4; charset=utf-8";

// MetricsPage is all that the server tells Prometheus. Immutable, and may be
// used from many threads at once.
class MetricsPage {
 public:
  using Sources = std::vector<std::shared_ptr<const prometheus::Collectable>>;

  explicit MetricsPage(Sources sources) : sources_(std::move(sources)) {}

  // Text asks all sources, and returns their families in Prometheus's text
  // format, in the order of the sources; families without a sample are left
  // out.
  std::string Text() const;

 private:
  Sources sources_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_METRICS_PAGE_H_
