#include "keys/keyed_hash.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace signet {
namespace {

// All lengths that differ in how they are read, and some beyond.
constexpr size_t kLongest = KeyedHash::kMaxFastBytes + 20;

TEST(KeyedHashTest, EqualTextsHaveEqualHashesWhereverTheyLie) {
  const KeyedHash hash;
  std::string text;
  for (size_t size = 0; size <= kLongest; ++size) {
    const std::string shifted = "x" + text;
    EXPECT_EQ(hash.Hash(text), hash.Hash(shifted.substr(1))) << size;
    EXPECT_EQ(hash.Hash(text), hash.Hash(absl::string_view(shifted).substr(1)))
        << size;
    text += static_cast<char>('a' + size % 26);
  }
}

TEST(KeyedHashTest, EveryByteCounts) {
  const KeyedHash hash;
  for (size_t size = 1; size <= kLongest; ++size) {
    std::string text(size, 'a');
    const uint64_t original = hash.Hash(text);
    for (size_t i = 0; i < size; ++i) {
      text[i] = static_cast<char>('a' ^ 0x80);
      EXPECT_NE(hash.Hash(text), original) << size << " bytes, number " << i;
      text[i] = 'a';
    }
  }
}

TEST(KeyedHashTest, TheLengthCounts) {
  const KeyedHash hash;
  for (const char byte : {'\0', 'a'}) {
    std::set<uint64_t> hashes;
    for (size_t size = 0; size <= kLongest; ++size) {
      hashes.insert(hash.Hash(std::string(size, byte)));
    }
    EXPECT_EQ(hashes.size(), kLongest + 1);
  }
}

TEST(KeyedHashTest, TheOrderOfBlocksCounts) {
  const KeyedHash hash;
  const std::string a(16, 'a');
  const std::string b(16, 'b');
  const std::string c(16, 'c');
  const std::set<uint64_t> hashes{
      hash.Hash(a + b),     hash.Hash(b + a),     hash.Hash(a + b + c),
      hash.Hash(c + b + a), hash.Hash(b + a + c), hash.Hash(a + a + b + c + b)};
  EXPECT_EQ(hashes.size(), 6);
}

TEST(KeyedHashTest, IsNeverZero) {
  const KeyedHash hash;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(hash.Hash(std::to_string(i)) % 2, 1);
  }
}

TEST(KeyedHashTest, NobodyKnowsTheHashesOfAnotherProcess) {
  for (const size_t size : {0, 3, 7, 15, 30, 43, 100, 300}) {
    const std::string text(size, 'a');
    EXPECT_NE(KeyedHash().Hash(text), KeyedHash().Hash(text)) << size;
  }
}

}  // namespace
}  // namespace signet
