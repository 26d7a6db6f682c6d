// What an issuer's server does goes wrong in random ways, for a while, and then
// right again. Whatever it does, no key is used that the issuer has not
// published, none for longer than it may be, and all is well soon after.

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "remote/remote_keys.h"
#include "tests/remote/faulty_provider.h"
#include "tests/remote/published_keys.h"

namespace signet {
namespace {

// Sanitizers make them take 15 to 30 times as long.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int kSequences = 500;
#else
constexpr int kSequences = 10'000;
#endif
constexpr int kFaultySteps = 25;
// After the longest pause, metadata at both places and keys.
constexpr absl::Duration kRecovery = absl::Hours(2);

const absl::Time kWallStart = absl::FromUnixSeconds(1'800'000'000);

// One who follows the provider's keys.
class Follower {
 public:
  Follower(std::mt19937& random, bool discovers)
      : random_(random),
        keys_(discovers ? DiscoveringOptions() : JwksOptions()) {}

  // Lets `by` pass, and answers what is asked for by then with `answer`.
  template <typename Answer>
  void Pass(absl::Duration by, const Answer& answer) {
    now_ += by;
    if (keys_.Expire(now_)) used_.clear();
    for (int i = 0; i < 4; ++i) {
      const std::optional<FetchRequest> request = keys_.NextRequest(now_);
      if (!request) return;
      const double spread = static_cast<double>(random_() % 100) / 100;
      const absl::StatusOr<std::optional<KeySet>> taken =
          keys_.Take(answer(*request), now_, kWallStart + now_, spread);
      if (taken.ok() && *taken) used_ = KeyIds(**taken);
    }
    FAIL() << "asks without a pause";
  }

  RemoteKeys& keys() { return keys_; }
  const std::vector<std::string>& used() const { return used_; }
  absl::Duration now() const { return now_; }

 private:
  std::mt19937& random_;
  RemoteKeys keys_;
  absl::Duration now_ = absl::Hours(1000);
  std::vector<std::string> used_;
};

absl::Duration RandomPause(std::mt19937& random) {
  switch (random() % 4) {
    case 0:
      return absl::Milliseconds(random() % 1000);
    case 1:
      return absl::Seconds(random() % 600);
    case 2:
      return absl::Minutes(random() % 120);
    default:
      return absl::Hours(random() % 30);
  }
}

void ExpectPublished(const Follower& follower, const FaultyProvider& provider) {
  for (const std::string& key_id : follower.used()) {
    ASSERT_NE(
        std::find(provider.key_ids().begin(), provider.key_ids().end(), key_id),
        provider.key_ids().end())
        << key_id;
  }
}

void RunSequence(unsigned seed, const FaultyProvider::Sets& sets) {
  std::mt19937 random(seed);
  FaultyProvider provider(random, sets);
  Follower follower(random, seed % 2 == 0);
  for (int i = 0; i < kFaultySteps; ++i) {
    if (random() % 5 == 0) provider.Rotate();
    if (random() % 3 == 0) {
      follower.keys().Inquire(provider.key_ids().back(), follower.now());
    }
    follower.Pass(RandomPause(random), [&](const FetchRequest& request) {
      return provider.AnswerBadly(request);
    });
    ExpectPublished(follower, provider);
  }
  provider.Rotate();
  const auto well = [&](const FetchRequest& request) {
    return provider.AnswerWell(request);
  };
  for (absl::Duration passed = absl::ZeroDuration(); passed < kRecovery;
       passed += absl::Minutes(5)) {
    follower.Pass(absl::Minutes(5), well);
  }
  EXPECT_EQ(follower.used(), std::vector{provider.key_ids().back()});
  EXPECT_NE(follower.keys().Inquire(provider.key_ids().back(), follower.now()),
            Absence::kUnknown);
}

TEST(RemoteFaultsTest, NeverMakeAWrongKeyUsedAndAreRecoveredFrom) {
  const FaultyProvider::Sets sets;
  for (unsigned seed = 0; seed < kSequences && !testing::Test::HasFailure();
       ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RunSequence(seed, sets);
  }
}

}  // namespace
}  // namespace signet
