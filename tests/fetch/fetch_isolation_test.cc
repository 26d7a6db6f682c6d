// What one server does is nothing to the requests that go to others.

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fetch/curl_fetcher.h"
#include "tests/fetch/fetch_now.h"
#include "tests/fetch/hostile_server.h"

namespace signet {
namespace {

constexpr char kBody[] = R"({"keys":[]})";

void BeSilent(HostileConnection& connection, const std::string&) {
  connection.AwaitEnd();
}

void BeSlow(HostileConnection& connection, const std::string&) {
  if (connection.Send("HTTP/1.1 200 OK\r\n\r\n")) {
    connection.SendForever(" ", absl::Milliseconds(1));
  }
}

void BeHuge(HostileConnection& connection, const std::string&) {
  if (connection.Send("HTTP/1.1 200 OK\r\n\r\n")) {
    connection.SendForever(std::string(65536, ' '));
  }
}

FetchOptions Patient() {
  FetchOptions options;
  options.limits.timeout = absl::Hours(1);
  options.limits.connect_timeout = absl::Hours(1);
  options.limits.max_body_bytes = size_t{1} << 40;
  return options;
}

// Servers, for each of which a host has something bad in store.
class BadHosts {
 public:
  BadHosts(int count, const HostileBehaviour& behaviour) {
    servers_.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      servers_.push_back(std::make_unique<HostileServer>(behaviour));
    }
  }

  // Asks each of them as often as one likes.
  std::vector<PendingAnswer> AskAll(Fetcher& fetcher, int times,
                                    const FetchOptions& options) const {
    std::vector<PendingAnswer> answers;
    answers.reserve(servers_.size() * static_cast<size_t>(times));
    for (const auto& server : servers_) {
      for (int i = 0; i < times; ++i) {
        answers.emplace_back(fetcher, RequestFor(server->UrlOf("/"), options));
      }
    }
    return answers;
  }

 private:
  std::vector<std::unique_ptr<HostileServer>> servers_;
};

TEST(FetchIsolationTest, FiftyAreAnsweredBesideThoseThatNeverEnd) {
  const BadHosts silent(1, BeSilent);
  const BadHosts slow(1, BeSlow);
  const BadHosts huge(1, BeHuge);
  std::vector<std::unique_ptr<HostileServer>> good;
  good.reserve(50);
  for (int i = 0; i < 50; ++i) {
    good.push_back(std::make_unique<HostileServer>());
    good.back()->On("/", Replies(JsonReply(kBody)));
  }
  const std::unique_ptr<Fetcher> fetcher = NewFetcher();
  // More of each than may run.
  FetchOptions bounded = Patient();
  bounded.limits.max_body_bytes = size_t{64} << 20;
  const auto silent_answers = silent.AskAll(*fetcher, 100, Patient());
  const auto slow_answers = slow.AskAll(*fetcher, 100, Patient());
  const auto huge_answers = huge.AskAll(*fetcher, 5, bounded);
  std::vector<PendingAnswer> answers;
  answers.reserve(good.size());
  for (const auto& server : good) {
    answers.emplace_back(*fetcher, RequestFor(server->UrlOf("/")));
  }
  for (const PendingAnswer& answer : answers) {
    EXPECT_TRUE(answer.Get().ok());
  }
}

TEST(FetchIsolationTest, HostsThatFailedLeaveRoomForOthers) {
  const absl::StatusOr<std::unique_ptr<Fetcher>> fetcher =
      NewCurlFetcher({.running = 4, .running_per_host = 1});
  ASSERT_TRUE(fetcher.ok());
  const BadHosts bad(8, BeSilent);
  FetchOptions impatient;
  impatient.limits.timeout = absl::Milliseconds(50);
  for (const PendingAnswer& answer : bad.AskAll(**fetcher, 1, impatient)) {
    EXPECT_EQ(answer.Get().status().code(), absl::StatusCode::kUnavailable);
  }
  const auto never_answered = bad.AskAll(**fetcher, 1, Patient());
  HostileServer good;
  good.On("/", Replies(JsonReply(kBody)));
  EXPECT_TRUE(FetchNow(**fetcher, RequestFor(good.UrlOf("/"))).ok());
}

TEST(FetchIsolationTest, RefusesWhatWouldWaitBehindTooMany) {
  const absl::StatusOr<std::unique_ptr<Fetcher>> fetcher =
      NewCurlFetcher({.running = 1, .running_per_host = 1, .waiting = 1});
  ASSERT_TRUE(fetcher.ok());
  const BadHosts silent(1, BeSilent);
  const auto never_answered = silent.AskAll(**fetcher, 3, Patient());
  // Of the three, one at least is too much.
  const absl::Status status = never_answered.back().Get().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(status.message()).find("too many requests wait"),
            std::string::npos);
}

TEST(FetchIsolationTest, FiveHundredHostsAreAskedAtOnce) {
  HostileServer good;
  good.On("/", Replies(JsonReply(kBody)));
  const std::unique_ptr<Fetcher> fetcher =
      *NewCurlFetcher({.running_per_host = 128});
  std::vector<PendingAnswer> answers;
  answers.reserve(500);
  for (int i = 0; i < 500; ++i) {
    answers.emplace_back(*fetcher, RequestFor(good.UrlOf("/")));
  }
  for (const PendingAnswer& answer : answers) {
    EXPECT_TRUE(answer.Get().ok());
  }
}

TEST(FetchIsolationTest, EndsWhateverIsUnderWay) {
  const BadHosts silent(3, BeSilent);
  const BadHosts slow(3, BeSlow);
  std::vector<PendingAnswer> answers;
  {
    const std::unique_ptr<Fetcher> fetcher = NewFetcher();
    for (const BadHosts* bad : {&silent, &slow}) {
      for (PendingAnswer& answer : bad->AskAll(*fetcher, 20, Patient())) {
        answers.push_back(std::move(answer));
      }
    }
  }
  for (const PendingAnswer& answer : answers) {
    EXPECT_EQ(answer.Get().status().code(), absl::StatusCode::kCancelled);
  }
}

TEST(FetchIsolationTest, WhoIsAnsweredMayAskAgain) {
  HostileServer server;
  server.On("/", Replies(JsonReply(kBody)));
  std::optional<PendingAnswer> second;
  std::mutex mutex;
  std::condition_variable asked;
  const std::unique_ptr<Fetcher> fetcher = NewFetcher();
  fetcher->Fetch(RequestFor(server.UrlOf("/")),
                 [&](const absl::StatusOr<FetchAnswer>& first) {
                   EXPECT_TRUE(first.ok());
                   const std::lock_guard lock(mutex);
                   second.emplace(*fetcher, RequestFor(server.UrlOf("/")));
                   asked.notify_one();
                 });
  std::unique_lock lock(mutex);
  asked.wait(lock, [&] { return second.has_value(); });
  EXPECT_TRUE(second->Get().ok());
}

}  // namespace
}  // namespace signet
