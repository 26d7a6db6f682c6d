// What an issuer's server does goes wrong in random ways, for a while, and then
// right again. Whatever it does, no key is used that the issuer has not
// published, none for longer than it may be, and all is well soon after.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "remote/remote_keys.h"
#include "tests/remote/published_keys.h"

namespace signet {
namespace {

constexpr int kSequences = 10'000;
constexpr int kFaultySteps = 25;
// After the longest pause, metadata at both places and keys.
constexpr absl::Duration kRecovery = absl::Hours(2);

const absl::Time kWallStart = absl::FromUnixSeconds(1'800'000'000);

// Sets of one key, and of one with two others that share an id: made once, for
// that takes longer than all else.
struct Sets {
  static constexpr int kKeys = 64;

  Sets() {
    for (int i = 0; i < kKeys; ++i) {
      const std::string key_id = absl::StrCat("key", i);
      alone[key_id] = PublicJwkSet({key_id});
      with_twins[key_id] = PublicJwkSet({key_id, "twin", "twin"});
    }
  }

  std::map<std::string, std::string> alone;
  std::map<std::string, std::string> with_twins;
  std::string evil = PublicJwkSet({"evil"});
};

// An issuer that publishes one key at a time, at a server that may fail.
class Provider {
 public:
  Provider(std::mt19937& random, const Sets& sets)
      : random_(random), sets_(sets) {
    Rotate();
  }

  void Rotate() {
    key_ids_.push_back(absl::StrCat("key", random_() % Sets::kKeys));
  }

  // What it has published, the newest last.
  const std::vector<std::string>& key_ids() const { return key_ids_; }

  absl::StatusOr<FetchAnswer> AnswerWell(const FetchRequest& request) const {
    if (request.url.text() != kJwksUrl) {
      return Sent(Metadata(kProvider, kJwksUrl));
    }
    if (request.etag == Etag()) return Unchanged();
    return Sent(sets_.alone.at(key_ids_.back()), Etag(), absl::Minutes(10));
  }

  absl::StatusOr<FetchAnswer> AnswerBadly(const FetchRequest& request) {
    const std::string& evil = sets_.evil;
    switch (random_() % 14) {
      case 0:
        return absl::UnavailableError("away");
      case 1:
        return absl::FailedPreconditionError("redirects to another host");
      case 2:
        return Sent("");
      case 3:
        return Sent("<html>", Etag());
      case 4:
        return Sent(evil.substr(0, random_() % evil.size()));
      case 5:
        return Sent(R"({"keys":[]})", Etag());
      case 6:
        return Sent(absl::StrCat(R"({"keys":[],)", evil.substr(1)));
      case 7:  // Elsewhere than it should be.
        return Sent(request.url.text() == kJwksUrl
                        ? Metadata(kProvider, kJwksUrl)
                        : evil);
      case 8:
        return Sent(
            request.url.text() == kJwksUrl
                ? R"({"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]})"
                : Metadata("https://evil.example", "https://evil.example"));
      case 9:
        return Unchanged();  // True or not.
      case 10: {             // Lives for no time, or forever.
        absl::StatusOr<FetchAnswer> answer = AnswerWell(request);
        answer->fresh_for = random_() % 2 == 0 ? absl::ZeroDuration()
                                               : absl::InfiniteDuration();
        return answer;
      }
      case 11:  // The metadata of another, which names keys of its own.
        return Sent(
            Metadata("https://evil.example/", "https://evil.example/k"));
      case 12:
        return Sent(request.url.text() == kJwksUrl
                        ? sets_.with_twins.at(key_ids_.back())
                        : Metadata(kProvider, "http://id.example/keys"));
      default:
        return AnswerWell(request);
    }
  }

 private:
  std::string Etag() const { return absl::StrCat("\"", key_ids_.size(), "\""); }

  std::mt19937& random_;
  const Sets& sets_;
  std::vector<std::string> key_ids_;
};

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

void ExpectPublished(const Follower& follower, const Provider& provider) {
  for (const std::string& key_id : follower.used()) {
    ASSERT_NE(
        std::find(provider.key_ids().begin(), provider.key_ids().end(), key_id),
        provider.key_ids().end())
        << key_id;
  }
}

void RunSequence(unsigned seed, const Sets& sets) {
  std::mt19937 random(seed);
  Provider provider(random, sets);
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
  const Sets sets;
  for (unsigned seed = 0; seed < kSequences && !testing::Test::HasFailure();
       ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RunSequence(seed, sets);
  }
}

}  // namespace
}  // namespace signet
