#include "service/freshness.h"

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "keys/key_schedule.h"

namespace signet {
namespace {

class FreshnessTest : public ::testing::Test {
 protected:
  absl::Duration passed_ = absl::Hours(5);
};

TEST_F(FreshnessTest, EndsOnlyAfterTheWholeStaleness) {
  Freshness freshness(absl::Minutes(1), WhenStale::kRefuse,
                      [this] { return passed_; });
  EXPECT_FALSE(freshness.IsStale());
  passed_ += absl::Minutes(1);
  EXPECT_FALSE(freshness.IsStale());
  EXPECT_EQ(freshness.CheckVerifying(), absl::OkStatus());
  passed_ += absl::Nanoseconds(1);
  EXPECT_TRUE(freshness.IsStale());
  EXPECT_EQ(freshness.CheckVerifying(),
            absl::UnavailableError("the store has been out of reach for too "
                                   "long; tokens may have been revoked "
                                   "meanwhile"));
  EXPECT_EQ(freshness.CheckSigning().code(), absl::StatusCode::kUnavailable);
  freshness.HeardAll();
  EXPECT_EQ(freshness.CheckVerifying(), absl::OkStatus());
  EXPECT_EQ(freshness.CheckSigning(), absl::OkStatus());
}

TEST_F(FreshnessTest, DoesNotStopVerificationUnlessToldTo) {
  Freshness freshness(absl::Minutes(1), WhenStale::kVerify,
                      [this] { return passed_; });
  passed_ += absl::Hours(1000);
  EXPECT_TRUE(freshness.IsStale());
  EXPECT_EQ(freshness.CheckVerifying(), absl::OkStatus());
}

TEST_F(FreshnessTest, StopsSigningBeforeTheKeyCouldBeGone) {
  Freshness freshness(absl::Minutes(1), WhenStale::kVerify,
                      [this] { return passed_; });
  passed_ += kMaxSigningAge;
  EXPECT_EQ(freshness.CheckSigning(), absl::OkStatus());
  passed_ += absl::Nanoseconds(1);
  EXPECT_EQ(freshness.CheckSigning(),
            absl::UnavailableError(
                "the store has been out of reach for too long; the signing key "
                "may have been replaced meanwhile"));
}

TEST_F(FreshnessTest, TellsWhenItEndsAndWhenItIsBack) {
  Freshness freshness(absl::Minutes(1), WhenStale::kVerify,
                      [this] { return passed_; });
  std::string told;
  freshness.SetListener(
      [&] { told += freshness.IsStale() ? "stale " : "fresh "; });
  freshness.Observe();
  passed_ += absl::Minutes(2);
  freshness.Observe();
  freshness.Observe();
  freshness.HeardAll();
  freshness.Observe();
  EXPECT_EQ(told, "stale fresh ");
  freshness.SetListener(nullptr);
  passed_ += absl::Minutes(2);
  freshness.Observe();
  EXPECT_EQ(told, "stale fresh ");
}

}  // namespace
}  // namespace signet
