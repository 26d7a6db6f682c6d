// What a server counts and tells while it answers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "service/access/caller.h"
#include "service/metrics/metrics_page.h"
#include "service/metrics/process_metrics.h"
#include "service/metrics/state_metrics.h"
#include "service/metrics/token_counts.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"

namespace signet {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class ServerMetricsTest : public testing::Test {
 protected:
  std::string Text() const { return page_.Text(); }

  static v1::VerifyRequest Request(const std::string& token,
                                   const std::string& policy = "access") {
    v1::VerifyRequest request;
    request.set_token(token);
    request.set_policy(policy);
    return request;
  }
  std::string Sign() const {
    return handlers_.Sign(AccessTokenRequest(), Caller::Anonymous(), kNow)
        .value()
        .token();
  }

  static std::string Verifications(const std::string& issuer,
                                   const std::string& algorithm,
                                   const std::string& outcome, int count) {
    return absl::StrCat("signet_verifications_total{issuer=\"", issuer,
                        "\",algorithm=\"", algorithm, "\",outcome=\"", outcome,
                        "\"} ", count, "\n");
  }

  const std::shared_ptr<const ServerSetup> setup_ = NewExampleSetup();
  const TokenHandlers handlers_{setup_};
  const MetricsPage page_{
      {setup_->counts,
       std::make_shared<StateMetrics>(
           std::make_shared<const CurrentSetup>(setup_), nullptr)}};
};

TEST_F(ServerMetricsTest, CountsWhatBecomesOfTokens) {
  const std::string token = Sign();
  std::string forged = token;
  forged.replace(forged.rfind('.') + 1, 4, "AAAA");
  const std::string issuer = "https://a.example";
  ASSERT_TRUE(handlers_.Verify(Request(token), kNow).ok());
  ASSERT_TRUE(handlers_.Verify(Request(token), kNow).ok());
  ASSERT_TRUE(handlers_.Verify(Request(token), kNow + absl::Minutes(5)).ok());
  ASSERT_TRUE(handlers_.Verify(Request(token, "id"), kNow).ok());
  ASSERT_TRUE(handlers_.Verify(Request(forged), kNow).ok());
  ASSERT_TRUE(handlers_.Verify(Request("x"), kNow).ok());
  v1::IntrospectRequest introspection;
  introspection.set_token(token);
  introspection.set_policy("access");
  ASSERT_TRUE(handlers_.Introspect(introspection, kNow).ok());
  v1::VerifyRequest explained = Request(forged);
  explained.set_explain(true);
  ASSERT_TRUE(handlers_.Verify(explained, kNow).ok());

  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("# TYPE signet_verifications_total counter"));
  for (const std::string& line : {
           Verifications(issuer, "EdDSA", "ACCEPTED", 3),
           Verifications(issuer, "EdDSA", "EXPIRED", 1),
           Verifications(issuer, "EdDSA", "WRONG_TOKEN_KIND", 1),
           Verifications(issuer, "EdDSA", "SIGNATURE_INVALID", 2),
           Verifications("other", "unknown", "MALFORMED", 1),
           std::string("signet_signed_tokens_total{issuer=\"") + issuer +
               "\",algorithm=\"EdDSA\"} 1\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("NOT_YET_VALID")));
}

TEST_F(ServerMetricsTest, NamesNoIssuerThatIsNotConfigured) {
  // {"alg":"EdDSA"}.{"iss":"https://evil.example"}
  const std::string token =
      "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.AAAA";
  ASSERT_TRUE(handlers_.Verify(Request(token), kNow).ok());
  EXPECT_THAT(Text(), HasSubstr(Verifications("other", "EdDSA",
                                              "ISSUER_NOT_ACCEPTED", 1)));
  EXPECT_THAT(Text(), Not(HasSubstr("evil")));
}

TEST_F(ServerMetricsTest, CountsBatchesBySize) {
  const v1::VerifyRequest request = Request("x");
  const std::vector<const v1::VerifyRequest*> requests = {&request, &request,
                                                          &request};
  handlers_.VerifyTogether(requests, kNow);
  EXPECT_THAT(Text(), HasSubstr("signet_verify_batch_tokens_count 1\n"));
  EXPECT_THAT(Text(), HasSubstr("signet_verify_batch_tokens_sum 3\n"));
  EXPECT_THAT(Text(), HasSubstr("_tokens_bucket{le=\"2\"} 0\n"));
  EXPECT_THAT(Text(), HasSubstr("_tokens_bucket{le=\"4\"} 1\n"));
}

TEST_F(ServerMetricsTest, TellsOfTheTokenCache) {
  const std::string token = Sign();
  ASSERT_TRUE(handlers_.Verify(Request(token), kNow).ok());
  ASSERT_TRUE(handlers_.Verify(Request(token), kNow).ok());
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("signet_token_cache_hits_total 1\n"));
  EXPECT_THAT(text, HasSubstr("signet_token_cache_misses_total 1\n"));
  EXPECT_THAT(text, HasSubstr("signet_token_cache_insertions_total 1\n"));
  EXPECT_THAT(text, HasSubstr("signet_token_cache_evictions_total 0\n"));
  EXPECT_THAT(text, ContainsRegex("signet_token_cache_bytes [1-9]"));
  EXPECT_THAT(text, ContainsRegex("signet_key_cache_generation [1-9]"));
  EXPECT_THAT(text, HasSubstr("signet_key_table_bytes 0\n"));
  EXPECT_THAT(text, HasSubstr("signet_revocation_entries 0\n"));
}

TEST(ProcessMetricsTest, TellsOfTheProcessByTheUsualNames) {
  const std::string text =
      MetricsPage({std::make_shared<ProcessMetrics>()}).Text();
  for (const char* pattern : {
           R"(signet_build_info\{compiler="[^"]+")",
           "\nprocess_cpu_seconds_total [0-9]",
           "\nprocess_resident_memory_bytes [1-9]",
           "\nprocess_start_time_seconds [1-9]",
           "\nprocess_open_fds [1-9]",
           "\nprocess_max_fds [1-9]",
           "\nprocess_threads 1\n",
       }) {
    EXPECT_THAT(text, ContainsRegex(pattern));
  }
}

}  // namespace
}  // namespace signet
