// Servers on SQLite are killed at random moments while they are asked to revoke
// and to rotate. Whatever they have acknowledged holds when they run again.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "gtest/gtest.h"
#include "store/open_store.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

// Stores, each in a shard of its own, and how often the server of each is
// killed.
constexpr int kStores = 4;
constexpr int kCycles = 50;
// A server lives until it has acknowledged so many revocations more; in every
// fifth cycle, until it has acknowledged a rotation. So all depends on what was
// done, and nothing on how fast.
constexpr size_t kMaxRevocations = 400;
constexpr int kRotationEvery = 5;
constexpr int kSeed = 20'261'123;

constexpr char kConfig[] = R"(
listen: {address: "127.0.0.1:0"}
issuers:
  - issuer: a
    signing:
      generate: [EdDSA, ES256, ES384, ES512, HS256, HS384]
      rotation: {period: 1h, publish_ahead: 1s, jwks_max_age: 1s}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
)";

const std::vector<std::string>& Algorithms() {
  static const auto& algorithms = *new std::vector<std::string>{
      "EdDSA", "ES256", "ES384", "ES512", "HS256", "HS384"};
  return algorithms;
}

// What servers have acknowledged. May be used from many threads at once.
class Acknowledged {
 public:
  void AddGood(const std::string& token) {
    const std::lock_guard lock(mutex_);
    new_tokens_[token] = "verified";
  }

  void AddRevoked(const std::string& token) {
    const std::lock_guard lock(mutex_);
    new_tokens_[token] = "REVOKED";
    ++revocations_;
    changed_.notify_all();
  }

  void AddSteps(const v1::RotateKeyResponse& response) {
    const std::lock_guard lock(mutex_);
    for (const v1::KeyStep& step : response.steps()) {
      if (!step.key_id().empty()) key_states_[step.key_id()] = step.to();
    }
    ++rotations_;
    changed_.notify_all();
  }

  // Wait until there are so many more; the test ends at its time limit
  // otherwise.
  void AwaitRevocations(size_t more) { AwaitMore(revocations_, more); }
  void AwaitRotations(size_t more) { AwaitMore(rotations_, more); }

  // Expects `server` to know what has been added since the last call.
  void ExpectNewKnownTo(const ServerProcess& server) {
    const std::lock_guard lock(mutex_);
    ExpectOutcomes(server, new_tokens_);
    tokens_.merge(new_tokens_);
    new_tokens_.clear();
    ExpectKeys(server);
  }

  void ExpectAllKnownTo(const ServerProcess& server) {
    ExpectNewKnownTo(server);
    const std::lock_guard lock(mutex_);
    ExpectOutcomes(server, tokens_);
  }

  size_t revocations() const {
    const std::lock_guard lock(mutex_);
    return revocations_;
  }
  size_t rotations() const {
    const std::lock_guard lock(mutex_);
    return rotations_;
  }

 private:
  using Outcomes = std::map<std::string, std::string>;

  void AwaitMore(const size_t& count, size_t more) {
    std::unique_lock lock(mutex_);
    const size_t enough = count + more;
    changed_.wait(lock, [&] { return count >= enough; });
  }

  static void ExpectOutcomes(const ServerProcess& server,
                             const Outcomes& outcomes) {
    for (const auto& [token, outcome] : outcomes) {
      ASSERT_EQ(server.Outcome(token), outcome);
    }
  }

  void ExpectKeys(const ServerProcess& server)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::map<std::string, v1::KeyState> states;
    std::multiset<std::string> active;
    for (const v1::SigningKey& key : server.Keys()) {
      states[key.key_id()] = key.state();
      if (key.state() == v1::KEY_STATE_ACTIVE) active.insert(key.algorithm());
    }
    for (const auto& [key_id, state] : key_states_) {
      // Later steps may have happened without a chance to say so.
      EXPECT_GE(states[key_id], state);
    }
    EXPECT_EQ(active, std::multiset<std::string>(Algorithms().begin(),
                                                 Algorithms().end()));
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Outcomes new_tokens_ ABSL_GUARDED_BY(mutex_);
  Outcomes tokens_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, v1::KeyState> key_states_ ABSL_GUARDED_BY(mutex_);
  // Both guarded by mutex_.
  size_t revocations_ = 0;
  size_t rotations_ = 0;
};

// The only way in which a call may fail that a killed server should answer.
void ExpectGone(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE)
      << status.error_message();
}

// Signs tokens, and revokes every other, until the server is gone.
void RevokeTokens(const ServerProcess& server, Acknowledged& acknowledged) {
  for (;;) {
    v1::SignResponse good;
    v1::SignResponse revoked;
    grpc::Status status = server.Sign(good);
    if (status.ok()) acknowledged.AddGood(good.token());
    if (status.ok()) status = server.Sign(revoked);
    if (status.ok()) status = server.Revoke(revoked.token());
    if (!status.ok()) return ExpectGone(status);
    acknowledged.AddRevoked(revoked.token());
  }
}

// Rotates each algorithm as often as that can be, until the server is gone.
void RotateKeys(const ServerProcess& server, Acknowledged& acknowledged) {
  for (;;) {
    for (const std::string& algorithm : Algorithms()) {
      v1::RotateKeyResponse response;
      const grpc::Status status = server.RotateKey(algorithm, response);
      if (status.ok()) {
        acknowledged.AddSteps(response);
      } else if (status.error_code() != grpc::StatusCode::FAILED_PRECONDITION) {
        return ExpectGone(status);
      }
    }
  }
}

// The number of the store among several.
class KilledServerTest : public testing::TestWithParam<int> {
 protected:
  KilledServerTest() { folder_.Write("signet.yaml", kConfig); }

  ServerProcess Start() const {
    return ServerProcess(folder_.PathTo("signet.yaml"), folder_.PathTo("log"));
  }

  // Has a server work until it is killed.
  void Work(int cycle) {
    ServerProcess server = Start();
    acknowledged_.ExpectNewKnownTo(server);
    std::vector<std::thread> clients;
    clients.reserve(3);
    for (int i = 0; i < 2; ++i) {
      clients.emplace_back([&] { RevokeTokens(server, acknowledged_); });
    }
    clients.emplace_back([&] { RotateKeys(server, acknowledged_); });
    AwaitWork(cycle);
    server.Kill();
    for (std::thread& client : clients) client.join();
  }

  const TestFolder folder_;
  Acknowledged acknowledged_;

 private:
  void AwaitWork(int cycle) {
    if (cycle % kRotationEvery == 0) {
      acknowledged_.AwaitRotations(1);
    } else {
      acknowledged_.AwaitRevocations(revocations_(random_));
    }
    // Somewhere in what it does next.
    std::this_thread::sleep_for(std::chrono::microseconds(pause_(random_)));
  }

  std::mt19937 random_{static_cast<unsigned>(kSeed + GetParam())};
  std::uniform_int_distribution<size_t> revocations_{0, kMaxRevocations};
  std::uniform_int_distribution<int> pause_{0, 2'000};
};

TEST_P(KilledServerTest, HasAllThatItAcknowledgedWhenItRunsAgain) {
  for (int cycle = 0; cycle < kCycles && !HasFailure(); ++cycle) Work(cycle);
  {
    const ServerProcess server = Start();
    acknowledged_.ExpectAllKnownTo(server);
  }
  const auto store = OpenStore("sqlite:" + folder_.PathTo("data/signet.db"));
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE((*store)->Check().ok());
  std::cout << kCycles << " kills, " << acknowledged_.revocations()
            << " revocations and " << acknowledged_.rotations()
            << " rotations acknowledged\n";
  EXPECT_GE(acknowledged_.revocations(), size_t{kCycles} * 50);
  EXPECT_GE(acknowledged_.rotations(), size_t{kCycles} / kRotationEvery);
}

INSTANTIATE_TEST_SUITE_P(Each, KilledServerTest, testing::Range(0, kStores));

}  // namespace
}  // namespace signet
