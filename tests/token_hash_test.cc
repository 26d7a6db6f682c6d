#include "verifier/token_hash.h"

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/compact_jws.h"
#include "keys/keyed_hash.h"

namespace signet {
namespace {

// Of both sides of each border between pieces, up to the fourth.
const size_t kSizes[] = {0, 1, 255, 256, 257, 511, 512, 513, 700, 1024, 1025};

TEST(TokenHashTest, EqualTokensHaveEqualHashesWhereverTheyLie) {
  const TokenHash hash;
  for (const size_t size : kSizes) {
    const std::string text(size, 'a');
    const std::string shifted = "x" + text;
    EXPECT_EQ(hash.Hash(text), hash.Hash(absl::string_view(shifted).substr(1)))
        << size;
  }
}

TEST(TokenHashTest, EveryByteCounts) {
  const TokenHash hash;
  for (const size_t size : kSizes) {
    std::string text(size, 'a');
    const uint64_t original = hash.Hash(text);
    for (char& byte : text) {
      byte = 'b';
      EXPECT_NE(hash.Hash(text), original) << size;
      byte = 'a';
    }
  }
}

TEST(TokenHashTest, EveryByteOfTheLongestTokenCounts) {
  const TokenHash hash;
  std::string text(kMaxTokenBytes, 'a');
  std::set<uint64_t> hashes{hash.Hash(text)};
  for (size_t i = 0; i < text.size(); i += 100) {
    text[i] = 'b';
    EXPECT_TRUE(hashes.insert(hash.Hash(text)).second) << i;
  }
}

TEST(TokenHashTest, TheLengthCounts) {
  const TokenHash hash;
  std::set<uint64_t> hashes;
  for (size_t size = 0; size <= 1100; ++size) {
    EXPECT_TRUE(hashes.insert(hash.Hash(std::string(size, 'a'))).second)
        << size;
  }
}

TEST(TokenHashTest, TheOrderOfPiecesCounts) {
  const TokenHash hash;
  const std::string a(KeyedHash::kMaxFastBytes, 'a');
  const std::string b(KeyedHash::kMaxFastBytes, 'b');
  const std::set<uint64_t> hashes{hash.Hash(a + b), hash.Hash(b + a),
                                  hash.Hash(a + a + b), hash.Hash(a + b + a),
                                  hash.Hash(b + a + a)};
  EXPECT_EQ(hashes.size(), 5);
}

TEST(TokenHashTest, NobodyKnowsTheHashesOfAnotherProcess) {
  for (const size_t size : kSizes) {
    const std::string text(size, 'a');
    EXPECT_NE(TokenHash().Hash(text), TokenHash().Hash(text)) << size;
  }
}

TEST(TokenHashTest, AllTokensCollideWithoutKeys) {
  const TokenHash hash{TokenHash::PlaceKeys{}};
  for (const size_t size : kSizes) {
    EXPECT_EQ(hash.Hash(std::string(size, 'a')), 0) << size;
  }
}

}  // namespace
}  // namespace signet
