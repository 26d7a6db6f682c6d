#include "service/token_server.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"
#include "service/current_setup.h"
#include "service/listen_address.h"
#include "tests/service/byte_stream.h"
#include "tests/service/example_setup.h"
#include "tests/service/fake_clock.h"
#include "tests/service/message_text.h"
#include "tests/service/running_server.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

TEST(TokenServer, AnswersEveryRpc) {
  RunningServer running;
  const std::string token = running.Sign(AccessTokenRequest());

  EXPECT_EQ(running.Verify(token, "access").verified().claims().subject(),
            "alice");
  EXPECT_EQ(running.Verify(token, "id").rejection().reason(),
            v1::REJECTION_REASON_WRONG_TOKEN_KIND);

  v1::BatchVerifyRequest batch;
  batch.add_requests()->set_token(token);
  batch.mutable_requests(0)->set_policy("access");
  batch.add_requests();
  v1::BatchVerifyResponse batch_response;
  ASSERT_TRUE(running.stub()
                  .BatchVerify(NewContext().get(), batch, &batch_response)
                  .ok());
  ASSERT_EQ(batch_response.results_size(), 2);
  EXPECT_TRUE(batch_response.results(0).response().has_verified());
  EXPECT_EQ(batch_response.results(1).failure().code(),
            grpc::StatusCode::INVALID_ARGUMENT);

  v1::IntrospectRequest introspect;
  introspect.set_token(token);
  introspect.set_policy("access");
  v1::IntrospectResponse introspect_response;
  ASSERT_TRUE(
      running.stub()
          .Introspect(NewContext().get(), introspect, &introspect_response)
          .ok());
  EXPECT_TRUE(introspect_response.active());
}

TEST(TokenServer, AnswersAStreamAsItAnswersEachCall) {
  RunningServer running;
  v1::VerifyRequest requests[4];
  requests[0].set_token(running.Sign(AccessTokenRequest()));
  requests[0].set_policy("access");
  requests[1] = requests[0];
  requests[1].set_policy("no such policy");
  requests[2] = requests[0];
  requests[2].set_policy("id");
  requests[3] = requests[0];
  requests[3].set_explain(true);
  const auto context = NewContext();
  const auto stream = running.stub().StreamVerify(context.get());
  for (int i = 0; i < 4; ++i) {
    v1::StreamVerifyRequest request;
    request.set_id(100 + i);
    *request.mutable_request() = requests[i];
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  v1::StreamVerifyResponse answer;
  std::map<uint64_t, v1::StreamVerifyResponse> answers;
  while (stream->Read(&answer)) {
    EXPECT_TRUE(answers.emplace(answer.id(), answer).second);
  }
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_EQ(answers.size(), 4);
  ExpectMessage(
      answers[101].failure(),
      "code: 3 message: 'policy: the server has no policy of this name'");
  for (const int i : {0, 2, 3}) {
    v1::VerifyResponse alone;
    ASSERT_TRUE(
        running.stub().Verify(NewContext().get(), requests[i], &alone).ok());
    EXPECT_EQ(answers[100 + i].response().DebugString(), alone.DebugString());
  }
}

TEST(TokenServer, EndsAStreamOverAMessageThatIsNone) {
  RunningServer running;
  ByteStream stream(running.channel(), "/signet.v1.TokenService/StreamVerify",
                    "\xFF");
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(),
            "the request is not a signet.v1.StreamVerifyRequest, or has a "
            "string that is not UTF-8");
}

TEST(TokenServer, TellsTheTimeByItsClock) {
  FakeClock clock(kNow);
  RunningServer running(NewExampleSetup(), clock.AsClock());
  const std::string token = running.Sign(AccessTokenRequest());
  clock.Advance(absl::Minutes(5) - absl::Nanoseconds(1));
  EXPECT_TRUE(running.Verify(token, "access").has_verified());
  clock.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(running.Verify(token, "access").rejection().reason(),
            v1::REJECTION_REASON_EXPIRED);
}

TEST(TokenServer, GivesHotKeysTablesWhileItServes) {
  const auto setup = NewExampleSetup();
  RunningServer running(setup, [] { return kNow; });
  const std::string token = running.Sign(AccessTokenRequest());
  const std::string unsigned_token = token.substr(0, token.rfind('.') + 1);
  while (setup->key_preparer->figures().tables == 0) {
    // Each with a signature to check: the key gets hotter.
    running.Verify(absl::StrCat(unsigned_token, std::string(86, 'A')),
                   "access");
  }
  EXPECT_TRUE(running.Verify(token, "access").has_verified());
  running.server().Drain(absl::ZeroDuration());
  EXPECT_EQ(setup->key_preparer->figures().tables, 1);
}

TEST(TokenServer, RemembersTokensThatItHasVerified) {
  const auto setup = NewExampleSetup();
  RunningServer running(setup, [] { return kNow; });
  const std::string token = running.Sign(AccessTokenRequest());
  EXPECT_TRUE(running.Verify(token, "access").has_verified());
  EXPECT_TRUE(running.Verify(token, "access").has_verified());
  EXPECT_EQ(setup->tokens->stats().hits, 1);
}

TEST(TokenServer, SaysWhatIsWrongWithARequest) {
  RunningServer running;
  v1::SignResponse sign;
  v1::VerifyResponse verify;
  v1::BatchVerifyResponse batch_verify;
  v1::IntrospectResponse introspect;
  v1::BatchVerifyRequest batch;
  for (int i = 0; i < 5; ++i) batch.add_requests();
  v1::SignRequest without_issuer;
  without_issuer.set_kind(v1::TOKEN_KIND_JWT);
  const std::pair<grpc::Status, const char*> kAnswers[] = {
      {running.stub().Sign(NewContext().get(), {}, &sign), "kind: is required"},
      {running.stub().Sign(NewContext().get(), without_issuer, &sign),
       "issuer: is required, because this server does not sign as exactly "
       "one"},
      {running.stub().Verify(NewContext().get(), {}, &verify),
       "policy: is required"},
      {running.stub().BatchVerify(NewContext().get(), batch, &batch_verify),
       "requests: has 5; this server takes at most 4"},
      {running.stub().Introspect(NewContext().get(), {}, &introspect),
       "policy: is required"},
  };
  for (const auto& [status, message] : kAnswers) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(status.error_message(), message);
  }
}

TEST(TokenServer, SaysWhenACallerMayHaveMoreSigned) {
  FakeClock clock(kNow);
  RunningServer running(
      NewSetup("issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
               "sign_rates: {default_rate: {per_second: 2, burst: 1}}"),
      clock.AsClock());
  v1::SignRequest request;
  request.set_kind(v1::TOKEN_KIND_JWT);
  request.add_audiences("x");
  running.Sign(request);
  v1::SignResponse response;
  const grpc::Status status =
      running.stub().Sign(NewContext().get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  // 500 ms, as a google.protobuf.Duration.
  EXPECT_TRUE(
      absl::EndsWith(status.error_details(), "\x10\x80\xCA\xB5\xEE\x01"));
  EXPECT_TRUE(
      absl::StrContains(status.error_details(), "google.rpc.RetryInfo"));
  clock.Advance(absl::Milliseconds(500));
  running.Sign(request);
}

// The adapter relies on it.
TEST(TokenServer, RefusesMoreMetadataThanItIsConfiguredToTake) {
  RunningServer running(
      NewSetup("issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
               "limits: {max_metadata_bytes: 2048}"),
      [] { return kNow; });
  v1::SignRequest request;
  request.set_kind(v1::TOKEN_KIND_JWT);
  request.add_audiences("b");
  const auto sign_with = [&](size_t bytes) {
    const auto context = NewContext();
    context->AddMetadata("x-filler", std::string(bytes, 'a'));
    v1::SignResponse response;
    return running.stub().Sign(context.get(), request, &response).error_code();
  };
  EXPECT_EQ(sign_with(1024), grpc::StatusCode::OK);
  EXPECT_EQ(sign_with(2048), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(sign_with(1024), grpc::StatusCode::OK);
}

TEST(TokenServer, EndsConnectionsThatAreIdle) {
  RunningServer running(
      NewSetup("issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
               "limits: {max_connection_idle: 1s}"),
      [] { return kNow; });
  ASSERT_TRUE(running.channel()->WaitForConnected(
      std::chrono::system_clock::now() + std::chrono::seconds(60)));
  // Its client has no reason of its own to leave.
  EXPECT_TRUE(running.channel()->WaitForStateChange(
      GRPC_CHANNEL_READY,
      std::chrono::system_clock::now() + std::chrono::seconds(60)));
}

TEST(TokenServer, TakesOnlyAsManyStreamsOfAConnectionAsItIsConfiguredTo) {
  RunningServer running(
      NewSetup("issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
               "limits: {max_concurrent_streams: 1}"),
      [] { return kNow; });
  const auto first_context = NewContext();
  const auto first = running.stub().StreamVerify(first_context.get());
  v1::StreamVerifyResponse answer;
  ASSERT_TRUE(first->Write(v1::StreamVerifyRequest()));
  ASSERT_TRUE(first->Read(&answer));
  // Waits in the client while there is no room.
  grpc::ClientContext second;
  second.set_deadline(std::chrono::system_clock::now() +
                      std::chrono::milliseconds(200));
  v1::SignResponse response;
  EXPECT_EQ(running.stub().Sign(&second, {}, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  first->WritesDone();
  EXPECT_TRUE(first->Finish().ok());
  EXPECT_EQ(running.stub().Sign(NewContext().get(), {}, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(TokenServer, HasTheStatusCodesOfAbseil) {
  constexpr std::pair<absl::StatusCode, grpc::StatusCode> kSame[] = {
      {absl::StatusCode::kOk, grpc::OK},
      {absl::StatusCode::kCancelled, grpc::CANCELLED},
      {absl::StatusCode::kUnknown, grpc::UNKNOWN},
      {absl::StatusCode::kInvalidArgument, grpc::INVALID_ARGUMENT},
      {absl::StatusCode::kDeadlineExceeded, grpc::DEADLINE_EXCEEDED},
      {absl::StatusCode::kNotFound, grpc::NOT_FOUND},
      {absl::StatusCode::kAlreadyExists, grpc::ALREADY_EXISTS},
      {absl::StatusCode::kPermissionDenied, grpc::PERMISSION_DENIED},
      {absl::StatusCode::kResourceExhausted, grpc::RESOURCE_EXHAUSTED},
      {absl::StatusCode::kFailedPrecondition, grpc::FAILED_PRECONDITION},
      {absl::StatusCode::kAborted, grpc::ABORTED},
      {absl::StatusCode::kOutOfRange, grpc::OUT_OF_RANGE},
      {absl::StatusCode::kUnimplemented, grpc::UNIMPLEMENTED},
      {absl::StatusCode::kInternal, grpc::INTERNAL},
      {absl::StatusCode::kUnavailable, grpc::UNAVAILABLE},
      {absl::StatusCode::kDataLoss, grpc::DATA_LOSS},
      {absl::StatusCode::kUnauthenticated, grpc::UNAUTHENTICATED},
  };
  for (const auto& [abseil, grpc] : kSame) {
    EXPECT_EQ(static_cast<int>(abseil), static_cast<int>(grpc));
  }
}

TEST(TokenServer, RefusesMessagesLargerThanItIsConfiguredToTake) {
  const auto setup = NewSetup(
      "issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
      "policies: [{name: p, kind: JWT, issuers: [a], any_audience: true}]\n"
      "limits: {max_message_bytes: 65536}");
  RunningServer running(setup, [] { return kNow; });
  const auto verify = [&](size_t bytes) {
    v1::VerifyRequest request;
    request.set_policy("p");
    request.set_token(std::string(bytes, 'x'));
    v1::VerifyResponse response;
    return running.stub()
        .Verify(NewContext().get(), request, &response)
        .error_code();
  };
  EXPECT_EQ(verify(65'000), grpc::StatusCode::OK);
  EXPECT_EQ(verify(66'000), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(TokenServer, AnswersTheLargestBatchesSoThatAClientTakesThem) {
  const auto setup = NewSetup(
      "issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
      "policies: [{name: p, kind: JWT, issuers: [a], any_audience: true}]");
  RunningServer running(setup, [] { return kNow; });
  v1::SignRequest sign;
  sign.set_kind(v1::TOKEN_KIND_JWT);
  sign.add_audiences("b");
  sign.set_custom_claims_json(
      absl::StrCat(R"({"c":")", std::string(11'000, 'x'), R"("})"));
  const std::string token = running.Sign(sign);
  v1::BatchVerifyRequest batch;
  while (batch.ByteSizeLong() < 4'100'000) {
    v1::VerifyRequest& one = *batch.add_requests();
    one.set_token(token);
    one.set_policy("p");
    one.set_explain(true);
  }
  v1::BatchVerifyResponse response;
  const grpc::Status status =
      running.stub().BatchVerify(NewContext().get(), batch, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.results_size(), batch.requests_size());
}

TEST(TokenServer, RefusesBatchesWhoseAnswerAClientWouldNotTake) {
  const auto setup = NewSetup(
      "issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
      "policies: [{name: p, kind: JWT, issuers: [a], any_audience: true}]\n"
      "limits: {max_message_bytes: 65536}");
  RunningServer running(setup, [] { return kNow; });
  v1::BatchVerifyRequest batch;
  for (int i = 0; i < 1000; ++i) {
    // No token at all, and much to say about it.
    batch.add_requests()->set_policy("p");
    batch.mutable_requests(i)->set_explain(true);
  }
  v1::BatchVerifyResponse response;
  const grpc::Status status =
      running.stub().BatchVerify(NewContext().get(), batch, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(),
            "the answer has more than 65536 bytes; ask about fewer tokens at "
            "once");
  EXPECT_EQ(response.results_size(), 0);
}

TEST(TokenServer, SaysOfRequestsThatAreNoneThatTheyAre) {
  RunningServer running;
  const auto code_of = [&](const std::string& method,
                           const std::string& request) {
    ByteStream call(running.channel(), method, request);
    EXPECT_EQ(call.Next(), std::nullopt);
    return call.Finish().error_code();
  };
  // A tag cut short, a length beyond the end, a string that is not UTF-8.
  for (const char* request : {"\xFF", "\x0A\x7F", "\x0A\x01\xFF"}) {
    EXPECT_EQ(code_of("/signet.v1.TokenService/Verify", request),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(code_of("/signet.v1.TokenService/Steal", ""),
            grpc::StatusCode::UNIMPLEMENTED);
  const std::string token = running.Sign(AccessTokenRequest());
  EXPECT_TRUE(running.Verify(token, "access").has_verified());
}

TEST(TokenServer, RefusesAPortThatIsTaken) {
  RunningServer running;
  const std::string address =
      absl::StrCat("127.0.0.1:", running.server().port());
  EXPECT_EQ(TokenServer::Start(
                {.address = ListenAddress::Parse(address).value(),
                 .credentials = grpc::InsecureServerCredentials(),
                 .setup = std::make_shared<CurrentSetup>(NewExampleSetup())})
                .status(),
            absl::FailedPreconditionError(
                absl::StrCat("cannot listen on ", address,
                             " (Address already in use); is the address this "
                             "machine's, and is it free?")));
}

TEST(TokenServer, BeginsNoMoreCallsThanMayRun) {
  RunningServer running(NewSetup(R"(
issuers:
  - issuer: https://a.example
    signing: {generate: [EdDSA]}
policies:
  - {name: any, kind: JWT, issuers: [https://a.example], any_audience: true}
limits: {max_calls: 2}
)"),
                        [] { return kNow; });
  const auto verify = [&running] {
    v1::VerifyRequest request;
    request.set_policy("any");
    v1::VerifyResponse response;
    return running.stub().Verify(NewContext().get(), request, &response);
  };
  const auto context = NewContext();
  const auto other_context = NewContext();
  // Two streams that have answered have begun.
  const auto streams = {running.stub().StreamVerify(context.get()),
                        running.stub().StreamVerify(other_context.get())};
  for (const auto& stream : streams) {
    v1::StreamVerifyResponse answer;
    ASSERT_TRUE(stream->Write(v1::StreamVerifyRequest()));
    ASSERT_TRUE(stream->Read(&answer));
  }
  const grpc::Status status = verify();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(),
            "too many calls are in progress; try again later");
  for (const auto& stream : streams) {
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
  while (!verify().ok()) {
  }
}

TEST(TokenServer, ListensOnAUnixSocket) {
  const TestFolder folder;
  // The path of a socket must be short.
  ASSERT_EQ(chdir(folder.path().c_str()), 0);
  const auto server = TokenServer::Start(
      {.address = ListenAddress::Parse("unix:signet.sock").value(),
       .credentials = grpc::InsecureServerCredentials(),
       .setup = std::make_shared<CurrentSetup>(NewExampleSetup()),
       .clock = [] { return kNow; }});
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ((*server)->port(), 0);
  const auto stub = v1::TokenService::NewStub(grpc::CreateChannel(
      "unix:signet.sock", grpc::InsecureChannelCredentials()));
  v1::SignResponse response;
  EXPECT_TRUE(
      stub->Sign(NewContext().get(), AccessTokenRequest(), &response).ok());
}

// grpc.reflection.v1alpha, whose messages come with gRPC's library but without
// headers.
class ReflectionMessage {
 public:
  explicit ReflectionMessage(const std::string& name)
      : message_(google::protobuf::MessageFactory::generated_factory()
                     ->GetPrototype(
                         google::protobuf::DescriptorPool::generated_pool()
                             ->FindMessageTypeByName(
                                 "grpc.reflection.v1alpha." + name))
                     ->New()) {}

  google::protobuf::Message& operator*() { return *message_; }

 private:
  std::unique_ptr<google::protobuf::Message> message_;
};

std::string Reflect(const std::shared_ptr<grpc::Channel>& channel,
                    const std::string& question) {
  ReflectionMessage request("ServerReflectionRequest");
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString(question, &*request));
  ByteStream call(
      channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      (*request).SerializeAsString());
  ReflectionMessage response("ServerReflectionResponse");
  EXPECT_TRUE((*response).ParseFromString(call.Next().value_or("")));
  return (*response).DebugString();
}

TEST(TokenServer, DescribesItselfByReflection) {
  RunningServer running;
  const std::string services = Reflect(running.channel(), "list_services: '*'");
  EXPECT_TRUE(absl::StrContains(services, "signet.v1.TokenService"))
      << services;
  const std::string file = Reflect(
      running.channel(), "file_containing_symbol: 'signet.v1.TokenService'");
  EXPECT_TRUE(absl::StrContains(file, "signet/v1/token_service.proto")) << file;
}

}  // namespace
}  // namespace signet
