// Three servers, each a process of its own, on one PostgreSQL server.

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <future>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"
#include "tests/store/postgres_server.h"

namespace signet {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kRevocations = 120;

std::string Config(const std::string& database) {
  return absl::StrCat(R"(
listen: {address: "127.0.0.1:0"}
issuers:
  - issuer: a
    signing:
      generate: [EdDSA]
      rotation: {period: 1h, publish_ahead: 1s, jwks_max_age: 1s}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
state:
  key_encryption_key_file: key
  max_staleness: 2s
  refuse_when_stale: true
  store: "postgres:)",
                      PostgresServer::Shared().ConnectionString(database),
                      "\"\n");
}

// Waits until `condition` holds; the test ends at its time limit otherwise.
template <typename Condition>
void Await(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

// A token, and the key that signed it.
struct Signed {
  std::string token;
  std::string key_id;
};

Signed Sign(const ServerProcess& server) {
  v1::SignResponse response;
  const grpc::Status status = server.Sign(response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return {response.token(), response.content().header().key_id()};
}

// What a server finds about a token when it is not stale, as it may be for a
// moment where too much goes on.
std::string Verdict(const ServerProcess& server, const std::string& token) {
  std::string outcome;
  Await([&] { return (outcome = server.Outcome(token)) != "UNAVAILABLE"; });
  return outcome;
}

void AwaitOutcome(const ServerProcess& server, const std::string& token,
                  const std::string& outcome) {
  Await([&] { return server.Outcome(token) == outcome; });
}

void Revoke(const ServerProcess& server, const std::string& token) {
  const grpc::Status status = server.Revoke(token);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

// Rotates as soon as the pending key has been published for long enough.
void Rotate(const ServerProcess& server) {
  v1::RotateKeyResponse response;
  grpc::Status status;
  Await([&] {
    status = server.RotateKey("EdDSA", response);
    return status.error_code() != grpc::StatusCode::FAILED_PRECONDITION;
  });
  EXPECT_TRUE(status.ok()) << status.error_message();
}

std::set<std::string> ActiveKeys(const ServerProcess& server) {
  std::set<std::string> active;
  for (const v1::SigningKey& key : server.Keys()) {
    if (key.state() == v1::KEY_STATE_ACTIVE) active.insert(key.key_id());
  }
  return active;
}

class ReplicasTest : public ::testing::Test {
 protected:
  ReplicasTest() {
    folder_.Write("key", std::string(43, 'A'));
    folder_.Write("signet.yaml",
                  Config(PostgresServer::Shared().NewDatabase()));
    for (int i = 0; i < 3; ++i) {
      replicas_.push_back(std::make_unique<ServerProcess>(
          folder_.PathTo("signet.yaml"), folder_.PathTo(absl::StrCat(i))));
    }
  }

  void ExpectOnAll(const std::string& token, const std::string& verdict) {
    for (const auto& replica : replicas_) {
      EXPECT_EQ(Verdict(*replica, token), verdict);
    }
  }

  const TestFolder folder_;
  std::vector<std::unique_ptr<ServerProcess>> replicas_;
};

// How long after its acknowledgement by the first of `replicas` the last one
// has refused the token that is revoked; 0, if it did so before.
double RevocationDelayMs(
    const std::vector<std::unique_ptr<ServerProcess>>& replicas) {
  const std::string token = Sign(*replicas[0]).token;
  std::vector<std::future<SteadyClock::time_point>> refusals;
  for (size_t i = 1; i < replicas.size(); ++i) {
    EXPECT_EQ(Verdict(*replicas[i], token), "verified");
    refusals.push_back(std::async(std::launch::async, [&, i] {
      AwaitOutcome(*replicas[i], token, "REVOKED");
      return SteadyClock::now();
    }));
  }
  Revoke(*replicas[0], token);
  const SteadyClock::time_point acknowledged = SteadyClock::now();
  EXPECT_EQ(Verdict(*replicas[0], token), "REVOKED");
  SteadyClock::time_point last = acknowledged;
  for (auto& refusal : refusals) last = std::max(last, refusal.get());
  return std::chrono::duration<double, std::milli>(last - acknowledged).count();
}

TEST_F(ReplicasTest, RefuseWhatOneHasRevoked) {
  for (const auto& replica : replicas_) {
    ExpectOnAll(Sign(*replica).token, "verified");
  }
  std::vector<double> delays;
  delays.reserve(kRevocations);
  for (int i = 0; i < kRevocations; ++i) {
    delays.push_back(RevocationDelayMs(replicas_));
  }
  std::sort(delays.begin(), delays.end());
  std::cout << kRevocations << " revocations; from the acknowledgement to the "
            << "last replica's first refusal: p50 " << delays[kRevocations / 2]
            << " ms, p99 " << delays[kRevocations * 99 / 100] << " ms\n";
}

TEST_F(ReplicasTest, SignWithTheKeyThatOneHasRotatedTo) {
  const Signed before = Sign(*replicas_[1]);
  Rotate(*replicas_[0]);
  const Signed after = Sign(*replicas_[0]);
  EXPECT_NE(after.key_id, before.key_id);
  // It was published before.
  ExpectOnAll(after.token, "verified");
  for (const auto& replica : replicas_) {
    Await([&] { return Sign(*replica).key_id == after.key_id; });
    EXPECT_EQ(ActiveKeys(*replica), std::set<std::string>{after.key_id});
    ExpectOnAll(Sign(*replica).token, "verified");
  }
  ExpectOnAll(before.token, "verified");
}

TEST_F(ReplicasTest, RefuseTokensOfAKeyThatOneHasRevoked) {
  const Signed leaked = Sign(*replicas_[1]);
  ExpectOnAll(leaked.token, "verified");
  const grpc::Status revoked = replicas_[0]->RevokeKey(leaked.key_id);
  ASSERT_TRUE(revoked.ok()) << revoked.error_message();
  EXPECT_EQ(Verdict(*replicas_[0], leaked.token), "KEY_NOT_FOUND");
  for (const auto& replica : replicas_) {
    AwaitOutcome(*replica, leaked.token, "KEY_NOT_FOUND");
    EXPECT_EQ(ActiveKeys(*replica).count(leaked.key_id), 0);
  }
}

TEST_F(ReplicasTest, CatchUpAfterTheyWereStopped) {
  const ServerProcess& stopped = *replicas_[2];
  const Signed revoked = Sign(stopped);
  const Signed good = Sign(stopped);
  stopped.Signal(SIGSTOP);
  Revoke(*replicas_[0], revoked.token);
  Rotate(*replicas_[1]);
  const Signed after = Sign(*replicas_[1]);
  stopped.Signal(SIGCONT);
  AwaitOutcome(stopped, revoked.token, "REVOKED");
  Await([&] { return Sign(stopped).key_id == after.key_id; });
  EXPECT_EQ(ActiveKeys(stopped), std::set<std::string>{after.key_id});
  ExpectOnAll(good.token, "verified");
  ExpectOnAll(after.token, "verified");
}

TEST_F(ReplicasTest, VerifyWithoutTheStoreUntilTheyAreStale) {
  const std::string good = Sign(*replicas_[0]).token;
  const std::string revoked = Sign(*replicas_[0]).token;
  Revoke(*replicas_[0], revoked);
  for (const auto& replica : replicas_) {
    AwaitOutcome(*replica, revoked, "REVOKED");
    ASSERT_EQ(Verdict(*replica, good), "verified");
  }
  PostgresServer::Shared().Kill();
  int verified = 0;
  for (const auto& replica : replicas_) {
    std::string outcome;
    while ((outcome = replica->Outcome(good)) == "verified") ++verified;
    EXPECT_EQ(outcome, "UNAVAILABLE");
    Await([&] { return replica->HasLogged("store.not_followed"); });
    EXPECT_EQ(replica->Outcome(revoked), "UNAVAILABLE");
    // What cannot be made durable is not acknowledged.
    EXPECT_EQ(replica->Revoke(good).error_code(),
              grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_GT(verified, 0);

  PostgresServer::Shared().Start();
  for (const auto& replica : replicas_) {
    AwaitOutcome(*replica, good, "verified");
    EXPECT_EQ(Verdict(*replica, revoked), "REVOKED");
    Await([&] { return replica->HasLogged("store.followed"); });
  }
  Revoke(*replicas_[1], good);
  for (const auto& replica : replicas_) {
    AwaitOutcome(*replica, good, "REVOKED");
  }
}

}  // namespace
}  // namespace signet
