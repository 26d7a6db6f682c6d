#include "tests/service/test_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace signet {

TestFolder::TestFolder() : path_(testing::TempDir() + "/signet-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << path_;
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TestFolder::PathTo(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

void TestFolder::Write(absl::string_view name, absl::string_view text,
                       mode_t mode) const {
  const std::string path = PathTo(name);
  std::ofstream(path, std::ios::binary) << std::string(text);
  EXPECT_EQ(chmod(path.c_str(), mode), 0) << path;
}

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777U;
}

}  // namespace signet
