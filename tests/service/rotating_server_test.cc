// A server rotates its keys in real time, 50 times, while clients sign and
// verify without a pause. Nothing that it has signed is refused.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "gtest/gtest.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr int kRotations = 50;

// Keys are rotated on demand, as soon as they may sign, and those that are due
// by the schedule.
constexpr char kConfig[] = R"(
listen: {address: "127.0.0.1:0"}
issuers:
  - issuer: a
    signing:
      generate: [EdDSA, ES256, ES384, ES512]
      rotation: {period: 1s, publish_ahead: 1s, jwks_max_age: 1s}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
)";

// Tokens that are to be accepted until the end. May be used from many threads
// at once.
class Tokens {
 public:
  void Add(const std::string& token) {
    const std::lock_guard lock(mutex_);
    tokens_.push_back(token);
  }
  // The token of this number, counted around.
  std::string At(size_t number) const {
    const std::lock_guard lock(mutex_);
    return tokens_[number % tokens_.size()];
  }
  std::vector<std::string> All() const {
    const std::lock_guard lock(mutex_);
    return tokens_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> tokens_ ABSL_GUARDED_BY(mutex_);
};

v1::SignResponse Sign(const ServerProcess& server,
                      const std::string& algorithm) {
  v1::SignResponse response;
  const grpc::Status status = server.SignWith(algorithm, response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// Signs with `algorithm`, and verifies that and one that is older, over and
// over.
class Client {
 public:
  Client(const ServerProcess& server, std::string algorithm, Tokens& tokens)
      : server_(server),
        algorithm_(std::move(algorithm)),
        tokens_(tokens),
        thread_([this] { Run(); }) {}
  // Its thread holds its address.
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { thread_.join(); }

  // Stop has it end soon.
  void Stop() { stopping_ = true; }
  // How often it has found a token to be good.
  size_t verified() const { return verified_; }

 private:
  void Run() {
    std::string last_key;
    for (size_t round = 0; !stopping_ && !testing::Test::HasFailure();
         ++round) {
      const v1::SignResponse fresh = Sign(server_, algorithm_);
      Expect(fresh.token());
      Expect(tokens_.At(round));
      // One for each key will do, the first.
      const std::string& key = fresh.content().header().key_id();
      if (key != last_key) tokens_.Add(fresh.token());
      last_key = key;
    }
  }

  void Expect(const std::string& token) {
    EXPECT_EQ(server_.Outcome(token), "verified");
    ++verified_;
  }

  const ServerProcess& server_;
  const std::string algorithm_;
  Tokens& tokens_;
  std::atomic<bool> stopping_ = false;
  std::atomic<size_t> verified_ = 0;
  // Last, because it uses the others.
  std::thread thread_;
};

// Has the pending key of `algorithm` sign, if it may, and sign a token.
// Returns whether it may.
bool TryToRotate(const ServerProcess& server, const std::string& algorithm,
                 Tokens& tokens) {
  v1::RotateKeyResponse response;
  const grpc::Status status = server.RotateKey(algorithm, response);
  if (status.error_code() == grpc::StatusCode::FAILED_PRECONDITION) {
    return false;
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
  std::string active;
  for (const v1::KeyStep& step : response.steps()) {
    if (step.to() == v1::KEY_STATE_ACTIVE) active = step.key_id();
  }
  const v1::SignResponse signed_after = Sign(server, algorithm);
  EXPECT_EQ(signed_after.content().header().key_id(), active);
  tokens.Add(signed_after.token());
  return true;
}

TEST(RotatingServerTest, RefusesNoTokenInFiftyRotations) {
  const TestFolder folder;
  folder.Write("signet.yaml", kConfig);
  const ServerProcess server(folder.PathTo("signet.yaml"),
                             folder.PathTo("log"));
  Tokens tokens;
  tokens.Add(Sign(server, "EdDSA").token());
  int rotations = 0;
  size_t verified = 0;
  {
    Client eddsa(server, "EdDSA", tokens);
    Client es256(server, "ES256", tokens);
    Client es384(server, "ES384", tokens);
    Client es512(server, "ES512", tokens);
    while (rotations < kRotations && !HasFailure()) {
      for (const char* algorithm : {"EdDSA", "ES256", "ES384", "ES512"}) {
        if (TryToRotate(server, algorithm, tokens)) ++rotations;
      }
      // The store's time stands still while it is asked for.
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    for (Client* client : {&eddsa, &es256, &es384, &es512}) {
      client->Stop();
      verified += client->verified();
    }
  }
  for (const std::string& token : tokens.All()) {
    EXPECT_EQ(server.Outcome(token), "verified");
  }
  std::cout << rotations << " rotations, " << verified
            << " times a token was verified meanwhile, and "
            << tokens.All().size() << " tokens of all keys at the end\n";
  EXPECT_GE(verified, size_t{kRotations} * 10);
}

}  // namespace
}  // namespace signet
