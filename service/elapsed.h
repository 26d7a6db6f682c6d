#ifndef SIGNET_SERVICE_ELAPSED_H_
#define SIGNET_SERVICE_ELAPSED_H_

#include <chrono>
#include <functional>

#include "absl/time/time.h"

namespace signet {

// Elapsed tells how much time has passed since some moment, by a clock that
// nobody can set. May be called from many threads at once.
using Elapsed = std::function<absl::Duration()>;

// SteadyElapsed is the process's own.
inline absl::Duration SteadyElapsed() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace signet

#endif  // SIGNET_SERVICE_ELAPSED_H_
