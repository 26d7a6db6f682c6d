#include "service/remote_issuers.h"

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "service/token_handlers.h"
#include "tests/remote/published_keys.h"
#include "tests/service/example_setup.h"
#include "tests/service/fake_fetcher.h"
#include "tests/service/running_server.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

constexpr char kConfig[] = R"(
issuers:
  - {issuer: "https://id.example", remote: {jwks_url: "https://id.example/keys"}}
policies:
  - {name: any, kind: JWT, issuers: ["https://id.example"], any_audience: true}
)";

v1::VerifyRequest Request(const std::string& key_id) {
  v1::VerifyRequest request;
  request.set_token(SignedBy(key_id));
  request.set_policy("any");
  return request;
}

// A server that has keys fetched by whoever the test is.
class RemoteIssuersTest : public testing::Test {
 protected:
  RemoteIssuersTest() {
    setup_->remote->Start(fetcher_, log_, [this](auto record, auto done) {
      kept_.push_back(std::move(record));
      done(absl::OkStatus());
    });
  }
  ~RemoteIssuersTest() override { setup_->remote->Stop(); }

  // What a token with this key comes to: "verified", the reason for its
  // rejection, or why there is no answer.
  std::string Outcome(const std::string& key_id) const {
    const auto response = handlers_.Verify(Request(key_id), kNow);
    if (!response.ok()) return std::string(response.status().message());
    if (response->has_verified()) return "verified";
    return v1::RejectionReason_Name(response->rejection().reason());
  }

  const std::shared_ptr<const ServerSetup> setup_ = NewSetup(kConfig);
  const TokenHandlers handlers_{setup_};
  EventLog log_;
  FakeFetcher fetcher_;
  std::vector<JwkSetRecord> kept_;
};

constexpr char kBeingFetched[] =
    "the issuer's keys are being fetched; repeat the call";
constexpr char kCannotBeFetched[] =
    "the issuer's keys cannot be fetched now; try again later";
constexpr char kKeyNotFound[] = "REJECTION_REASON_KEY_NOT_FOUND";

TEST_F(RemoteIssuersTest, VerifyWithWhatWasFetched) {
  EXPECT_EQ(Outcome("a"), kBeingFetched);
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  EXPECT_EQ(Outcome("a"), "verified");
  ASSERT_EQ(kept_.size(), 1);
  EXPECT_EQ(kept_.front().body, PublicJwkSet({"a"}));
}

TEST_F(RemoteIssuersTest, RejectOnlyWhatIsCertain) {
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  EXPECT_EQ(Outcome("b"), kBeingFetched);
  fetcher_.Answer(absl::UnavailableError("away"));
  EXPECT_EQ(Outcome("b"), kCannotBeFetched);
  EXPECT_EQ(Outcome("a"), "verified");
}

TEST_F(RemoteIssuersTest, FollowARotation) {
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  EXPECT_EQ(Outcome("a"), "verified");
  EXPECT_EQ(Outcome("b"), kBeingFetched);
  fetcher_.Answer(Sent(PublicJwkSet({"b"})));
  EXPECT_EQ(Outcome("b"), "verified");
  EXPECT_EQ(Outcome("a"), kKeyNotFound) << "although it was remembered";
}

TEST_F(RemoteIssuersTest, AreAskedOnceForAMillionUnknownKeys) {
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  EXPECT_EQ(fetcher_.asked(), 1);
  RemoteIssuers& remote = *setup_->remote;
  for (int i = 0; i < 500'000; ++i) {
    ASSERT_EQ(remote.Inquire(kProvider, absl::StrCat(i)), Absence::kFetching);
  }
  EXPECT_EQ(fetcher_.asked(), 2);
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  for (int i = 0; i < 500'000; ++i) {
    ASSERT_EQ(remote.Inquire(kProvider, absl::StrCat(i)), Absence::kCertain);
  }
  EXPECT_EQ(fetcher_.asked(), 2);
  EXPECT_EQ(Outcome("b"), kKeyNotFound);
}

TEST_F(RemoteIssuersTest, AreNotAskedForTokensOfIssuersOfTheirOwnChoice) {
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  v1::VerifyRequest request = Request("a");
  request.set_token(SignCompact(
      MakeTestKey(Algorithm::kEdDsa, "x", "x"),
      R"({"alg":"EdDSA","kid":"x","jku":"https://evil.example/keys"})",
      R"({"iss":"https://evil.example","exp":1800000600})"));
  EXPECT_EQ(handlers_.Verify(request, kNow)->rejection().reason(),
            v1::REJECTION_REASON_ISSUER_NOT_ACCEPTED);
  EXPECT_EQ(fetcher_.asked(), 1);
}

TEST_F(RemoteIssuersTest, LetABatchAnswerForTheOthers) {
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  v1::BatchVerifyRequest batch;
  *batch.add_requests() = Request("a");
  *batch.add_requests() = Request("b");
  const auto answer = handlers_.BatchVerify(batch, kNow);
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->results(0).response().has_verified());
  EXPECT_EQ(answer->results(1).failure().message(), kBeingFetched);
}

TEST_F(RemoteIssuersTest, AreAwaitedByCallsThatHoldNoThread) {
  RunningServer running(setup_, [] { return kNow; });
  constexpr int kCalls = 64;
  struct Call {
    std::unique_ptr<grpc::ClientContext> context = NewContext();
    v1::VerifyRequest request = Request("a");
    v1::VerifyResponse response;
    grpc::Status status;
    std::promise<void> done;
  };
  std::vector<Call> calls(kCalls);
  for (Call& call : calls) {
    running.stub().async()->Verify(call.context.get(), &call.request,
                                   &call.response,
                                   [&call](grpc::Status status) {
                                     call.status = std::move(status);
                                     call.done.set_value();
                                   });
  }
  // More calls wait than gRPC has threads, and others are answered meanwhile.
  fetcher_.AwaitRequest();
  EXPECT_TRUE(running.Verify("x", "any").has_rejection());
  fetcher_.AnswerAlways(Sent(PublicJwkSet({"a"})));
  for (Call& call : calls) {
    call.done.get_future().wait();
    EXPECT_TRUE(call.status.ok()) << call.status.error_message();
    EXPECT_TRUE(call.response.has_verified());
  }
}

TEST_F(RemoteIssuersTest, AreNotAwaitedOnceFetchingEnds) {
  RunningServer running(setup_, [] { return kNow; });
  std::thread stop([this] {
    fetcher_.AwaitRequest();
    setup_->remote->Stop();
  });
  v1::VerifyResponse response;
  const grpc::Status status =
      running.stub().Verify(NewContext().get(), Request("a"), &response);
  stop.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(RemoteIssuersTest, AreVerifiedAfterARestartFromWhatWasKept) {
  fetcher_.Answer(Sent(PublicJwkSet({"a"})));
  const auto restarted = NewSetup(kConfig);
  restarted->remote->Adopt(kept_.front());
  const auto answer = TokenHandlers(restarted).Verify(Request("a"), kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(answer->has_verified());
}

// Many issuers, and a clock of the test.
TEST(ManyRemoteIssuersTest, SpreadTheirFetches) {
  constexpr int kIssuers = 500;
  std::vector<RemoteOptions> options;
  for (int i = 0; i < kIssuers; ++i) {
    options.push_back(JwksOptions());
    options.back().issuer = absl::StrCat("https://", i, ".example");
  }
  absl::Duration now = absl::Hours(1);
  RemoteIssuers issuers(
      std::move(options), std::make_shared<KeyCache>(), [] { return kNow; },
      [&now] { return now; });
  EventLog log;
  FakeFetcher fetcher;
  issuers.Start(fetcher, log, [](auto, auto done) { done(absl::OkStatus()); });
  EXPECT_EQ(fetcher.asked(), kIssuers);
  for (int i = 0; i < kIssuers; ++i) fetcher.Answer(Sent(PublicJwkSet({"a"})));
  // By 10m, what was fetched may no longer be used.
  int most_in_a_second = 0;
  for (; now < absl::Hours(1) + absl::Minutes(10); now += absl::Seconds(1)) {
    const int before = fetcher.asked();
    issuers.FetchDue();
    most_in_a_second = std::max(most_in_a_second, fetcher.asked() - before);
  }
  EXPECT_EQ(fetcher.asked(), 2 * kIssuers);
  EXPECT_LT(most_in_a_second, kIssuers / 10);
  issuers.Stop();
}

}  // namespace
}  // namespace signet
