// A server on SQLite is killed at random moments while it is asked to revoke
// and to rotate. Whatever it has acknowledged holds when it runs again.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "gtest/gtest.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr int kCycles = 20;
constexpr unsigned kSeed = 20'261'123;

constexpr char kConfig[] = R"(
listen: {address: "127.0.0.1:0"}
issuers:
  - issuer: a
    signing:
      generate: [EdDSA, ES256, ES384]
      rotation: {period: 1h, publish_ahead: 1s, jwks_max_age: 1s}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
)";

// What servers have acknowledged. May be used from many threads at once.
class Acknowledged {
 public:
  void AddToken(const std::string& token, const std::string& outcome) {
    const std::lock_guard lock(mutex_);
    new_tokens_[token] = outcome;
  }

  void AddSteps(const v1::RotateKeyResponse& response) {
    const std::lock_guard lock(mutex_);
    ++rotations_;
    for (const v1::KeyStep& step : response.steps()) {
      if (!step.key_id().empty()) key_states_[step.key_id()] = step.to();
    }
  }

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

  size_t tokens() const {
    const std::lock_guard lock(mutex_);
    return tokens_.size();
  }
  int rotations() const {
    const std::lock_guard lock(mutex_);
    return rotations_;
  }

 private:
  using Outcomes = std::map<std::string, std::string>;

  static void ExpectOutcomes(const ServerProcess& server,
                             const Outcomes& outcomes) {
    for (const auto& [token, outcome] : outcomes) {
      ASSERT_EQ(server.Outcome(token), outcome);
    }
  }

  void ExpectKeys(const ServerProcess& server)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::map<std::string, v1::KeyState> states;
    std::map<std::string, int> active;
    for (const v1::SigningKey& key : server.Keys()) {
      states[key.key_id()] = key.state();
      active[key.algorithm()] += key.state() == v1::KEY_STATE_ACTIVE;
    }
    for (const auto& [key_id, state] : key_states_) {
      // Later steps may have happened without a chance to say so.
      EXPECT_GE(states[key_id], state);
    }
    EXPECT_EQ(active, (std::map<std::string, int>{
                          {"EdDSA", 1}, {"ES256", 1}, {"ES384", 1}}));
  }

  mutable std::mutex mutex_;
  Outcomes new_tokens_ ABSL_GUARDED_BY(mutex_);
  Outcomes tokens_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, v1::KeyState> key_states_ ABSL_GUARDED_BY(mutex_);
  int rotations_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Signs tokens, and revokes every other, until the server is gone.
void RevokeTokens(const ServerProcess& server, Acknowledged& acknowledged) {
  for (;;) {
    v1::SignResponse good;
    v1::SignResponse revoked;
    if (!server.Sign(good).ok()) return;
    acknowledged.AddToken(good.token(), "verified");
    if (!server.Sign(revoked).ok()) return;
    if (!server.Revoke(revoked.token()).ok()) return;
    acknowledged.AddToken(revoked.token(), "REVOKED");
  }
}

// Rotates each algorithm as often as that can be, until the server is gone.
void RotateKeys(const ServerProcess& server, Acknowledged& acknowledged) {
  for (;;) {
    for (const char* algorithm : {"EdDSA", "ES256", "ES384"}) {
      v1::RotateKeyResponse response;
      const grpc::Status status = server.RotateKey(algorithm, response);
      if (status.ok()) {
        acknowledged.AddSteps(response);
      } else if (status.error_code() != grpc::StatusCode::FAILED_PRECONDITION) {
        return;
      }
    }
  }
}

TEST(KilledServerTest, HasAllThatItAcknowledgedWhenItRunsAgain) {
  const TestFolder folder;
  folder.Write("signet.yaml", kConfig);
  std::mt19937 random(kSeed);
  std::uniform_int_distribution<int> milliseconds(0, 1'200);
  Acknowledged acknowledged;
  for (int cycle = 0; cycle < kCycles && !testing::Test::HasFailure();
       ++cycle) {
    ServerProcess server(folder.PathTo("signet.yaml"), folder.PathTo("log"));
    acknowledged.ExpectNewKnownTo(server);
    std::vector<std::thread> clients;
    for (int i = 0; i < 2; ++i) {
      clients.emplace_back([&] { RevokeTokens(server, acknowledged); });
    }
    clients.emplace_back([&] { RotateKeys(server, acknowledged); });
    std::this_thread::sleep_for(
        std::chrono::milliseconds(milliseconds(random)));
    server.Kill();
    for (std::thread& client : clients) client.join();
  }
  const ServerProcess server(folder.PathTo("signet.yaml"),
                             folder.PathTo("log"));
  acknowledged.ExpectAllKnownTo(server);
  std::cout << kCycles << " kills, " << acknowledged.tokens()
            << " tokens, every other revoked, and " << acknowledged.rotations()
            << " rotations acknowledged\n";
  EXPECT_GT(acknowledged.tokens(), kCycles);
  EXPECT_GT(acknowledged.rotations(), 0);
}

}  // namespace
}  // namespace signet
