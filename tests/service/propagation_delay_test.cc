#include "service/propagation_delay.h"

#include <array>
#include <cstdint>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

TEST(PropagationDelayTest, CountsEachDelayInTheFirstBucketThatHoldsIt) {
  PropagationDelay delay;
  delay.Record(absl::Milliseconds(1));
  delay.Record(absl::Milliseconds(1) + absl::Nanoseconds(1));
  delay.Record(absl::Seconds(10));
  delay.Record(absl::Hours(1));
  const PropagationDelay::Totals totals = delay.totals();
  EXPECT_EQ(totals.count, 4);
  EXPECT_EQ(totals.sum, absl::Hours(1) + absl::Seconds(10) +
                            absl::Milliseconds(2) + absl::Nanoseconds(1));
  EXPECT_EQ(totals.max, absl::Hours(1));
  std::array<int64_t, PropagationDelay::kBounds.size() + 1> expected = {};
  expected[0] = 1;
  expected[1] = 1;
  expected[PropagationDelay::kBounds.size() - 1] = 1;
  expected[PropagationDelay::kBounds.size()] = 1;
  EXPECT_EQ(totals.buckets, expected);
}

TEST(PropagationDelayTest, TakesADelayBelowZeroForNone) {
  PropagationDelay delay;
  delay.Record(-absl::Seconds(1));
  EXPECT_EQ(delay.totals().count, 1);
  EXPECT_EQ(delay.totals().sum, absl::ZeroDuration());
  EXPECT_EQ(delay.totals().buckets[0], 1);
}

}  // namespace
}  // namespace signet
