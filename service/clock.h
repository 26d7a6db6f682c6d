#ifndef SIGNET_SERVICE_CLOCK_H_
#define SIGNET_SERVICE_CLOCK_H_

#include <functional>

#include "absl/time/time.h"

namespace signet {

// Clock tells the time. It is the one place where time comes in.
using Clock = std::function<absl::Time()>;

}  // namespace signet

#endif  // SIGNET_SERVICE_CLOCK_H_
