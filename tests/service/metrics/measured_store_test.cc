#include "service/metrics/measured_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/metrics/metrics_page.h"
#include "store/open_store.h"
#include "tests/service/switched_store.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

using testing::HasSubstr;

TEST(MeasuredStoreTest, CountsWhatIsAskedOfAStoreAndHowItEnds) {
  const TestFolder folder;
  auto real = std::make_unique<SwitchedStore>(
      OpenStore("sqlite:" + folder.PathTo("signet.db")).value());
  SwitchedStore& its_switch = *real;
  const auto calls = std::make_shared<StoreCalls>();
  // Each look at the clock takes a millisecond.
  MeasuredStore store(std::move(real), calls,
                      [time = absl::ZeroDuration()]() mutable {
                        return time += absl::Milliseconds(1);
                      });
  EXPECT_TRUE(store.Commit({}).ok());
  EXPECT_TRUE(store.Commit({}).ok());
  EXPECT_TRUE(store.DropExpired(absl::UnixEpoch(), 1).ok());
  its_switch.SetAway(true);
  EXPECT_FALSE(store.Commit({}).ok());

  const std::string text = MetricsPage({calls}).Text();
  for (const char* line : {
           R"(_seconds_count{operation="commit",code="OK"} 2)",
           R"(_seconds_sum{operation="commit",code="OK"} 0.002)",
           R"(_seconds_bucket{operation="commit",code="OK",le="0.0005"} 0)",
           R"(_seconds_bucket{operation="commit",code="OK",le="0.001"} 2)",
           R"(_seconds_count{operation="commit",code="UNAVAILABLE"} 1)",
           R"(_seconds_count{operation="drop_expired",code="OK"} 1)",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

}  // namespace
}  // namespace signet
