#include "service/memory_file.h"

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

TEST(MemoryFile, HasOtherContentsUnderTheSamePath) {
  MemoryFile file = MemoryFile::Create("first").value();
  const std::string path = file.path();
  std::ifstream reader(path);
  ASSERT_TRUE(file.Replace("the second").ok());
  EXPECT_EQ(file.path(), path);
  EXPECT_EQ(Read(path), "the second");
  // Whoever has begun to read goes on.
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "first");
}

TEST(MemoryFile, WipesWhatWasReplacedBeforeTheLast) {
  MemoryFile file = MemoryFile::Create("first").value();
  std::ifstream reader(file.path());
  ASSERT_TRUE(reader.is_open());
  ASSERT_TRUE(file.Replace("second").ok());
  ASSERT_TRUE(file.Replace("third").ok());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}),
            std::string(5, '\0'));
  EXPECT_EQ(Read(file.path()), "third");
}

}  // namespace
}  // namespace signet
