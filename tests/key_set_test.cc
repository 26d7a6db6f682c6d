#include "keys/key_set.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

struct KeyToMake {
  Algorithm algorithm;
  const char* key_id;
};

absl::StatusOr<KeySet> MakeSet(const std::vector<KeyToMake>& keys) {
  std::vector<VerificationKey> made;
  made.reserve(keys.size());
  for (const KeyToMake& key : keys) {
    made.push_back(CopyPublicKey(
        MakeTestKey(key.algorithm, key.key_id, key.key_id).verification_key()));
  }
  return KeySet::Create(std::move(made));
}

TEST(KeySetTest, FindsKeysByTheirExactId) {
  const auto set =
      MakeSet({{Algorithm::kEs256, "a"}, {Algorithm::kHs256, "b"}});
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->FindById("a")->algorithm(), Algorithm::kEs256);
  EXPECT_EQ(set->FindById("b")->algorithm(), Algorithm::kHs256);
  for (const char* key_id : {"", "A", "a ", "aa", "c"}) {
    EXPECT_EQ(set->FindById(key_id), nullptr) << key_id;
  }
  EXPECT_EQ(set->FindById(absl::string_view("a\0", 2)), nullptr);
}

TEST(KeySetTest, FindsTheOnlyKeyOfAnAlgorithm) {
  const auto set = MakeSet({{Algorithm::kEs256, "a"},
                            {Algorithm::kEdDsa, "b"},
                            {Algorithm::kEdDsa, "c"},
                            {Algorithm::kRs256, "d"}});
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->FindOnly(Algorithm::kEs256), set->FindById("a"));
  EXPECT_EQ(set->FindOnly(Algorithm::kEdDsa), nullptr);  // Which of the two?
  EXPECT_EQ(set->FindOnly(Algorithm::kHs256), nullptr);
  // A key is for one algorithm, even where another would do.
  EXPECT_EQ(set->FindOnly(Algorithm::kPs256), nullptr);
}

TEST(KeySetTest, RefusesTwoKeysOfTheSameId) {
  EXPECT_EQ(MakeSet({{Algorithm::kEs256, "a"},
                     {Algorithm::kEs256, "b"},
                     {Algorithm::kHs256, "a"}})
                .status(),
            absl::InvalidArgumentError("keys 1 and 3 have the same kid"));
}

TEST(KeySetTest, RefusesTheSameKeyTwice) {
  // Its thumbprint is its id.
  std::vector<VerificationKey> keys;
  keys.reserve(2);
  for (int i = 0; i < 2; ++i) {
    keys.push_back(
        CopyPublicKey(MakeTestKey(Algorithm::kEs256, "").verification_key()));
  }
  EXPECT_EQ(KeySet::Create(std::move(keys)).status(),
            absl::InvalidArgumentError("keys 1 and 2 have the same kid"));
}

TEST(KeySetTest, MayBeEmpty) {
  const auto set = MakeSet({});
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->FindById(""), nullptr);
  EXPECT_EQ(set->FindOnly(Algorithm::kEs256), nullptr);
}

TEST(KeySetTest, KeepsItsKeysWhenMoved) {
  auto set = MakeSet({{Algorithm::kEs256, "a"}});
  const KeySet moved = *std::move(set);
  EXPECT_EQ(moved.FindById("a")->key_id(), "a");
  EXPECT_EQ(moved.keys().size(), 1U);
}

}  // namespace
}  // namespace signet
