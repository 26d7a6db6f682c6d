// Two servers are restarted in turn while clients that spread their calls over
// both go on calling. Not one call fails. (gRPC's clients send a call that has
// not left them when they hear GOAWAY to the other server by themselves, but
// not if GRPC_ARG_ENABLE_RETRIES is 0.)

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "service/current_setup.h"
#include "service/listen_address.h"
#include "service/token_server.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "tests/service/example_setup.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

constexpr int kRestarts = 8;
constexpr int kCallers = 4;

std::unique_ptr<TokenServer> StartAt(int port) {
  return TokenServer::Start(
             {.address = ListenAddress::Parse(absl::StrCat("127.0.0.1:", port))
                             .value(),
              .credentials = grpc::InsecureServerCredentials(),
              .setup = std::make_shared<CurrentSetup>(NewExampleSetup())})
      .value();
}

// Calls of one client, one after the other in each of several threads.
class Load {
 public:
  explicit Load(const std::array<int, 2>& ports) {
    grpc::ChannelArguments arguments;
    arguments.SetLoadBalancingPolicyName("round_robin");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    stub_ = v1::TokenService::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("ipv4:127.0.0.1:", ports[0], ",127.0.0.1:", ports[1]),
        grpc::InsecureChannelCredentials(), arguments));
    callers_.reserve(kCallers);
    for (int i = 0; i < kCallers; ++i) {
      callers_.emplace_back([this] { CallUntilEnd(); });
    }
  }
  // Its threads hold its address.
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() { End(); }

  // Returns once a server has answered calls that were made after this one; the
  // test ends at its time limit otherwise.
  void AwaitAnswersOf(int port) const {
    const int before = AnswersOf(port);
    while (AnswersOf(port) <= before + kCallers) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  void End() {
    running_ = false;
    for (std::thread& caller : callers_) caller.join();
    callers_.clear();
  }

  std::vector<std::string> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

 private:
  void CallUntilEnd() {
    v1::VerifyRequest request;
    request.set_policy("access");
    while (running_) {
      const auto context = NewContext();
      v1::VerifyResponse response;
      const grpc::Status status =
          stub_->Verify(context.get(), request, &response);
      const std::lock_guard lock(mutex_);
      if (status.ok()) {
        ++answers_[context->peer()];
      } else {
        failures_.push_back(absl::StrCat(status.error_code(), " ",
                                         status.error_message(), " of ",
                                         context->peer()));
      }
    }
  }

  int AnswersOf(int port) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(absl::StrCat("ipv4:127.0.0.1:", port));
    return found == answers_.end() ? 0 : found->second;
  }

  std::unique_ptr<v1::TokenService::Stub> stub_;
  std::atomic<bool> running_ = true;
  mutable std::mutex mutex_;
  std::map<std::string, int> answers_ ABSL_GUARDED_BY(mutex_);  // By peer.
  std::vector<std::string> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> callers_;
};

TEST(RollingRestart, FailsNoCall) {
  std::array<std::unique_ptr<TokenServer>, 2> servers = {StartAt(0),
                                                         StartAt(0)};
  const std::array<int, 2> ports = {servers[0]->port(), servers[1]->port()};
  Load load(ports);
  for (int i = 0; i < kRestarts; ++i) {
    for (const int port : ports) load.AwaitAnswersOf(port);
    servers[i % 2]->Drain(absl::Seconds(10));
    servers[i % 2] = StartAt(ports[i % 2]);
  }
  for (const int port : ports) load.AwaitAnswersOf(port);
  load.End();
  EXPECT_EQ(load.failures(), std::vector<std::string>());
}

}  // namespace
}  // namespace signet
