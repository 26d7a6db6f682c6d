#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/access/caller.h"
#include "service/freshness.h"
#include "service/server_setup.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

class BatchVerifyHandler : public testing::Test {
 protected:
  static v1::VerifyRequest Request(const std::string& token,
                                   const std::string& policy) {
    v1::VerifyRequest request;
    request.set_token(token);
    request.set_policy(policy);
    return request;
  }

  std::string Sign(const v1::SignRequest& request) const {
    return handlers_.Sign(request, Caller::Anonymous(), kNow).value().token();
  }

  const TokenHandlers handlers_{NewExampleSetup()};
};

TEST_F(BatchVerifyHandler, AnswersEachInOrderAsACallOfItsOwnWould) {
  v1::BatchVerifyRequest batch;
  *batch.add_requests() = Request(Sign(IdTokenRequest()), "access");
  *batch.add_requests() = Request("not a token", "no such policy");
  *batch.add_requests() = Request(Sign(AccessTokenRequest()), "access");
  *batch.add_requests() = Request(Sign(IdTokenRequest()), "id");
  batch.mutable_requests(3)->set_explain(true);

  const absl::StatusOr<v1::BatchVerifyResponse> answer =
      handlers_.BatchVerify(batch, kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->results_size(), 4);
  ExpectMessage(
      answer->results(1).failure(),
      "code: 3 message: 'policy: the server has no policy of this name'");
  for (const int i : {0, 2, 3}) {
    EXPECT_EQ(answer->results(i).response().DebugString(),
              handlers_.Verify(batch.requests(i), kNow).value().DebugString());
  }
  EXPECT_EQ(answer->results(0).response().rejection().reason(),
            v1::REJECTION_REASON_WRONG_TOKEN_KIND);
  EXPECT_TRUE(answer->results(2).response().has_verified());
  EXPECT_TRUE(answer->results(3).response().has_verified());
}

TEST_F(BatchVerifyHandler, AnswersTheSameTokenTheSameWayWhereverItStands) {
  const std::string good = Sign(AccessTokenRequest());
  const std::string unsigned_token = good.substr(0, good.rfind('.') + 1);
  const v1::VerifyRequest one = Request(good, "access");
  const std::string alone = handlers_.Verify(one, kNow)->DebugString();
  for (int place = 0; place < 4; ++place) {
    v1::BatchVerifyRequest batch;
    for (int i = 0; i < 4; ++i) {
      *batch.add_requests() =
          i == place ? one : Request(unsigned_token, "access");
    }
    const auto answer = handlers_.BatchVerify(batch, kNow);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (int i = 0; i < 4; ++i) {
      const v1::VerifyResponse& response = answer->results(i).response();
      if (i == place) {
        EXPECT_EQ(response.DebugString(), alone);
      } else {
        EXPECT_EQ(response.rejection().reason(),
                  v1::REJECTION_REASON_SIGNATURE_INVALID);
      }
    }
  }
}

TEST_F(BatchVerifyHandler, AnswersTheRestThoughNoneOfTheOthersCanBeDecided) {
  v1::VerifyRequest no_age = Request(Sign(AccessTokenRequest()), "access");
  no_age.mutable_max_token_age();
  v1::VerifyRequest explained = Request(Sign(AccessTokenRequest()), "nowhere");
  explained.set_explain(true);
  v1::BatchVerifyRequest batch;
  *batch.add_requests() = no_age;
  *batch.add_requests() = Request(Sign(AccessTokenRequest()), "");
  *batch.add_requests() = Request(Sign(AccessTokenRequest()), "access");
  *batch.add_requests() = explained;
  const auto answer = handlers_.BatchVerify(batch, kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->results_size(), 4);
  ExpectMessage(
      answer->results(0).failure(),
      "code: 3 message: 'max_token_age: must be a positive duration'");
  ExpectMessage(answer->results(1).failure(),
                "code: 3 message: 'policy: is required'");
  EXPECT_TRUE(answer->results(2).response().has_verified());
  ExpectMessage(
      answer->results(3).failure(),
      "code: 3 message: 'policy: the server has no policy of this name'");
}

TEST_F(BatchVerifyHandler, ExplainsThoseThatAsk) {
  v1::BatchVerifyRequest batch;
  *batch.add_requests() = Request(Sign(AccessTokenRequest()), "access");
  *batch.add_requests() = batch.requests(0);
  batch.mutable_requests(1)->set_explain(true);
  const auto answer = handlers_.BatchVerify(batch, kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->results(0).response().checks_size(), 0);
  EXPECT_GT(answer->results(1).response().checks_size(), 0);
}

TEST_F(BatchVerifyHandler, DecidesNothingWhenTheServerIsStale) {
  auto setup = std::make_shared<ServerSetup>(*NewExampleSetup());
  absl::Duration passed;
  setup->freshness = std::make_shared<Freshness>(
      absl::Minutes(1), WhenStale::kRefuse, [&] { return passed; });
  const TokenHandlers handlers(setup);
  v1::BatchVerifyRequest batch;
  *batch.add_requests() = Request(
      handlers.Sign(AccessTokenRequest(), Caller::Anonymous(), kNow)->token(),
      "access");
  *batch.add_requests() = Request("not a token", "access");
  *batch.add_requests() = batch.requests(0);
  batch.mutable_requests(2)->set_explain(true);
  *batch.add_requests() = Request("not a token", "no such policy");

  passed = absl::Minutes(1) + absl::Nanoseconds(1);
  const auto stale = handlers.BatchVerify(batch, kNow);
  ASSERT_TRUE(stale.ok()) << stale.status();
  ASSERT_EQ(stale->results_size(), 4);
  for (int i = 0; i < 4; ++i) {
    const absl::Status alone =
        handlers.Verify(batch.requests(i), kNow).status();
    EXPECT_EQ(alone.code(), i == 3 ? absl::StatusCode::kInvalidArgument
                                   : absl::StatusCode::kUnavailable);
    EXPECT_EQ(stale->results(i).failure().code(), alone.raw_code());
    EXPECT_EQ(stale->results(i).failure().message(), alone.message());
  }

  setup->freshness->HeardAll();
  const auto fresh = handlers.BatchVerify(batch, kNow);
  ASSERT_TRUE(fresh.ok()) << fresh.status();
  EXPECT_TRUE(fresh->results(0).response().has_verified());
  EXPECT_EQ(fresh->results(1).response().rejection().reason(),
            v1::REJECTION_REASON_MALFORMED);
}

TEST_F(BatchVerifyHandler, TakesAsManyAsTheServerIsConfiguredToTake) {
  v1::BatchVerifyRequest batch;
  EXPECT_EQ(handlers_.BatchVerify(batch, kNow)->results_size(), 0);
  for (int i = 0; i < 4; ++i) *batch.add_requests() = Request("", "access");
  EXPECT_EQ(handlers_.BatchVerify(batch, kNow)->results_size(), 4);
  *batch.add_requests() = Request("", "access");
  EXPECT_EQ(handlers_.BatchVerify(batch, kNow).status(),
            absl::InvalidArgumentError(
                "requests: has 5; this server takes at most 4"));
}

}  // namespace
}  // namespace signet
