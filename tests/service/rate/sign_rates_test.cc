#include "service/rate/sign_rates.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "service/rate/retry_delay.h"

namespace signet {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

absl::StatusOr<SignRateOptions> Read(const std::string& text) {
  config::v1::SignRates config;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &config));
  return ReadSignRates(config);
}

TEST(SignRatesTest, GivesEachCallerItsOwn) {
  SignRates rates(Read("default_rate {per_second: 2} callers {caller: 'busy' "
                       "rate {per_second: 10 burst: 3}}")
                      .value());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(rates.Admit("a", kStart).ok());
    EXPECT_TRUE(rates.Admit("b", kStart).ok());
  }
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rates.Admit("busy", kStart).ok());
  for (const char* caller : {"a", "b", "busy"}) {
    EXPECT_TRUE(absl::IsResourceExhausted(rates.Admit(caller, kStart)));
  }
  EXPECT_TRUE(rates.Admit("busy", kStart + absl::Milliseconds(100)).ok());
  EXPECT_FALSE(rates.Admit("a", kStart + absl::Milliseconds(499)).ok());
  EXPECT_TRUE(rates.Admit("a", kStart + absl::Milliseconds(500)).ok());
}

TEST(SignRatesTest, LimitsOnlyThoseThatHaveARate) {
  SignRates rates(Read("callers {caller: 'a' rate {per_second: 1}}").value());
  EXPECT_TRUE(rates.Admit("a", kStart).ok());
  EXPECT_FALSE(rates.Admit("a", kStart).ok());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(rates.Admit("b", kStart).ok());
}

TEST(SignRatesTest, SaysWhenToAskAgain) {
  SignRates rates(Read("default_rate {per_second: 2 burst: 1}").value());
  ASSERT_TRUE(rates.Admit("a", kStart).ok());
  const absl::Status status = rates.Admit("a", kStart);
  EXPECT_EQ(status.message(),
            "the caller has had as much signed as it may for now");
  // A google.rpc.Status, of a google.rpc.RetryInfo of 500 ms.
  const std::string retry_info("\x0A\x06\x10\x80\xCA\xB5\xEE\x01", 8);
  const std::string type = "type.googleapis.com/google.rpc.RetryInfo";
  const std::string message(status.message());
  EXPECT_EQ(
      RetryDetails(status),
      absl::StrCat("\x08\x08\x12", std::string(1, char(message.size())),
                   message, "\x1A\x34\x0A\x28", type, "\x12\x08", retry_info));
  EXPECT_EQ(RetryDetails(absl::UnavailableError("")), "");
}

TEST(SignRatesTest, HoldsAgainstManyThreads) {
  SignRates rates(Read("default_rate {per_second: 1 burst: 1000}").value());
  std::atomic<int> admitted{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        if (rates.Admit("a", kStart).ok()) ++admitted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 1000);
}

TEST(SignRatesTest, RemembersABoundedNumberOfCallers) {
  SignRates rates(Read("default_rate {per_second: 1}").value());
  size_t admitted = 0;
  for (size_t i = 0; i < 2 * SignRates::kMaxCallers; ++i) {
    if (rates.Admit(absl::StrCat(i), kStart).ok()) ++admitted;
  }
  EXPECT_LE(admitted, SignRates::kMaxCallers + SignRates::kShards);
  EXPECT_GE(admitted, SignRates::kMaxCallers);
  // Those that are known keep what is theirs, and rest makes room for others.
  EXPECT_FALSE(rates.Admit("0", kStart).ok());
  const absl::Time later = kStart + absl::Seconds(2);
  for (size_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(rates.Admit(absl::StrCat("new ", i), later).ok());
  }
}

TEST(SignRatesTest, RefusesRatesThatCannotBeMeant) {
  const struct {
    std::string config;
    std::string problem;
  } kRows[] = {
      {"default_rate {}",
       "sign_rates.default_rate.per_second: must be from 1 to 1000000"},
      {"default_rate {per_second: 1000001}",
       "sign_rates.default_rate.per_second: must be from 1 to 1000000"},
      {"default_rate {per_second: 1 burst: 1000001}",
       "sign_rates.default_rate.burst: must be from 1 to 1000000"},
      {"callers {rate {per_second: 1}}",
       "sign_rates.callers[0].caller: is required"},
      {"callers {caller: 'a'}",
       "sign_rates.callers[0].rate.per_second: must be from 1 to 1000000"},
      {"callers {caller: 'a' rate {per_second: 1}} "
       "callers {caller: 'a' rate {per_second: 1}}",
       "sign_rates.callers[1].caller: has a rate already"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Read(row.config).status(),
              absl::InvalidArgumentError(row.problem));
  }
}

}  // namespace
}  // namespace signet
