#include "service/audit/audit_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

using testing::HasSubstr;

AuditEvent EventOf(int thread, int number) {
  return {.time = absl::UnixEpoch(),
          .action = "Sign",
          .jti = absl::StrCat(thread, "-", number, "."),
          .outcome = "OK"};
}

std::vector<std::string> LinesOf(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

class AuditLogTest : public testing::Test {
 protected:
  static std::unique_ptr<AuditLog> Open(const std::string& path) {
    auto log = AuditLog::Open({.file = path}, std::make_shared<EventLog>());
    EXPECT_TRUE(log.ok()) << log.status();
    return *std::move(log);
  }

  TestFolder folder_;
  const std::string path_ = folder_.PathTo("audit.log");
};

TEST_F(AuditLogTest, HasALineForEachEventWhileFilesAreRenamed) {
  constexpr int kThreads = 8;
  constexpr int kEvents = 2000;
  const auto log = Open(path_);
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEvents; ++i) {
        EXPECT_TRUE(log->Write(EventOf(thread, i)).ok());
      }
      --running;
    });
  }
  int renamed = 0;
  while (running > 0) {
    const std::string old = folder_.PathTo(absl::StrCat("old-", renamed));
    if (std::rename(path_.c_str(), old.c_str()) == 0) ++renamed;
  }
  for (std::thread& thread : threads) thread.join();

  std::vector<std::string> lines = LinesOf(path_);
  for (int i = 0; i < renamed; ++i) {
    for (std::string& line : LinesOf(folder_.PathTo(absl::StrCat("old-", i)))) {
      lines.push_back(std::move(line));
    }
  }
  EXPECT_EQ(lines.size(), kThreads * kEvents);
  EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(),
            kThreads * kEvents);
  for (const std::string& line : lines) {
    ASSERT_TRUE(absl::StartsWith(line, "{\"time\"") &&
                absl::EndsWith(line, ".\"}"))
        << line;
  }
  EXPECT_GT(renamed, 0);
  EXPECT_EQ(log->figures().lines, kThreads * kEvents);
  EXPECT_EQ(log->figures().failures, 0);
}

TEST_F(AuditLogTest, TellsCallersOnlyThatItFailsAndOperatorsOnceWhy) {
  testing::internal::CaptureStderr();
  const auto log = Open("/dev/full");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(log->Write(EventOf(0, i)),
              absl::UnavailableError("the audit log cannot be written"));
  }
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("cannot write: No space left on device"));
  EXPECT_EQ(told.find("audit.failing"), told.rfind("audit.failing"));
  EXPECT_EQ(log->figures().lines, 0);
  EXPECT_EQ(log->figures().failures, 3);
}

TEST_F(AuditLogTest, WorksAgainOnceItCan) {
  const auto log = Open(path_);
  testing::internal::CaptureStderr();
  ASSERT_EQ(std::rename(path_.c_str(), folder_.PathTo("old").c_str()), 0);
  folder_.Write("audit.log", "", 0666);
  EXPECT_TRUE(absl::IsUnavailable(log->Write(EventOf(0, 0))));
  ASSERT_EQ(std::remove(path_.c_str()), 0);
  EXPECT_TRUE(log->Write(EventOf(0, 1)).ok());
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("audit.working"));
  EXPECT_EQ(LinesOf(path_).size(), 1);
}

TEST_F(AuditLogTest, DoesNotOpenWhatCannotBeWritten) {
  const auto log =
      AuditLog::Open({.file = folder_.path()}, std::make_shared<EventLog>());
  EXPECT_TRUE(absl::IsFailedPrecondition(log.status()));
  EXPECT_THAT(std::string(log.status().message()), HasSubstr(folder_.path()));
}

}  // namespace
}  // namespace signet
