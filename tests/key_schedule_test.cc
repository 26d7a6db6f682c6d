#include "keys/key_schedule.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

constexpr auto kPending = KeyState::kPending;
constexpr auto kActive = KeyState::kActive;
constexpr auto kRetiring = KeyState::kRetiring;
constexpr auto kRetired = KeyState::kRetired;
constexpr auto kRevoked = KeyState::kRevoked;
constexpr Algorithm kEs256 = Algorithm::kEs256;

constexpr KeySchedule kSchedule = {.period = absl::Hours(100),
                                   .publish_ahead = absl::Hours(10),
                                   .retention = absl::Hours(24)};
const absl::Duration kRetained = absl::Hours(24) + kRetentionMargin;

KeyRecord Key(const std::string& id, KeyState state, int since_hours,
              Algorithm algorithm = kEs256) {
  return {
      id,      algorithm, state, absl::Hours(since_hours), absl::UnixEpoch(),
      "sealed"};
}

std::vector<KeyStep> Due(const std::vector<KeyRecord>& keys,
                         absl::Duration time) {
  return KeyTimeline(keys, kSchedule, time).DueSteps({kEs256});
}

const KeyStep kNewPending = {"", kEs256, std::nullopt, kPending};
const KeyStep kNewActive = {"", kEs256, std::nullopt, kActive};

TEST(KeyScheduleTest, StartsAnIssuerWithAnActiveAndAPendingKey) {
  EXPECT_EQ(Due({}, {}), (std::vector<KeyStep>{kNewActive, kNewPending}));
}

TEST(KeyScheduleTest, PublishesTheFirstKeyOfAFurtherAlgorithmAhead) {
  const std::vector<KeyRecord> keys = {Key("a", kActive, 0, Algorithm::kRs256)};
  EXPECT_EQ(Due(keys, absl::Hours(1)), std::vector<KeyStep>{kNewPending});
}

TEST(KeyScheduleTest, RotatesWhenThePeriodIsOverAndNotBefore) {
  const std::vector<KeyRecord> keys = {Key("a", kActive, 0),
                                       Key("b", kPending, 0)};
  EXPECT_EQ(Due(keys, absl::Hours(100) - absl::Nanoseconds(1)),
            std::vector<KeyStep>{});
  EXPECT_EQ(Due(keys, absl::Hours(100)),
            (std::vector<KeyStep>{{"a", kEs256, kActive, kRetiring},
                                  {"b", kEs256, kPending, kActive},
                                  kNewPending}));
}

TEST(KeyScheduleTest, DoesNotActivateAKeyThatIsPublishedTooShortly) {
  const std::vector<KeyRecord> keys = {Key("a", kActive, 0),
                                       Key("b", kPending, 95)};
  EXPECT_EQ(Due(keys, absl::Hours(104)), std::vector<KeyStep>{});
  EXPECT_EQ(Due(keys, absl::Hours(105)).size(), 3);
}

TEST(KeyScheduleTest, RetiresAKeyWhenItsLastTokenHasExpired) {
  const std::vector<KeyRecord> keys = {
      Key("a", kRetiring, 0), Key("b", kActive, 0), Key("c", kPending, 0)};
  EXPECT_EQ(Due(keys, kRetained - absl::Nanoseconds(1)),
            std::vector<KeyStep>{});
  EXPECT_EQ(Due(keys, kRetained),
            (std::vector<KeyStep>{{"a", kEs256, kRetiring, kRetired}}));
}

TEST(KeyScheduleTest, ForgetsWhatIsLongOver) {
  const std::vector<KeyRecord> keys = {
      Key("a", kRetired, 0), Key("b", kRevoked, 1), Key("c", kActive, 700),
      Key("d", kPending, 700)};
  EXPECT_EQ(Due(keys, kRecordedAfterwards),
            (std::vector<KeyStep>{{"a", kEs256, kRetired, std::nullopt}}));
}

TEST(KeyScheduleTest, LeavesKeysOfOtherAlgorithmsAlone) {
  const std::vector<KeyRecord> keys = {Key("a", kActive, 0, Algorithm::kRs256),
                                       Key("b", kPending, 0, Algorithm::kRs256),
                                       Key("c", kActive, 950),
                                       Key("d", kPending, 950)};
  EXPECT_EQ(Due(keys, absl::Hours(1000)), std::vector<KeyStep>{});
}

TEST(KeyScheduleTest, RotatesAtOnceIfThePendingKeyIsPublished) {
  const std::vector<KeyRecord> keys = {Key("a", kActive, 0),
                                       Key("b", kPending, 0)};
  EXPECT_EQ(KeyTimeline(keys, kSchedule, absl::Hours(9))
                .RotationSteps(kEs256)
                .status(),
            absl::FailedPreconditionError(
                "the pending key has not been published for long enough; try "
                "again in 1h"));
  EXPECT_EQ(KeyTimeline(keys, kSchedule, absl::Hours(10))
                .RotationSteps(kEs256)
                ->size(),
            3);
  EXPECT_EQ(KeyTimeline(keys, kSchedule, absl::Hours(10))
                .RotationSteps(Algorithm::kRs256)
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(KeyScheduleTest, ReplacesARevokedKeyByThePublishedOne) {
  const std::vector<KeyRecord> keys = {Key("a", kActive, 0),
                                       Key("b", kPending, 0)};
  EXPECT_EQ(*KeyTimeline(keys, kSchedule, absl::Hours(10)).RevocationSteps("a"),
            (std::vector<KeyStep>{{"a", kEs256, kActive, kRevoked},
                                  {"b", kEs256, kPending, kActive},
                                  kNewPending}));
  EXPECT_EQ(*KeyTimeline(keys, kSchedule, absl::Hours(9)).RevocationSteps("a"),
            (std::vector<KeyStep>{{"a", kEs256, kActive, kRevoked}}));
  EXPECT_EQ(*KeyTimeline(keys, kSchedule, absl::Hours(10)).RevocationSteps("b"),
            (std::vector<KeyStep>{{"b", kEs256, kPending, kRevoked}}));
  EXPECT_TRUE(absl::IsNotFound(
      KeyTimeline(keys, kSchedule, {}).RevocationSteps("c").status()));
}

TEST(KeyScheduleTest, RevokesOnce) {
  const std::vector<KeyRecord> keys = {Key("a", kRevoked, 0)};
  EXPECT_EQ(*KeyTimeline(keys, kSchedule, {}).RevocationSteps("a"),
            std::vector<KeyStep>{});
}

TEST(KeyScheduleTest, SaysHowLongAKeyStays) {
  const std::vector<KeyRecord> keys = {
      Key("a", kRetiring, 0), Key("b", kActive, 0), Key("c", kPending, 0)};
  const KeyTimeline timeline(keys, kSchedule, absl::Hours(1));
  EXPECT_EQ(timeline.TimeLeft(keys[0]), kRetained - absl::Hours(1));
  EXPECT_EQ(timeline.TimeLeft(keys[1]), absl::Hours(99));
  EXPECT_EQ(timeline.TimeLeft(keys[2]), absl::Hours(99));
}

TEST(KeyScheduleTest, ErasesThePrivateHalvesOfKeysThatAreOver) {
  const std::vector<KeyRecord> keys = {
      Key("a", kRetiring, 0), Key("b", kActive, 0), Key("c", kRetired, 0)};
  const std::vector<KeyStep> steps = {{"a", kEs256, kRetiring, kRetired},
                                      {"b", kEs256, kActive, kRevoked},
                                      {"c", kEs256, kRetired, std::nullopt},
                                      kNewPending};
  const auto now = absl::FromUnixSeconds(5);
  const auto after = TakeSteps(keys, steps, absl::Hours(7), now, [](Algorithm) {
    return GeneratedKey{"d", "sealed too"};
  });
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(*after,
            (std::vector<KeyRecord>{
                {"a", kEs256, kRetired, absl::Hours(7), absl::UnixEpoch(), ""},
                {"b", kEs256, kRevoked, absl::Hours(7), absl::UnixEpoch(), ""},
                {"d", kEs256, kPending, absl::Hours(7), now, "sealed too"}}));
}

TEST(KeyScheduleTest, RefusesSchedulesThatCouldBreakAToken) {
  const auto problem = [](KeySchedule schedule, absl::Duration max_age,
                          absl::Duration lifetime) {
    return std::string(CheckKeySchedule(schedule, max_age, lifetime).message());
  };
  EXPECT_EQ(problem(kSchedule, absl::Hours(10), absl::Hours(24)), "");
  EXPECT_EQ(problem(kSchedule, absl::Hours(11), absl::Hours(24)),
            "publish_ahead: is shorter than jwks_max_age, 11h; a key would "
            "sign before everybody has fetched it");
  EXPECT_EQ(problem(kSchedule, absl::Hours(10), absl::Hours(25)),
            "retention: is shorter than the longest lifetime of a token, 25h; "
            "tokens would outlive the key that verifies them");
  KeySchedule hasty = kSchedule;
  hasty.period = absl::Hours(9);
  EXPECT_EQ(problem(hasty, absl::Hours(1), absl::Hours(1)),
            "period: is shorter than publish_ahead, 10h; the next key "
            "could not be published in time");
  hasty.period = absl::ZeroDuration();
  EXPECT_EQ(problem(hasty, absl::Hours(1), absl::Hours(1)),
            "period: must be from 1s to ten years");
}

// The keys of an issuer whose keys are rotated and revoked at random moments,
// and what they have been through.
class RandomLife {
 public:
  // Lets some hours pass, and has done what is due then, or wanted.
  void Continue() {
    time_ += absl::Minutes(random_() % 600);
    const std::vector<KeyStep> steps = ChooseSteps();
    keys_ =
        *TakeSteps(keys_, steps, time_, absl::UnixEpoch(), [this](Algorithm) {
          return GeneratedKey{absl::StrCat(++generated_), "sealed"};
        });
    for (const KeyStep& step : steps) ExpectInTime(step);
    for (const KeyRecord& key : keys_) {
      published_.try_emplace(key.key_id, time_);
    }
    for (const KeyStep& step : steps) {
      // It may have signed until this moment.
      if (step.from == kActive) signed_last_[step.key_id] = time_;
    }
  }

  int Count(KeyState state) const {
    return static_cast<int>(absl::c_count_if(
        keys_, [state](const KeyRecord& key) { return key.state == state; }));
  }

  const std::vector<KeyRecord>& keys() const { return keys_; }
  int rotations() const { return rotations_; }

 private:
  std::vector<KeyStep> ChooseSteps() {
    const KeyTimeline timeline(keys_, kSchedule, time_);
    std::vector<KeyStep> due = timeline.DueSteps({kEs256});
    if (random_() % 50 == 0) {
      return timeline.RotationSteps(kEs256).value_or(due);
    }
    if (random_() % 50 == 0 && !keys_.empty()) {
      return *timeline.RevocationSteps(keys_[random_() % keys_.size()].key_id);
    }
    return due;
  }

  void ExpectInTime(const KeyStep& step) {
    if (step.from == kPending && step.to == kActive) {
      ++rotations_;
      EXPECT_GE(time_ - published_.at(step.key_id), kSchedule.publish_ahead);
    }
    if (step.to == kRetired) {
      EXPECT_GE(time_ - signed_last_.at(step.key_id), kRetained);
    }
  }

  std::mt19937 random_{1};
  std::vector<KeyRecord> keys_;
  std::map<std::string, absl::Duration> published_;
  std::map<std::string, absl::Duration> signed_last_;
  absl::Duration time_ = absl::ZeroDuration();
  int generated_ = 0;
  int rotations_ = 0;
};

// Whatever is done and when, no key signs unpublished, and none is dropped that
// has signed within the retention.
TEST(KeyScheduleTest, NeverBreaksATokenInYearsOfRandomUse) {
  RandomLife life;
  for (int i = 0; i < 5000; ++i) {
    life.Continue();
    EXPECT_LE(life.Count(kActive), 1);
    EXPECT_LE(life.Count(kPending), 1);
    for (const KeyRecord& key : life.keys()) {
      EXPECT_EQ(key.sealed_private_key.empty(), key.state >= kRetired);
    }
  }
  EXPECT_GT(life.rotations(), 100);
}

}  // namespace
}  // namespace signet
