#include "service/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"

namespace signet {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using testing::Not;

class CallLogTest : public testing::Test {
 protected:
  // What is written about calls that end with `codes`, at a time that tests
  // set.
  std::vector<std::string> LinesOf(const std::vector<StatusCode>& codes) {
    testing::internal::CaptureStderr();
    for (const StatusCode code : codes) {
      calls_.Write({.method = "Verify",
                    .code = code,
                    .latency = absl::Microseconds(1500),
                    .request_id = "id-7",
                    .traceparent = traceparent_});
    }
    return absl::StrSplit(testing::internal::GetCapturedStderr(), '\n',
                          absl::SkipEmpty());
  }

  std::string traceparent_;
  absl::Duration now_ = absl::Seconds(100);
  EventLog log_;
  CallLog calls_{log_, [this] { return now_; }};
};

TEST_F(CallLogTest, SaysWhichCallFailedAndHow) {
  const auto lines = LinesOf({StatusCode::PERMISSION_DENIED});
  ASSERT_EQ(lines.size(), 1);
  EXPECT_THAT(lines[0],
              HasSubstr(R"("level":"info","event":"call.failed",)"
                        R"("method":"Verify","code":"PERMISSION_DENIED",)"
                        R"("duration_us":1500,"request_id":"id-7"})"));
  traceparent_ = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_THAT(LinesOf({StatusCode::NOT_FOUND})[0],
              HasSubstr(R"(,"traceparent":")" + traceparent_ + R"("})"));
}

TEST_F(CallLogTest, WarnsOfWhatTheServerIsToBlameFor) {
  for (const StatusCode code :
       {StatusCode::INTERNAL, StatusCode::UNAVAILABLE, StatusCode::UNKNOWN,
        StatusCode::RESOURCE_EXHAUSTED, StatusCode::DEADLINE_EXCEEDED,
        StatusCode::DATA_LOSS}) {
    EXPECT_THAT(LinesOf({code}).at(0), HasSubstr(R"("level":"warning")"));
  }
}

TEST_F(CallLogTest, WritesCallsThatEndWellForWhoWantsThem) {
  EXPECT_TRUE(LinesOf({StatusCode::OK}).empty());
  log_.SetLevel(LogLevel::kDebug);
  EXPECT_THAT(LinesOf({StatusCode::OK}).at(0),
              HasSubstr(R"("level":"debug","event":"call.ended")"));
}

TEST_F(CallLogTest, WritesNoMoreThanItMayAndSaysWhatItLeftOut) {
  constexpr size_t kMost = CallLog::kMaxPerSecond;
  const std::vector<StatusCode> many(3 * kMost, StatusCode::NOT_FOUND);
  EXPECT_EQ(LinesOf(many).size(), kMost);
  now_ += absl::Milliseconds(999);
  EXPECT_TRUE(LinesOf({StatusCode::NOT_FOUND}).empty());
  now_ += absl::Milliseconds(1);
  EXPECT_THAT(LinesOf({StatusCode::NOT_FOUND}).at(0),
              HasSubstr(R"("left_out":101})"));
  EXPECT_THAT(LinesOf({StatusCode::NOT_FOUND}).at(0),
              Not(HasSubstr("left_out")));
}

}  // namespace
}  // namespace signet
