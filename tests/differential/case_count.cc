#include "tests/differential/case_count.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"

namespace signet {

size_t CaseCount(size_t otherwise) {
  const char* text = std::getenv("SIGNET_DIFFERENTIAL_CASES");
  if (text == nullptr) return otherwise;
  size_t count = 0;
  EXPECT_TRUE(absl::SimpleAtoi(text, &count)) << text;
  return count;
}

}  // namespace signet
