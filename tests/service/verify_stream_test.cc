#include "service/verify_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "grpcpp/grpcpp.h"
#include "service/call_record.h"
#include "service/running_calls.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

using RawService = v1::TokenService::WithRawCallbackMethod_StreamVerify<
    v1::TokenService::Service>;
using Requests = absl::Span<const v1::StreamVerifyRequest>;
using Responses = std::vector<v1::StreamVerifyResponse>;

// Serves streams that answer each request with its token for a message, and
// notes how many came together.
class EchoService final : public RawService {
 public:
  size_t largest_batch() const { return largest_batch_; }

 private:
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StreamVerify(
      grpc::CallbackServerContext* context) override {
    return new VerifyStream(
        {.verify = [this](Requests requests) { return Verify(requests); },
         .max_unanswered_bytes = size_t{64} * 1024,
         .on_done = [](VerifyStream* stream) { delete stream; }},
        calls_, {watch_, Method::kStreamVerify, *context, 0});
  }

  Responses Verify(Requests requests) {
    largest_batch_ = std::max<size_t>(largest_batch_, requests.size());
    Responses responses(requests.size());
    for (size_t i = 0; i < requests.size(); ++i) {
      responses[i].set_id(requests[i].id());
      responses[i].mutable_failure()->set_message(
          requests[i].request().token());
    }
    return responses;
  }

  RunningCalls calls_;
  CallWatch watch_;
  // Of one stream, which verifies one batch after the other.
  std::atomic<size_t> largest_batch_ = 0;
};

class VerifyStreamTest : public testing::Test {
 protected:
  using Stream = grpc::ClientReaderWriter<v1::StreamVerifyRequest,
                                          v1::StreamVerifyResponse>;

  VerifyStreamTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::TokenService::NewStub(NewChannel(port_));
  }

  std::unique_ptr<Stream> NewStream() {
    return stub_->StreamVerify(context_.get());
  }

  static bool Ask(Stream& stream, uint64_t id, const std::string& token = "") {
    v1::StreamVerifyRequest request;
    request.set_id(id);
    request.mutable_request()->set_token(token);
    return stream.Write(request);
  }

  EchoService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::TokenService::Stub> stub_;
  std::unique_ptr<grpc::ClientContext> context_ = NewContext();
};

TEST_F(VerifyStreamTest, VerifiesTogetherWhatHasArrivedTogether) {
  const auto stream = NewStream();
  uint64_t sent = 0;
  uint64_t answered = 0;
  while (service_.largest_batch() < 2) {
    for (int i = 0; i < 32; ++i) ASSERT_TRUE(Ask(*stream, sent++));
    for (; answered < sent; ++answered) {
      v1::StreamVerifyResponse response;
      ASSERT_TRUE(stream->Read(&response));
      EXPECT_EQ(response.id(), answered);
    }
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(VerifyStreamTest, AnswersEachRequestOnceThoughAllAreSentAtOnce) {
  constexpr uint64_t kRequests = 2000;
  const auto stream = NewStream();
  std::thread sender([&] {
    for (uint64_t id = 0; id < kRequests; ++id) {
      if (!Ask(*stream, id, absl::StrCat("token ", id))) return;
    }
    stream->WritesDone();
  });
  v1::StreamVerifyResponse response;
  uint64_t answered = 0;
  for (; stream->Read(&response); ++answered) {
    EXPECT_EQ(response.id(), answered);
    EXPECT_EQ(response.failure().message(), absl::StrCat("token ", answered));
  }
  sender.join();
  EXPECT_EQ(answered, kRequests);
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_LE(service_.largest_batch(), VerifyStream::kMaxUnanswered);
}

TEST_F(VerifyStreamTest, MakesAClientWaitThatDoesNotRead) {
  // More than all buffers on the way will ever hold.
  constexpr int kRequests = 2000;
  const std::string token(size_t{32} * 1024, 'x');
  const auto stream = NewStream();
  std::atomic<int> sent = 0;
  std::thread sender([&] {
    for (int id = 0; id < kRequests; ++id) {
      if (!Ask(*stream, id, token)) return;
      ++sent;
    }
    stream->WritesDone();
  });
  // Time in which a server without bounds would take everything.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_LT(sent, kRequests);
  // Two at most are more than 64 KiB.
  EXPECT_LE(service_.largest_batch(), 2);
  v1::StreamVerifyResponse response;
  int answered = 0;
  while (stream->Read(&response)) ++answered;
  sender.join();
  EXPECT_EQ(answered, kRequests);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(VerifyStreamTest, EndsWhenItsClientIsGone) {
  const auto stream = NewStream();
  for (uint64_t id = 0; id < 100; ++id) ASSERT_TRUE(Ask(*stream, id));
  context_->TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Waits for it.
  server_->Shutdown();
}

}  // namespace
}  // namespace signet
