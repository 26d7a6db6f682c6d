#include "cli/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace signet {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr char kText[] = R"(# HELP calls How many.
# TYPE calls counter
calls{method="a",code="OK"} 3
calls{method="a",code="NO"} 1e1
calls{method="b \"c\"\\",code="OK"} 0.5
up 1
time_bucket{method="a",le="0.1"} 2
time_bucket{method="a",le="1"} 6
time_bucket{method="a",le="+Inf"} 7
time_bucket{method="b",le="0.1"} 1
)";

TEST(MetricsTextTest, FindsSamplesByTheirLabels) {
  const MetricsText text = MetricsText::Parse(kText).value();
  EXPECT_EQ(text.Sum("calls"), 13.5);
  EXPECT_EQ(text.Sum("calls", {{"method", "a"}}), 13);
  EXPECT_EQ(text.Sum("calls", {{"method", "a"}, {"code", "OK"}}), 3);
  EXPECT_EQ(text.Sum("calls", {{"other", ""}}), 0);
  EXPECT_EQ(text.Sum("up"), 1);
  EXPECT_EQ(text.Sum("down"), 0);
  EXPECT_THAT(text.Values("calls", "method"), ElementsAre("a", "b \"c\"\\"));
  EXPECT_THAT(text.Buckets("time", {{"method", "a"}}),
              ElementsAre(Pair(0.1, 2), Pair(1, 6), Pair(kInfinity, 7)));
  EXPECT_THAT(text.Buckets("time", {}),
              ElementsAre(Pair(0.1, 3), Pair(1, 6), Pair(kInfinity, 7)));
}

TEST(MetricsTextTest, SaysInWhichLineItCannotRead) {
  for (const char* bad : {"x", "x y", "x{a=\"b} 1", "x{a} 1", "x{a=\"b\"",
                          "<html>", "x{a=\"\\"}) {
    const auto parsed = MetricsText::Parse(std::string("up 1\n") + bad);
    EXPECT_EQ(parsed.status().message(),
              "line 2 is not in Prometheus's text format")
        << bad;
  }
  EXPECT_TRUE(MetricsText::Parse("").ok());
}

TEST(QuantileTest, LiesWhereItsBucketDoes) {
  using Buckets = std::vector<std::pair<double, double>>;
  const Buckets before = {{0.1, 2}, {1, 2}, {kInfinity, 3}};
  const Buckets after = {{0.1, 4}, {1, 10}, {kInfinity, 13}};
  EXPECT_DOUBLE_EQ(Quantile(0.1, before, after), 0.05);
  EXPECT_DOUBLE_EQ(Quantile(0.2, before, after), 0.1);
  EXPECT_DOUBLE_EQ(Quantile(0.5, before, after), 0.55);
  EXPECT_DOUBLE_EQ(Quantile(0.99, before, after), 1);
  EXPECT_DOUBLE_EQ(Quantile(0.5, {}, {{2, 4}, {kInfinity, 4}}), 1);
  EXPECT_TRUE(std::isnan(Quantile(0.5, after, after)));
  EXPECT_TRUE(std::isnan(Quantile(0.5, {}, {})));
}

}  // namespace
}  // namespace signet
