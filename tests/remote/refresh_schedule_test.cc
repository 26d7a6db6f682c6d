#include "remote/refresh_schedule.h"

#include "gtest/gtest.h"

namespace signet {
namespace {

constexpr absl::Duration kNow = absl::Hours(1000);

TEST(RefreshScheduleTest, FetchesAtOnceAndThenAheadOfTheEnd) {
  const RefreshLimits limits;
  RefreshSchedule schedule(limits);
  EXPECT_LE(schedule.due(), kNow);
  EXPECT_FALSE(schedule.HasKeys(kNow));
  schedule.Succeeded(kNow, absl::Minutes(20), 0);
  EXPECT_EQ(schedule.due(), kNow + absl::Minutes(16));
  schedule.Succeeded(kNow, absl::Minutes(20), 1);
  EXPECT_EQ(schedule.due(), kNow + absl::Minutes(19));
}

TEST(RefreshScheduleTest, KeepsWhatServersSayWithinItsLimits) {
  const RefreshLimits limits;
  RefreshSchedule schedule(limits);
  schedule.Succeeded(kNow, absl::ZeroDuration(), 0);
  EXPECT_EQ(schedule.due(), kNow + limits.min_interval);
  schedule.Succeeded(kNow, absl::InfiniteDuration(), 0);
  EXPECT_EQ(schedule.due(), kNow + limits.max_interval * 0.8);
  schedule.Succeeded(kNow, std::nullopt, 0);
  EXPECT_EQ(schedule.due(), kNow + limits.default_interval * 0.8);
}

TEST(RefreshScheduleTest, WaitsLongerAfterEachFailureUpToFiveMinutes) {
  const RefreshLimits limits;
  RefreshSchedule schedule(limits);
  for (const int seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    schedule.Failed(kNow, 1);
    EXPECT_EQ(schedule.due(), kNow + absl::Seconds(seconds));
    EXPECT_TRUE(schedule.HasFailed());
  }
  schedule.Failed(kNow, 0);
  EXPECT_EQ(schedule.due(), kNow + absl::Seconds(150));
  schedule.Succeeded(kNow, std::nullopt, 1);
  EXPECT_FALSE(schedule.HasFailed());
  schedule.Failed(kNow, 1);
  EXPECT_EQ(schedule.due(), kNow + absl::Seconds(1));
}

TEST(RefreshScheduleTest, HastensOncePerCooldown) {
  const RefreshLimits limits;
  RefreshSchedule schedule(limits);
  schedule.Succeeded(kNow, std::nullopt, 0);
  EXPECT_TRUE(schedule.Hasten(kNow));
  EXPECT_EQ(schedule.due(), kNow);
  const absl::Duration last = absl::Nanoseconds(1);
  EXPECT_FALSE(schedule.Hasten(kNow + limits.unknown_key_cooldown - last));
  EXPECT_TRUE(schedule.Hasten(kNow + limits.unknown_key_cooldown));
}

TEST(RefreshScheduleTest, HasKeysForAsLongAsTheyMayBeStale) {
  const RefreshLimits limits;
  RefreshSchedule schedule(limits);
  schedule.Succeeded(kNow, std::nullopt, 0);
  schedule.Failed(kNow, 0);
  EXPECT_TRUE(schedule.HasKeys(kNow + limits.max_staleness));
  EXPECT_FALSE(
      schedule.HasKeys(kNow + limits.max_staleness + absl::Nanoseconds(1)));
}

TEST(CheckRefreshLimitsTest, RefusesWhatIsOutOfOrder) {
  EXPECT_TRUE(CheckRefreshLimits({}).ok());
  const auto problem = [](auto change) {
    RefreshLimits limits;
    change(limits);
    return std::string(CheckRefreshLimits(limits).message());
  };
  EXPECT_EQ(
      problem([](RefreshLimits& l) { l.min_interval = absl::ZeroDuration(); }),
      "min_refresh_interval: must be positive");
  EXPECT_EQ(
      problem([](RefreshLimits& l) { l.max_interval = absl::Seconds(1); }),
      "max_refresh_interval: is shorter than min_refresh_interval");
  EXPECT_EQ(
      problem([](RefreshLimits& l) { l.max_staleness = absl::Minutes(1); }),
      "max_staleness: is shorter than max_refresh_interval");
  EXPECT_EQ(problem([](RefreshLimits& l) {
              l.unknown_key_cooldown = absl::ZeroDuration();
            }),
            "unknown_key_cooldown: must be positive");
}

}  // namespace
}  // namespace signet
