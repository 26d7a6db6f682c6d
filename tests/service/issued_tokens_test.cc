#include "service/issued_tokens.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

TEST(IssuedTokensTest, CountsEachKeysTokensUntilTheyExpire) {
  IssuedTokens issued;
  EXPECT_EQ(issued.CountLive("a", kNow), 0);
  issued.Add("a", kNow + absl::Minutes(5), kNow);
  issued.Add("a", kNow + absl::Minutes(5), kNow);
  issued.Add("a", kNow + absl::Hours(1), kNow);
  issued.Add("b", kNow + absl::Hours(1), kNow);
  EXPECT_EQ(issued.CountLive("a", kNow), 3);
  EXPECT_EQ(issued.CountLive("b", kNow), 1);
  EXPECT_EQ(issued.CountLive("a", kNow + absl::Minutes(6)), 1);
  EXPECT_EQ(issued.CountLive("a", kNow + absl::Minutes(61)), 0);
}

TEST(IssuedTokensTest, ForgetsWhatHasExpired) {
  IssuedTokens issued;
  for (int minute = 0; minute < 1000; ++minute) {
    const absl::Time now = kNow + absl::Minutes(minute);
    issued.Add("a", now + absl::Minutes(10), now);
    EXPECT_LE(issued.CountLive("a", absl::InfinitePast()), 11);
  }
}

}  // namespace
}  // namespace signet
