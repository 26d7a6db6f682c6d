// Two servers on one PostgreSQL server. One of them reaches it by a way on
// which no notification comes back, and hears of changes all the same, because
// it looks for them.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"
#include "tests/store/postgres_relay.h"
#include "tests/store/postgres_server.h"

namespace signet {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string Config(const std::string& store) {
  return absl::StrCat(R"(
listen: {address: "127.0.0.1:0"}
issuers:
  - {issuer: a, signing: {generate: [EdDSA]}}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
state: {key_encryption_key_file: key, store: "postgres:)",
                      store, "\"}\n");
}

class PollingReplicaTest : public ::testing::Test {
 protected:
  PollingReplicaTest() { folder_.Write("key", std::string(43, 'A')); }

  std::unique_ptr<ServerProcess> Start(const std::string& name,
                                       const std::string& store) const {
    folder_.Write(name, Config(store));
    return std::make_unique<ServerProcess>(
        folder_.PathTo(name), folder_.PathTo(absl::StrCat(name, ".log")));
  }

  // Revokes `count` tokens on a server, and expects another to refuse them that
  // reaches the database by `relay`.
  void ExpectHeardOf(const PostgresRelay& relay, int count) const {
    const auto telling =
        Start("telling.yaml", server_.ConnectionString(database_));
    const auto polling = Start(
        "polling.yaml", absl::StrCat("host=127.0.0.1 port=", relay.port(),
                                     " user=postgres dbname=", database_));
    std::vector<double> delays;
    for (int i = 0; i < count; ++i) {
      v1::SignResponse response;
      ASSERT_TRUE(telling->Sign(response).ok());
      ASSERT_EQ(polling->Outcome(response.token()), "verified");
      ASSERT_TRUE(telling->Revoke(response.token()).ok());
      const SteadyClock::time_point acknowledged = SteadyClock::now();
      std::string outcome = "verified";
      while (outcome == "verified") {
        outcome = polling->Outcome(response.token());
        std::this_thread::yield();
      }
      ASSERT_EQ(outcome, "REVOKED");
      const std::chrono::duration<double, std::milli> delay =
          SteadyClock::now() - acknowledged;
      delays.push_back(delay.count());
    }
    EXPECT_FALSE(polling->HasLogged("store.not_followed"));
    std::sort(delays.begin(), delays.end());
    std::cout << count << " revocations; from the acknowledgement to the "
              << "refusal: half within " << delays[delays.size() / 2]
              << " ms, all within " << delays.back() << " ms\n";
  }

  const TestFolder folder_;
  PostgresServer& server_ = PostgresServer::Shared();
  const std::string database_ = server_.NewDatabase();
};

// As with a database that does not know the word.
TEST_F(PollingReplicaTest, HearsOfRevocationsWhereItCannotListen) {
  const PostgresRelay relay(server_.SocketPath(), "LISTEN signet_change",
                            "LISTEM signet_change");
  ExpectHeardOf(relay, 40);
  EXPECT_EQ(relay.misheard(), 1);
}

// As with a connection pool, where another session gets the notifications.
TEST_F(PollingReplicaTest, HearsOfRevocationsWhereNotificationsAreLost) {
  const PostgresRelay relay(server_.SocketPath(), "LISTEN signet_change",
                            "LISTEN signet_elsewh");
  ExpectHeardOf(relay, 8);
  EXPECT_EQ(relay.misheard(), 1);
}

}  // namespace
}  // namespace signet
