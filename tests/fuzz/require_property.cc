#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/fuzz_target.h"

namespace signet {

void RequireProperty(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

}  // namespace signet
