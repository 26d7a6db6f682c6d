#include "service/rate/token_bucket.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

using absl::Milliseconds;
using absl::Seconds;

constexpr absl::Duration kNone = absl::ZeroDuration();
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);
const Rate kTenASecond = {.interval = Milliseconds(100), .burst = 3};

TEST(TokenBucketTest, GivesABurstAndThenOneInEachInterval) {
  TokenBucket bucket;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(bucket.Take(kTenASecond, kStart), kNone);
  }
  EXPECT_EQ(bucket.Take(kTenASecond, kStart), Milliseconds(100));
  EXPECT_EQ(bucket.Take(kTenASecond, kStart + Milliseconds(99)),
            Milliseconds(1));
  EXPECT_EQ(bucket.Take(kTenASecond, kStart + Milliseconds(100)), kNone);
  EXPECT_EQ(bucket.Take(kTenASecond, kStart + Milliseconds(100)),
            Milliseconds(100));
}

TEST(TokenBucketTest, GivesNoMoreThanTheRateWhoeverIsRefused) {
  TokenBucket bucket;
  int given = 0;
  for (absl::Duration at; at < Seconds(10); at += Milliseconds(1)) {
    if (bucket.Take(kTenASecond, kStart + at) == kNone) ++given;
  }
  EXPECT_EQ(given, 3 + 99);
}

TEST(TokenBucketTest, HasNoMoreThanABurstAfterALongRest) {
  TokenBucket bucket;
  const absl::Time later = kStart + absl::Hours(1);
  EXPECT_EQ(bucket.Take(kTenASecond, kStart), kNone);
  EXPECT_FALSE(bucket.IsUnused(kStart));
  EXPECT_TRUE(bucket.IsUnused(later));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(kTenASecond, later), kNone);
  EXPECT_NE(bucket.Take(kTenASecond, later), kNone);
}

TEST(TokenBucketTest, WaitsNoLongerForAClockThatIsSetBack) {
  TokenBucket bucket;
  EXPECT_EQ(bucket.Take(kTenASecond, kStart), kNone);
  const absl::Time back = kStart - absl::Hours(1);
  EXPECT_EQ(bucket.Take(kTenASecond, back), Milliseconds(100));
  EXPECT_EQ(bucket.Take(kTenASecond, back + Milliseconds(100)), kNone);
}

}  // namespace
}  // namespace signet
