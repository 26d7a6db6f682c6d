#include <cstdlib>
#include <iostream>

#include "tests/fuzz/fuzz_target.h"

namespace signet {

void RequireProperty(bool holds, const char* property) {
  if (holds) return;
  std::cerr << "does not hold: " << property << "\n";
  std::abort();
}

}  // namespace signet
