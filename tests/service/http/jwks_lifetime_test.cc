#include "service/http/jwks_lifetime.h"

#include <gtest/gtest.h>

#include "keys/key_schedule.h"

namespace signet {
namespace {

constexpr absl::Duration kNow = absl::Hours(1000);

// A plan that rotates every hour; sets may be kept for five minutes.
SigningPlan Plan() {
  return {.generated = {Algorithm::kEs256},
          .schedule = {.period = absl::Hours(1),
                       .publish_ahead = absl::Minutes(10),
                       .retention = absl::Hours(1)},
          .jwks_max_age = absl::Minutes(5)};
}

KeyRecord Key(KeyState state, absl::Duration age,
              Algorithm algorithm = Algorithm::kEs256) {
  return {.key_id = "k",
          .algorithm = algorithm,
          .state = state,
          .state_since = kNow - age,
          .created = absl::UnixEpoch()};
}

absl::Duration Lifetime(std::vector<KeyRecord> keys) {
  return JwksLifetime(Plan(), {"a", 1, std::move(keys)}, kNow);
}

TEST(JwksLifetime, IsTheConfiguredOneWhileNoChangeIsNear) {
  EXPECT_EQ(Lifetime({}), absl::Minutes(5));
  EXPECT_EQ(Lifetime({Key(KeyState::kActive, absl::Minutes(30)),
                      Key(KeyState::kPending, absl::Minutes(30)),
                      Key(KeyState::kRetiring, absl::Minutes(30))}),
            absl::Minutes(5));
}

TEST(JwksLifetime, EndsWhenTheNextKeyIsPublished) {
  EXPECT_EQ(Lifetime({Key(KeyState::kActive, absl::Seconds(3500)),
                      Key(KeyState::kPending, absl::Minutes(30))}),
            absl::Seconds(100));
  // In whole seconds, and rather early.
  EXPECT_EQ(Lifetime({Key(KeyState::kActive, absl::Milliseconds(3500'500)),
                      Key(KeyState::kPending, absl::Minutes(30))}),
            absl::Seconds(99));
  // The pending one waits only for its own time.
  EXPECT_EQ(Lifetime({Key(KeyState::kPending, absl::Minutes(9))}),
            absl::Minutes(1));
}

TEST(JwksLifetime, EndsWhenAKeyDisappears) {
  EXPECT_EQ(
      Lifetime({Key(KeyState::kRetiring,
                    absl::Hours(1) + kRetentionMargin - absl::Seconds(7))}),
      absl::Seconds(7));
}

TEST(JwksLifetime, IsZeroWhenAChangeIsDue) {
  EXPECT_EQ(Lifetime({Key(KeyState::kActive, absl::Hours(2)),
                      Key(KeyState::kPending, absl::Hours(2))}),
            absl::ZeroDuration());
}

TEST(JwksLifetime, IsNotBoundByKeysThatChangeNoMore) {
  EXPECT_EQ(
      Lifetime({Key(KeyState::kRetired, absl::Hours(900)),
                Key(KeyState::kRevoked, absl::Hours(900)),
                // Of an algorithm that the configuration has given up.
                Key(KeyState::kActive, absl::Hours(900), Algorithm::kEdDsa)}),
      absl::Minutes(5));
}

}  // namespace
}  // namespace signet
