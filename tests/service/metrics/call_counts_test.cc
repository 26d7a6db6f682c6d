#include "service/metrics/call_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/time/time.h"
#include "service/metrics/metrics_page.h"

namespace signet {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using testing::Not;

TEST(CallCountsTest, CountsCallsByMethodAndCode) {
  const auto counts = std::make_shared<CallCounts>();
  const MetricsPage page({counts});
  counts->CountStart(Method::kVerify);
  counts->CountStart(Method::kVerify);
  counts->CountStart(Method::kSign);
  counts->CountEnd(Method::kVerify, StatusCode::OK, absl::Microseconds(100),
                   700);
  counts->CountEnd(Method::kSign, StatusCode::PERMISSION_DENIED,
                   absl::Seconds(3), 1025);
  const std::string text = page.Text();
  for (
      const char* line : {
          R"(# TYPE signet_rpc_in_flight gauge)",
          R"(signet_rpc_in_flight{method="Verify"} 1)",
          R"(signet_rpc_in_flight{method="Sign"} 0)",
          R"(# TYPE signet_rpc_duration_seconds histogram)",
          R"(_seconds_bucket{method="Verify",code="OK",le="5e-05"} 0)",
          R"(_seconds_bucket{method="Verify",code="OK",le="0.0001"} 1)",
          R"(_seconds_bucket{method="Verify",code="OK",le="+Inf"} 1)",
          R"(_seconds_count{method="Verify",code="OK"} 1)",
          R"(_seconds_sum{method="Verify",code="OK"} 0.0001)",
          R"(_seconds_count{method="Sign",code="PERMISSION_DENIED"} 1)",
          R"(_bytes_sum{method="Verify",code="OK"} 700)",
          R"(_bytes_bucket{method="Sign",code="PERMISSION_DENIED",le="1024"} 0)",
          R"(_bytes_bucket{method="Sign",code="PERMISSION_DENIED",le="4096"} 1)",
      }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr(R"(method="Sign",code="OK")")));
}

TEST(CallCountsTest, TakesAClockThatGoesBackForNoTime) {
  const auto counts = std::make_shared<CallCounts>();
  counts->CountEnd(Method::kRevoke, StatusCode::OK, -absl::Seconds(1), 0);
  const std::string text = MetricsPage({counts}).Text();
  EXPECT_THAT(text, HasSubstr(R"(_sum{method="Revoke",code="OK"} 0)"));
  // There is an end without a start.
  EXPECT_THAT(text, HasSubstr(R"(in_flight{method="Revoke"} 0)"));
}

TEST(CallCountsTest, NamesEveryCode) {
  EXPECT_EQ(CodeName(StatusCode::OK), "OK");
  EXPECT_EQ(CodeName(StatusCode::RESOURCE_EXHAUSTED), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(CodeName(StatusCode::UNAUTHENTICATED), "UNAUTHENTICATED");
}

}  // namespace
}  // namespace signet
