#include "service/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/json.h"
#include "keys/key_material.h"
#include "verifier/verified_jwt.h"

namespace signet {
namespace {

// What `act` writes to standard error, line by line.
template <typename Act>
std::vector<std::string> LinesOf(Act act) {
  testing::internal::CaptureStderr();
  act();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.empty() || text.back() == '\n') << text;
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

// Names and values of the members of a line, but for the time.
using Members = std::vector<std::pair<std::string, std::string>>;

Members MembersOf(const std::string& line) {
  const absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(line);
  EXPECT_TRUE(document.ok()) << document.status() << line;
  Members members;
  if (!document.ok()) return members;
  for (const auto& member : document->object()) {
    if (member.key == "time") continue;
    members.emplace_back(std::string(member.key),
                         std::string(AsString(member.value).value()));
  }
  return members;
}

TEST(EventLog, WritesOneJsonObjectPerEvent) {
  const std::vector<std::string> lines = LinesOf([] {
    EventLog log;
    log.Info("server.listening", {{"address", "127.0.0.1:7410"}});
    log.Info("server.failed", {{"why", "a"}, {"where", "b"}});
    log.Info("server.stopped");
  });
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(MembersOf(lines[0]), Members({{"level", "info"},
                                          {"event", "server.listening"},
                                          {"address", "127.0.0.1:7410"}}));
  EXPECT_EQ(MembersOf(lines[1]), Members({{"level", "info"},
                                          {"event", "server.failed"},
                                          {"why", "a"},
                                          {"where", "b"}}));
  EXPECT_EQ(MembersOf(lines[2]),
            Members({{"level", "info"}, {"event", "server.stopped"}}));
}

TEST(EventLog, TakesNoStringThatNobodyHasCalledPublic) {
  static_assert(!std::is_convertible_v<std::string, LogText>);
  static_assert(!std::is_convertible_v<absl::string_view, LogText>);
  static_assert(!std::is_convertible_v<const char*, LogText>);
  static_assert(!std::is_convertible_v<SecretBytes, LogText>);
  static_assert(!std::is_convertible_v<VerifiedJwt, LogText>);
  static_assert(std::is_convertible_v<const char(&)[4], LogText>);
}

TEST(EventLog, LeavesOutWhatIsBelowItsLevel) {
  const auto write_all = [](EventLog& log) {
    log.Write(LogLevel::kDebug, "1", {});
    log.Info("2");
    log.Warning("3");
  };
  const auto lines_at = [&](LogLevel level) {
    return LinesOf([&] {
             EventLog log;
             log.SetLevel(level);
             write_all(log);
           })
        .size();
  };
  EXPECT_EQ(lines_at(LogLevel::kDebug), 3);
  EXPECT_EQ(lines_at(LogLevel::kInfo), 2);
  EXPECT_EQ(lines_at(LogLevel::kWarning), 1);
  EXPECT_EQ(LinesOf([&] {
              EventLog log;
              write_all(log);
            }).size(),
            2);
}

TEST(EventLog, WritesNumbersAndTheMessagesOfStatuses) {
  const std::vector<std::string> lines = LinesOf([] {
    EventLog().Warning("event", {{"count", int64_t{-7}},
                                 {"why", absl::NotFoundError("no \"x\"")}});
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], testing::HasSubstr(R"("count":-7,"why":"no \"x\""})"));
}

TEST(EventLog, SaysWhenInUtc) {
  const absl::Time before = absl::Now() - absl::Milliseconds(1);
  const std::vector<std::string> lines =
      LinesOf([] { EventLog().Info("event"); });
  ASSERT_EQ(lines.size(), 1U);
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseObject(lines.front());
  ASSERT_TRUE(document.ok()) << document.status();
  const absl::string_view text =
      AsString(*FindMember(document->object(), "time")).value();
  EXPECT_EQ(text.size(), absl::string_view("2027-01-15T08:00:00.000Z").size());
  absl::Time time;
  ASSERT_TRUE(absl::ParseTime("%Y-%m-%d%ET%H:%M:%E3SZ", text, &time, nullptr))
      << text;
  EXPECT_GE(time, before);
  EXPECT_LE(time, absl::Now());
}

TEST(EventLog, EscapesWhatWouldEndTheLineOrTheString) {
  constexpr absl::string_view kNasty[] = {
      "two\nlines\r\n", "\"},{\"",  "back\\slash",
      "tab\t",          "\x01\x1f", "{} {:>99999999} %v %s",
      "caf\xC3\xA9",    "",
  };
  for (const absl::string_view nasty : kNasty) {
    const std::vector<std::string> lines = LinesOf([&] {
      EventLog().Info(nasty,
                      {{"field", LogText::Public(nasty)}, {nasty, "value"}});
    });
    ASSERT_EQ(lines.size(), 1U) << nasty;
    const std::string text(nasty);
    EXPECT_EQ(MembersOf(lines.front()), Members({{"level", "info"},
                                                 {"event", text},
                                                 {"field", text},
                                                 {text, "value"}}));
  }
}

TEST(EventLog, KeepsLinesApartThatThreadsWriteAtOnce) {
  constexpr int kThreads = 4;
  constexpr int kEvents = 200;
  const std::string value(1000, 'x');
  const std::vector<std::string> lines = LinesOf([&] {
    EventLog log;
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kEvents; ++n) {
          log.Info("event", {{"f", LogText::Public(value)}});
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  EXPECT_EQ(lines.size(), size_t{kThreads} * kEvents);
  for (const std::string& line : lines) {
    ASSERT_EQ(MembersOf(line),
              Members({{"level", "info"}, {"event", "event"}, {"f", value}}));
  }
}

}  // namespace
}  // namespace signet
