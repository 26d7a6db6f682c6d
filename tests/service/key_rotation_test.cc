// The life of keys, on one store and by one time, with servers whose clocks
// disagree.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "keys/key_sealing.h"
#include "store/open_store.h"
#include "tests/service/replica.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kConfig[] = R"(
issuers:
  - issuer: a
    signing:
      generate: [EdDSA]
      max_lifetime: 24h
      rotation: {period: 48h, publish_ahead: 2h}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true, clock_skew: 5m}
)";

class KeyRotation : public ::testing::Test {
 protected:
  std::unique_ptr<Replica> NewReplica(
      absl::Duration wrong_by = absl::ZeroDuration()) {
    auto replica = std::make_unique<Replica>(
        kConfig, "sqlite:" + folder_.PathTo("signet.db"), sealer_, time_,
        wrong_by);
    EXPECT_EQ(replica->Hear(), absl::OkStatus());
    return replica;
  }

  const TestFolder folder_;
  const KeyEncryptionKey sealer_ = KeyEncryptionKey::Generate();
  TestTime time_;
};

TEST_F(KeyRotation, StartsWithAKeyThatSignsAndOneThatIsPublished) {
  const auto replica = NewReplica();
  EXPECT_EQ(replica->Sign("a").status().code(), absl::StatusCode::kUnavailable);
  ASSERT_EQ(replica->KeepUp(), absl::OkStatus());
  EXPECT_EQ(replica->KeysIn("a", KeyState::kActive).size(), 1);
  EXPECT_EQ(replica->KeysIn("a", KeyState::kPending).size(), 1);
  EXPECT_EQ(replica->Outcome(replica->Sign("a")->compact), "verified");
}

TEST_F(KeyRotation, OutlivesTheServer) {
  const std::string token = [&] {
    const auto replica = NewReplica();
    EXPECT_EQ(replica->KeepUp(), absl::OkStatus());
    return replica->Sign("a")->compact;
  }();
  const auto replica = NewReplica();
  EXPECT_EQ(replica->Outcome(token), "verified");
  ASSERT_EQ(replica->KeepUp(), absl::OkStatus());
  EXPECT_EQ(replica->KeysIn("a", KeyState::kActive).size(), 1);
}

TEST_F(KeyRotation, IsDoneByOneOfSeveralServers) {
  const auto one = NewReplica();
  const auto two = NewReplica();
  ASSERT_EQ(one->KeepUp(), absl::OkStatus());
  EXPECT_TRUE(absl::IsAborted(two->KeepUp()));
  ASSERT_EQ(two->Hear(), absl::OkStatus());
  EXPECT_EQ(two->KeepUp(), absl::OkStatus());
  EXPECT_EQ(two->KeysIn("a", KeyState::kActive),
            one->KeysIn("a", KeyState::kActive));
}

TEST_F(KeyRotation, HidesNoFailureBehindAnotherServerThatWasFaster) {
  // Its name is too long for the store.
  const std::string config = absl::StrCat(R"(
issuers:
  - {issuer: a, signing: {generate: [EdDSA]}}
  - {issuer: )",
                                          std::string(kMaxNameBytes + 1, 'b'),
                                          R"(, signing: {generate: [EdDSA]}}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
)");
  const std::string store = "sqlite:" + folder_.PathTo("signet.db");
  Replica one(config, store, sealer_, time_);
  Replica two(config, store, sealer_, time_);
  ASSERT_TRUE(absl::IsInvalidArgument(one.KeepUp()));
  ASSERT_EQ(one.KeysIn("a", KeyState::kActive).size(), 1);
  EXPECT_TRUE(absl::IsInvalidArgument(two.KeepUp()));
  // It has not seen them, so its own step was Aborted.
  EXPECT_EQ(two.KeysIn("a", KeyState::kActive).size(), 0);
}

TEST_F(KeyRotation, CountsNoTimeTwice) {
  const auto one = NewReplica();
  const auto two = NewReplica();
  ASSERT_EQ(one->KeepUp(), absl::OkStatus());
  ASSERT_EQ(two->Hear(), absl::OkStatus());
  for (int i = 0; i < 100; ++i) {
    time_.passed += absl::Seconds(7);
    ASSERT_EQ((i % 3 == 0 ? one : two)->KeepUp(), absl::OkStatus());
    EXPECT_LE(one->keeper().Time(), time_.passed);
    EXPECT_LE(two->keeper().Time(), time_.passed);
  }
  // And does not fall far behind.
  EXPECT_GE(two->keeper().Time(), time_.passed - absl::Seconds(30));
}

TEST_F(KeyRotation, DoesNotCountTheTimeWhileNobodyRuns) {
  { ASSERT_EQ(NewReplica()->KeepUp(), absl::OkStatus()); }
  time_.passed += absl::Hours(1000);
  const auto replica = NewReplica();
  ASSERT_EQ(replica->KeepUp(), absl::OkStatus());
  EXPECT_EQ(replica->keeper().Time(), absl::ZeroDuration());
  EXPECT_EQ(replica->KeysIn("a", KeyState::kRetiring).size(), 0);
}

TEST_F(KeyRotation, AwaitsThePublicationOfAKeyBeforeItSigns) {
  const auto replica = NewReplica();
  ASSERT_EQ(replica->KeepUp(), absl::OkStatus());
  EXPECT_EQ(replica->keeper().Rotate("a", Algorithm::kEdDsa).status().code(),
            absl::StatusCode::kFailedPrecondition);
  time_.passed += absl::Hours(2);
  const auto steps = replica->keeper().Rotate("a", Algorithm::kEdDsa);
  ASSERT_TRUE(steps.ok()) << steps.status();
  ASSERT_EQ(steps->size(), 3);
  EXPECT_EQ(replica->KeysIn("a", KeyState::kRetiring).size(), 1);
  EXPECT_EQ(replica->KeysIn("a", KeyState::kPending).front(),
            steps->back().key_id);
}

TEST_F(KeyRotation, EndsTheTokensOfARevokedKeyAtOnce) {
  const auto replica = NewReplica();
  const auto other = NewReplica();
  ASSERT_EQ(replica->KeepUp(), absl::OkStatus());
  ASSERT_EQ(other->Hear(), absl::OkStatus());
  time_.passed += absl::Hours(3);
  const std::string token = replica->Sign("a")->compact;
  ASSERT_EQ(other->Outcome(token), "verified");
  const std::string key = replica->KeysIn("a", KeyState::kActive).front();
  ASSERT_TRUE(replica->keeper().Revoke("a", key).ok());
  EXPECT_EQ(replica->Outcome(token), "KEY_NOT_FOUND");
  ASSERT_EQ(other->Hear(), absl::OkStatus());
  EXPECT_EQ(other->Outcome(token), "KEY_NOT_FOUND");
  // The pending key has taken over.
  EXPECT_EQ(other->Outcome(replica->Sign("a")->compact), "verified");
  // Again is no mistake.
  EXPECT_EQ(replica->keeper().Revoke("a", key)->size(), 0);
}

TEST_F(KeyRotation, GoesOnFromABackup) {
  { ASSERT_EQ(NewReplica()->KeepUp(), absl::OkStatus()); }
  const std::string backup = folder_.PathTo("backup.db");
  std::filesystem::copy_file(folder_.PathTo("signet.db"), backup);
  const auto replica = NewReplica();
  const std::string token = replica->Sign("a")->compact;
  const std::string key = replica->KeysIn("a", KeyState::kActive).front();
  ASSERT_TRUE(replica->keeper().Revoke("a", key).ok());
  ASSERT_EQ(replica->Hear(), absl::OkStatus());
  ASSERT_EQ(replica->Outcome(token), "KEY_NOT_FOUND");

  const auto restored = OpenStore("sqlite:" + backup).value();
  ASSERT_EQ(replica->HearFrom(*restored), absl::OkStatus());
  EXPECT_EQ(replica->KeysIn("a", KeyState::kActive).front(), key);
  EXPECT_EQ(replica->Outcome(token), "verified");
}

// A token and until when it is to be accepted, by a clock that is right.
struct LiveToken {
  std::string compact;
  absl::Time expires;
};

// For four months, three servers sign and verify for each other, with clocks
// that are an hour apart and jump; each hears of the others late.
TEST_F(KeyRotation, NeverBreaksATokenInFiftyRotations) {
  std::vector<std::unique_ptr<Replica>> replicas;
  for (const absl::Duration wrong_by :
       {-absl::Hours(1), absl::ZeroDuration(), absl::Hours(1)}) {
    replicas.push_back(NewReplica(wrong_by));
  }
  ASSERT_EQ(replicas[0]->KeepUp(), absl::OkStatus());
  for (const auto& replica : replicas) {
    ASSERT_EQ(replica->Hear(), absl::OkStatus());
  }
  std::vector<LiveToken> tokens;
  int verified = 0;
  std::string active;
  int rotations = 0;
  for (int step = 0; rotations < 50; ++step) {
    ASSERT_LT(step, 10'000);
    time_.passed += absl::Minutes(37);
    Replica& keeping = *replicas[step % replicas.size()];
    const absl::Status kept = keeping.KeepUp();
    ASSERT_TRUE(kept.ok() || absl::IsAborted(kept)) << kept;
    // One of them hears nothing, in turn, for longer than anyone may sign.
    for (size_t i = 0; i < replicas.size(); ++i) {
      if (i != (step / 2) % replicas.size()) {
        ASSERT_EQ(replicas[i]->Hear(), absl::OkStatus());
      }
    }
    const std::string now_active =
        replicas[1]->KeysIn("a", KeyState::kActive).front();
    if (now_active != active) ++rotations;
    active = now_active;
    const Replica& signing = *replicas[step % 2 + 1];
    const absl::Duration lifetime =
        step % 5 == 0 ? absl::Hours(24) : absl::Minutes(30);
    const auto token = signing.Sign("a", lifetime);
    ASSERT_TRUE(token.ok()) << token.status();
    tokens.push_back({token->compact, signing.Now() + lifetime});
    // Its clock is an hour behind, so it takes tokens for longest.
    std::erase_if(tokens, [&](const LiveToken& each) {
      return each.expires <= replicas[0]->Now();
    });
    for (const LiveToken& each : tokens) {
      for (const auto& replica : replicas) {
        if (each.expires <= replica->Now()) continue;
        const std::string outcome = replica->Outcome(each.compact);
        // It may have been issued in what is the future to some.
        ASSERT_TRUE(outcome == "verified" || outcome == "NOT_YET_VALID")
            << outcome << " after " << rotations << " rotations";
        if (outcome == "verified") ++verified;
      }
    }
  }
  EXPECT_GT(verified, 50'000);
}

}  // namespace
}  // namespace signet
