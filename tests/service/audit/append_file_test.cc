#include "service/audit/append_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

std::string TextOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// As long as it lives, files of this process get no larger than this.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    // Or else it would end the process.
    EXPECT_NE(std::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit limit = {bytes, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;  // Belongs to the process.
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0); }

 private:
  rlimit before_ = {};
};

class AppendFileTest : public testing::Test {
 protected:
  absl::StatusOr<AppendFile> Open() const {
    return AppendFile::Open(path_, Durability::kKernel);
  }

  TestFolder folder_;
  std::string path_ = folder_.PathTo("audit.log");
};

TEST_F(AppendFileTest, MakesAFileForItsOwnerOnly) {
  auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(ModeOf(path_), 0600);
  EXPECT_TRUE(file->Append("a\n").ok());
  EXPECT_TRUE(file->Append("b\nc\n").ok());
  EXPECT_EQ(TextOf(path_), "a\nb\nc\n");
}

TEST_F(AppendFileTest, GoesOnWhereItEnded) {
  folder_.Write("audit.log", "a\n");
  ASSERT_TRUE(Open()->Append("b\n").ok());
  EXPECT_EQ(TextOf(path_), "a\nb\n");
}

TEST_F(AppendFileTest, LeavesATornLineToItself) {
  folder_.Write("audit.log", "a\n{\"torn");
  auto file = Open();
  ASSERT_TRUE(file->Append("b\n").ok());
  ASSERT_TRUE(file->Append("c\n").ok());
  EXPECT_EQ(TextOf(path_), "a\n{\"torn\nb\nc\n");
}

TEST_F(AppendFileTest, BeginsANewFileAfterARename) {
  auto file = Open();
  ASSERT_TRUE(file->Append("a\n").ok());
  ASSERT_EQ(std::rename(path_.c_str(), folder_.PathTo("old").c_str()), 0);
  ASSERT_TRUE(file->Append("b\n").ok());
  EXPECT_EQ(TextOf(folder_.PathTo("old")), "a\n");
  EXPECT_EQ(TextOf(path_), "b\n");
  EXPECT_EQ(ModeOf(path_), 0600);
  ASSERT_EQ(unlink(path_.c_str()), 0);
  ASSERT_TRUE(file->Append("c\n").ok());
  EXPECT_EQ(TextOf(path_), "c\n");
}

TEST_F(AppendFileTest, SaysThatADiskIsFull) {
  auto file = AppendFile::Open("/dev/full", Durability::kKernel);
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::Status status = file->Append("a\n");
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "No space left"));
}

TEST_F(AppendFileTest, KeepsWhatADiskThatFillsHasTorn) {
  auto file = Open();
  ASSERT_TRUE(file->Append("aaaa\n").ok());
  {
    const FileSizeLimit limit(8);
    EXPECT_TRUE(absl::IsUnavailable(file->Append("bbbb\n")));
    EXPECT_EQ(TextOf(path_), "aaaa\nbbb");
    EXPECT_TRUE(absl::IsUnavailable(file->Append("cccc\n")));
  }
  EXPECT_TRUE(file->Append("dddd\n").ok());
  EXPECT_EQ(TextOf(path_), "aaaa\nbbb\ndddd\n");
}

TEST_F(AppendFileTest, RefusesWhatOthersMayWrite) {
  for (const mode_t mode : {0620, 0602, 0666}) {
    folder_.Write("audit.log", "", mode);
    const auto file = Open();
    EXPECT_TRUE(absl::IsFailedPrecondition(file.status())) << mode;
    ASSERT_EQ(unlink(path_.c_str()), 0);
  }
  // Whoever may read it is the operator's business.
  folder_.Write("audit.log", "", 0640);
  EXPECT_TRUE(Open().ok());
}

TEST_F(AppendFileTest, RefusesWhatIsNoFile) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status()));
  path_ = folder_.path();
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status()));
  path_ = folder_.PathTo("missing/audit.log");
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status()));
}

TEST_F(AppendFileTest, FailsWhileItsNameCannotBeOpened) {
  auto file = Open();
  const std::string away = folder_.PathTo("old");
  ASSERT_EQ(std::rename(path_.c_str(), away.c_str()), 0);
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_TRUE(absl::IsUnavailable(file->Append("a\n")));
  EXPECT_TRUE(absl::IsUnavailable(file->Append("b\n")));
  ASSERT_EQ(rmdir(path_.c_str()), 0);
  EXPECT_TRUE(file->Append("c\n").ok());
  EXPECT_EQ(TextOf(path_), "c\n");
}

TEST_F(AppendFileTest, SyncsIfAsked) {
  auto file = AppendFile::Open(path_, Durability::kDisk);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->Append("a\n").ok());
  EXPECT_EQ(TextOf(path_), "a\n");
}

}  // namespace
}  // namespace signet
