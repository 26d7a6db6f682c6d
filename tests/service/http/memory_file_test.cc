#include "service/http/memory_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace signet {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(MemoryFile, CanBeReadAsOftenAsOneLikes) {
  const std::string contents(100'000, 'x');
  MemoryFile file = MemoryFile::Create(contents).value();
  EXPECT_EQ(Read(file.path()), contents);
  const MemoryFile moved = std::move(file);
  EXPECT_EQ(Read(moved.path()), contents);
}

TEST(MemoryFile, IsWipedForWhoeverStillHasIt) {
  std::ifstream reader;
  {
    const MemoryFile file = MemoryFile::Create("secret").value();
    reader.open(file.path());
    ASSERT_TRUE(reader.is_open());
  }
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}),
            std::string(6, '\0'));
}

}  // namespace
}  // namespace signet
