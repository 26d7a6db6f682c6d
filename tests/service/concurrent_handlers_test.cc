#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "service/access/caller.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"

namespace signet {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 25;

v1::VerifyRequest Request(const std::string& token, const char* policy) {
  v1::VerifyRequest request;
  request.set_token(token);
  request.set_policy(policy);
  return request;
}

// Signs tokens, and asks about them in every way. Returns how many answers
// were wrong.
int WrongAnswers(const TokenHandlers& handlers) {
  int wrong = 0;
  const auto expect = [&](bool right) { wrong += right ? 0 : 1; };
  for (const char* algorithm : {"EdDSA", "ES256"}) {
    v1::SignRequest sign = AccessTokenRequest();
    sign.set_algorithm(algorithm);
    const absl::StatusOr<v1::SignResponse> token =
        handlers.Sign(sign, Caller::Anonymous(), kNow);
    if (!token.ok()) return wrong + 1;

    v1::BatchVerifyRequest batch;
    *batch.add_requests() = Request(token->token(), "access");
    *batch.add_requests() = Request(token->token(), "id");
    *batch.add_requests() = Request(token->token(), "none");
    batch.mutable_requests(0)->set_explain(true);
    const auto many = handlers.BatchVerify(batch, kNow);
    expect(many.ok() && many->results(0).response().has_verified() &&
           many->results(1).response().has_rejection() &&
           many->results(2).has_failure());

    const auto one = handlers.Verify(Request(token->token(), "strict"), kNow);
    expect(one.ok() && one->has_verified());

    v1::IntrospectRequest introspect;
    introspect.set_token(token->token());
    introspect.set_policy("access");
    const auto active = handlers.Introspect(introspect, kNow);
    expect(active.ok() && active->active());
  }
  return wrong;
}

// ThreadSanitizer sees all of this, unlike calls that come through gRPC.
TEST(ConcurrentHandlers, GiveEachThreadItsOwnAnswers) {
  const TokenHandlers handlers(NewExampleSetup());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        wrong += WrongAnswers(handlers);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace signet
