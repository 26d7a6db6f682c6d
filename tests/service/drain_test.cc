#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "service/current_setup.h"
#include "service/freshness.h"
#include "service/listen_address.h"
#include "service/server_setup.h"
#include "tests/service/byte_stream.h"
#include "tests/service/example_setup.h"
#include "tests/service/fake_clock.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

constexpr char kCheck[] = "/grpc.health.v1.Health/Check";
constexpr char kWatch[] = "/grpc.health.v1.Health/Watch";
constexpr char kService[] = "signet.v1.TokenService";

// HealthCheckRequest: field 1 is the name of the service.
std::string HealthRequest(const std::string& service) {
  if (service.empty()) return "";
  return absl::StrCat("\x0A", std::string(1, static_cast<char>(service.size())),
                      service);
}

// HealthCheckResponse: field 1 is the status, of which these are two.
const char kServing[] = "\x08\x01";
const char kNotServing[] = "\x08\x02";

v1::VerifyRequest AnyRequest() {
  v1::VerifyRequest request;
  request.set_policy("access");
  return request;
}

TEST(Health, IsServingFromTheStart) {
  RunningServer running;
  for (const char* service : {"", kService}) {
    ByteStream call(running.channel(), kCheck, HealthRequest(service));
    EXPECT_EQ(call.Next(), kServing) << service;
  }
  ByteStream unknown(running.channel(), kCheck, HealthRequest("no.Service"));
  EXPECT_EQ(unknown.Next(), std::nullopt);
  EXPECT_EQ(unknown.Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(Health, SaysThatAStaleServerRefusesToVerify) {
  std::atomic<int64_t> seconds = 0;
  auto setup = std::make_shared<ServerSetup>(*NewExampleSetup());
  setup->freshness = std::make_shared<Freshness>(
      absl::Minutes(1), WhenStale::kRefuse,
      [&] { return absl::Seconds(seconds.load()); });
  RunningServer running(setup, [] { return kNow; });
  const auto status = [&](const std::string& service) {
    return ByteStream(running.channel(), kCheck, HealthRequest(service)).Next();
  };
  EXPECT_EQ(status(""), kServing);
  EXPECT_EQ(status(kService), kServing);

  seconds = 61;
  setup->freshness->Observe();
  EXPECT_EQ(status(""), kNotServing);
  EXPECT_EQ(status(kService), kNotServing);
  v1::VerifyResponse response;
  EXPECT_EQ(running.stub()
                .Verify(NewContext().get(), AnyRequest(), &response)
                .error_code(),
            grpc::StatusCode::UNAVAILABLE);

  setup->freshness->HeardAll();
  setup->freshness->Observe();
  EXPECT_EQ(status(""), kServing);
  EXPECT_EQ(status(kService), kServing);
}

TEST(Drain, ReportsNotServingAndWaitsForTheCallsThatAreRunning) {
  FakeClock clock(kNow);
  RunningServer running(NewExampleSetup(), clock.AsClock());
  ByteStream whole(running.channel(), kWatch, HealthRequest(""));
  ByteStream service(running.channel(), kWatch, HealthRequest(kService));
  EXPECT_EQ(whole.Next(), kServing);
  EXPECT_EQ(service.Next(), kServing);

  clock.Stop();
  grpc::Status call_status(grpc::StatusCode::UNKNOWN, "not ended");
  std::thread caller([&] {
    v1::VerifyResponse response;
    call_status =
        running.stub().Verify(NewContext().get(), AnyRequest(), &response);
  });
  clock.AwaitAsker();
  std::atomic<bool> drained = false;
  std::thread drainer([&] {
    running.server().Drain(absl::Minutes(1));
    drained = true;
  });
  EXPECT_EQ(whole.Next(), kNotServing);
  EXPECT_EQ(service.Next(), kNotServing);
  EXPECT_FALSE(drained);

  clock.Go();
  caller.join();
  EXPECT_TRUE(call_status.ok()) << call_status.error_message();
  drainer.join();
  EXPECT_FALSE(whole.Finish().ok());
  EXPECT_FALSE(service.Finish().ok());
}

TEST(Drain, EndsAStreamThatWaitsForRequests) {
  RunningServer running;
  const auto context = NewContext();
  const auto stream = running.stub().StreamVerify(context.get());
  ASSERT_TRUE(stream->Write({}));
  v1::StreamVerifyResponse response;
  ASSERT_TRUE(stream->Read(&response));
  running.server().Drain(absl::Hours(1));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(Drain, DoesNotWaitForStreamsThatNeedNotEnd) {
  RunningServer running;
  ByteStream watch(running.channel(), kWatch, HealthRequest(""));
  EXPECT_EQ(watch.Next(), kServing);
  running.server().Drain(absl::Hours(1));
  EXPECT_EQ(watch.Next(), kNotServing);
  EXPECT_FALSE(watch.Finish().ok());
}

TEST(Drain, TakesNoNewCalls) {
  RunningServer running;
  running.Sign(AccessTokenRequest());
  const int port = running.server().port();
  running.server().Drain(absl::Minutes(1));
  for (const auto& channel : {running.channel(), NewChannel(port)}) {
    v1::VerifyResponse response;
    EXPECT_EQ(v1::TokenService::NewStub(channel)
                  ->Verify(NewContext().get(), AnyRequest(), &response)
                  .error_code(),
              grpc::StatusCode::UNAVAILABLE);
  }
}

TEST(Drain, CancelsCallsWhenItsPatienceEnds) {
  FakeClock clock(kNow);
  RunningServer running(NewExampleSetup(), clock.AsClock());
  clock.Stop();
  grpc::Status call_status;
  std::thread caller([&] {
    v1::VerifyResponse response;
    call_status =
        running.stub().Verify(NewContext().get(), AnyRequest(), &response);
  });
  clock.AwaitAsker();
  std::thread drainer([&] { running.server().Drain(absl::ZeroDuration()); });
  // The caller is told although the call still runs.
  caller.join();
  EXPECT_FALSE(call_status.ok());
  clock.Go();
  drainer.join();
}

TEST(Drain, MayBeDoneTwice) {
  RunningServer running;
  running.server().Drain(absl::Minutes(1));
  running.server().Drain(absl::Minutes(1));
}

TEST(Drain, LeavesThePortToTheNextServer) {
  RunningServer running;
  const int port = running.server().port();
  running.server().Drain(absl::ZeroDuration());
  const auto next = TokenServer::Start(
      {.address =
           ListenAddress::Parse(absl::StrCat("127.0.0.1:", port)).value(),
       .credentials = grpc::InsecureServerCredentials(),
       .setup = std::make_shared<CurrentSetup>(NewExampleSetup())});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ((*next)->port(), port);
}

}  // namespace
}  // namespace signet
