#ifndef SIGNET_CLI_TOP_VIEW_H_
#define SIGNET_CLI_TOP_VIEW_H_

#include "absl/time/time.h"
#include "cli/metrics_text.h"

namespace signet {

// PrintTop writes what a server did between two looks at it, `passed` apart,
// for people: calls, issuers, keys, and what it holds at the second look.
void PrintTop(const MetricsText& before, const MetricsText& after,
              absl::Duration passed);

}  // namespace signet

#endif  // SIGNET_CLI_TOP_VIEW_H_
