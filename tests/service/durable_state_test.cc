#include "service/durable_state.h"

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "keys/key_sealing.h"
#include "service/server_setup.h"
#include "service/yaml/yaml_config.h"
#include "store/open_store.h"
#include "tests/service/switched_store.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kConfig[] = R"(
issuers:
  - issuer: a
    signing:
      generate: [EdDSA]
      rotation: {period: 1s, publish_ahead: 1s, jwks_max_age: 1s}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
state: {max_staleness: 1s, refuse_when_stale: true}
)";

// A server's memory, and what keeps it.
struct Server {
  ServerSetup setup;
  SwitchedStore* store;
  std::unique_ptr<DurableState> state;

  // Returns what was found about a token.
  std::string Outcome(const std::string& token) const {
    const auto verdict = setup.verifier.Verify(token, setup.policies.at("any"),
                                               Tightening{}, absl::Now());
    if (!verdict.ok()) return verdict.status().ToString();
    if (verdict->ok()) return "verified";
    return std::string(verdict->rejection().detail);
  }

  SignedToken Sign() const {
    return setup.issuers->FindSigner("a")
        .value()
        ->Sign({.subject = "s", .audiences = {"x"}}, absl::Now())
        .value();
  }

  absl::Status Revoke(RevocationRecord record) const {
    std::promise<absl::Status> answer;
    state->writer().Revoke(
        {std::move(record)},
        [&](const absl::Status& status) { answer.set_value(status); });
    return answer.get_future().get();
  }
};

RevocationRecord ById(const SignedToken& token) {
  return {.target = RevocationTarget::kTokenId,
          .issuer = "a",
          .value = std::string(*token.content.claims().registered().jwt_id),
          .expires = absl::Now() + absl::Hours(1)};
}

class DurableStateTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Server>> TryStart() {
    auto store = std::make_unique<SwitchedStore>(
        OpenStore("sqlite:" + folder_.PathTo("signet.db")).value());
    auto server = std::make_unique<Server>(Server{
        BuildServerSetup(ParseServerConfig(kConfig, "signet.yaml").value(),
                         "/nowhere")
            .value(),
        store.get(), nullptr});
    auto state =
        DurableState::Start({.store = std::move(store),
                             .sealer = KeyEncryptionKey::Parse(key_).value(),
                             .issuers = server->setup.issuers,
                             .remote = server->setup.remote,
                             .revocations = server->setup.revocations,
                             .freshness = server->setup.freshness,
                             .log = std::make_shared<EventLog>()});
    if (!state.ok()) return state.status();
    server->state = *std::move(state);
    return server;
  }
  std::unique_ptr<Server> Start() { return TryStart().value(); }

  const TestFolder folder_;
  std::string key_ = std::string(43, 'A');
};

// Waits until `condition` holds; the test ends at its time limit otherwise.
template <typename Condition>
void Await(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

TEST_F(DurableStateTest, RefusesWhatIsRevokedBeforeItSaysSo) {
  const auto server = Start();
  const SignedToken token = server->Sign();
  const SignedToken other = server->Sign();
  ASSERT_EQ(server->Outcome(token.compact), "verified");
  ASSERT_EQ(server->Revoke(ById(token)), absl::OkStatus());
  EXPECT_NE(server->Outcome(token.compact), "verified");
  EXPECT_EQ(server->Outcome(other.compact), "verified");
}

TEST_F(DurableStateTest, KnowsAllOfItAfterARestart) {
  std::string revoked;
  std::string good;
  {
    const auto server = Start();
    const SignedToken token = server->Sign();
    revoked = token.compact;
    good = server->Sign().compact;
    ASSERT_EQ(server->Revoke(ById(token)), absl::OkStatus());
  }
  const auto server = Start();
  EXPECT_NE(server->Outcome(revoked), "verified");
  EXPECT_EQ(server->Outcome(good), "verified");
}

TEST_F(DurableStateTest, HearsOfWhatOthersRevoke) {
  const auto one = Start();
  const auto two = Start();
  const SignedToken token = one->Sign();
  ASSERT_EQ(two->Outcome(token.compact), "verified");
  ASSERT_EQ(one->Revoke(ById(token)), absl::OkStatus());
  Await([&] { return two->Outcome(token.compact) != "verified"; });
}

TEST_F(DurableStateTest, MeasuresHowLongItTakesToHearOfOthers) {
  const auto one = Start();
  const auto two = Start();
  const auto delays = [&] { return two->state->propagation_delay().totals(); };
  const int64_t before = delays().count;
  ASSERT_EQ(one->Revoke(ById(one->Sign())), absl::OkStatus());
  Await([&] { return delays().count > before; });
  EXPECT_GT(delays().max, absl::ZeroDuration());
}

TEST_F(DurableStateTest, AgreesOnKeysWithServersThatStartTogether) {
  std::vector<std::future<std::unique_ptr<Server>>> starting;
  starting.reserve(4);
  for (int i = 0; i < 4; ++i) {
    starting.push_back(
        std::async(std::launch::async, [this] { return Start(); }));
  }
  std::vector<std::unique_ptr<Server>> servers;
  servers.reserve(starting.size());
  for (auto& server : starting) servers.push_back(server.get());
  for (const auto& signing : servers) {
    const SignedToken token = signing->Sign();
    for (const auto& verifying : servers) {
      EXPECT_EQ(verifying->Outcome(token.compact), "verified");
    }
  }
}

TEST_F(DurableStateTest, VerifiesOnWhileTheStoreIsAwayAndRecoversByItself) {
  const auto server = Start();
  const SignedToken token = server->Sign();
  server->store->SetAway(true);
  EXPECT_EQ(server->Revoke(ById(token)).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server->Outcome(token.compact), "verified");
  Await([&] { return !server->setup.freshness->CheckVerifying().ok(); });
  server->store->SetAway(false);
  Await([&] { return server->setup.freshness->CheckVerifying().ok(); });
  EXPECT_EQ(server->Revoke(ById(token)), absl::OkStatus());
  EXPECT_NE(server->Outcome(token.compact), "verified");
}

TEST_F(DurableStateTest, RefusesMoreThanItCanRemember) {
  const auto server = Start();
  const SignedToken token = server->Sign();
  std::atomic<int> full = 0;
  std::atomic<int> done = 0;
  server->store->Block();
  for (int i = 0; i < 10'000; ++i) {
    server->state->writer().Revoke(
        {ById(token)}, [&](const absl::Status& status) {
          full += absl::IsResourceExhausted(status) ? 1 : 0;
          done += status.ok() ? 1 : 0;
        });
  }
  EXPECT_GT(full, 0);
  server->store->Unblock();
  Await([&] { return done + full == 10'000; });
  EXPECT_GT(done, 1000);
}

TEST_F(DurableStateTest, DoesNotStartWithAnotherKeyEncryptionKey) {
  Start();
  key_ = std::string(42, 'B') + "A";
  const absl::Status status = TryStart().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(),
                                "sealed under another key-encryption key"))
      << status;
}

// Keys that live for a second, on the real clock, while it signs and verifies.
TEST_F(DurableStateTest, RotatesWithoutBreakingAToken) {
  const auto server = Start();
  std::vector<std::string> tokens;
  std::set<std::string> signing_keys;
  const auto rotate = [&] {
    std::promise<absl::Status> answer;
    server->state->writer().RotateKey(
        "a", Algorithm::kEdDsa,
        [&](const absl::StatusOr<std::vector<KeyStep>>& steps) {
          answer.set_value(steps.status());
        });
    return answer.get_future().get();
  };
  while (signing_keys.size() < 4) {
    const SignedToken token = server->Sign();
    signing_keys.insert(std::string(*token.content.header().key_id));
    tokens.push_back(token.compact);
    for (const std::string& each : tokens) {
      ASSERT_EQ(server->Outcome(each), "verified");
    }
    const absl::Status rotated = rotate();
    ASSERT_TRUE(rotated.ok() || absl::IsFailedPrecondition(rotated)) << rotated;
    if (tokens.size() > 50) tokens.pop_back();
  }
}

}  // namespace
}  // namespace signet
