#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "tests/service/example_setup.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

constexpr int kClients = 2;
constexpr int kRounds = 200;

v1::VerifyRequest Request(const std::string& token) {
  v1::VerifyRequest request;
  request.set_token(token);
  request.set_policy("access");
  return request;
}

// One client, with a connection of its own. Counts wrong answers.
void VerifyOften(int port, const std::string& good, const std::string& bad,
                 std::atomic<int>& wrong) {
  const auto stub = v1::TokenService::NewStub(NewChannel(port));
  v1::BatchVerifyRequest batch;
  *batch.add_requests() = Request(good);
  *batch.add_requests() = Request(bad);
  *batch.add_requests() = Request(good);
  for (int round = 0; round < kRounds; ++round) {
    v1::VerifyResponse one;
    if (!stub->Verify(NewContext().get(), batch.requests(round % 2), &one)
             .ok() ||
        one.has_verified() != (round % 2 == 0)) {
      ++wrong;
    }
    v1::BatchVerifyResponse many;
    if (!stub->BatchVerify(NewContext().get(), batch, &many).ok() ||
        many.results_size() != 3 ||
        !many.results(0).response().has_verified() ||
        !many.results(1).response().has_rejection() ||
        !many.results(2).response().has_verified()) {
      ++wrong;
    }
  }
}

TEST(ConcurrentCalls, AreAnsweredEachByItself) {
  RunningServer running;
  const std::string good = running.Sign(AccessTokenRequest());
  const std::string bad = good.substr(0, good.rfind('.') + 1);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(
        [&] { VerifyOften(running.server().port(), good, bad, wrong); });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace signet
