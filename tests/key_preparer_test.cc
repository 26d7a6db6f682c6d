#include "keys/key_preparer.h"

#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "curves/ed25519_engine.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_preparer_thread.h"
#include "keys/key_set.h"
#include "keys/key_table.h"
#include "keys/read_section.h"
#include "keys/table_demand.h"
#include "keys/verification_key.h"
#include "tests/prepared_keys.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://issuer.example";
constexpr int kHot = TableDemand::kHotEnough;

// Ed25519 has tables on most machines.
VerificationKey MakeKey(int number) {
  return MakeTestKey(Algorithm::kEdDsa, absl::StrCat("key ", number),
                     absl::StrCat("seed ", number))
      .verification_key()
      .Copy();
}

KeySet MakeSet(const std::vector<int>& numbers) {
  std::vector<VerificationKey> keys;
  keys.reserve(numbers.size());
  for (const int number : numbers) keys.push_back(MakeKey(number));
  return *KeySet::Create(std::move(keys));
}

// The memory of one table of MakeKey's keys; none without tables.
std::optional<size_t> TableSize() {
  const VerificationKey key = MakeKey(0);
  const auto table = KeyTable::Build(key.algorithm(), key.material());
  if (table == nullptr) return std::nullopt;
  return table->bytes();
}

class KeyPreparerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TableSize()) GTEST_SKIP() << "this machine or build has no tables";
  }

  // Room for `tables` tables, and not for another one.
  static size_t Budget(size_t tables) {
    return tables * *TableSize() +
           (KeyTable::MaxBytes(Algorithm::kEdDsa) - *TableSize());
  }
};

// Keys that ask one preparer.
class Keys {
 public:
  Keys(KeyPreparer& preparer, int count) {
    for (int i = 0; i < count; ++i) {
      keys_.push_back(MakeKey(i));
      keys_.back().prepared().DemandTablesFrom(preparer.demand());
    }
  }

  const VerificationKey& operator[](size_t i) const { return keys_[i]; }

  // The numbers of those that have a table.
  std::vector<size_t> WithTables() const {
    std::vector<size_t> numbers;
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (HasTable(keys_[i])) numbers.push_back(i);
    }
    return numbers;
  }

 private:
  std::vector<VerificationKey> keys_;
};

using Numbers = std::vector<size_t>;

TEST_F(KeyPreparerTest, KnowsTheSizeOfTablesInAdvance) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const SigningKey key = MakeTestKey(algorithm, "");
    const auto table =
        KeyTable::Build(algorithm, key.verification_key().material());
    if (table == nullptr) continue;
    EXPECT_LE(table->bytes(), KeyTable::MaxBytes(algorithm));
    EXPECT_GE(table->bytes() * 10, KeyTable::MaxBytes(algorithm) * 9);
  }
}

TEST_F(KeyPreparerTest, BuildsATableForAKeyThatIsUsedOften) {
  KeyPreparer preparer(Budget(10));
  const Keys keys(preparer, 2);
  Use(keys[0], kHot - 1);
  Use(keys[1], kHot);
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({1}));
  const KeyTableFigures figures = preparer.figures();
  EXPECT_EQ(figures.budget_bytes, Budget(10));
  EXPECT_EQ(figures.tables, 1U);
  EXPECT_EQ(figures.bytes, *TableSize());
  EXPECT_EQ(figures.built, 1U);
  EXPECT_EQ(figures.displaced, 0U);
}

TEST_F(KeyPreparerTest, BuildsNothingForManyKeysThatAreUsedSeldom) {
  KeyPreparer preparer(Budget(10));
  const Keys keys(preparer, 1000);
  for (int i = 0; i < 1000; ++i) Use(keys[i], 1);
  EXPECT_EQ(preparer.PrepareOne(), KeyPreparer::Progress::kNothingToDo);
  EXPECT_EQ(preparer.figures().built, 0U);
}

TEST_F(KeyPreparerTest, DoesNotAddUpUsesThatAreLongAgo) {
  KeyPreparer preparer(Budget(10));
  const Keys keys(preparer, 1);
  for (int era = 0; era < 100; ++era) {
    Use(keys[0], kHot / 4);
    preparer.demand()->BeginEra();
  }
  PrepareAll(preparer);
  EXPECT_EQ(preparer.figures().built, 0U);
}

TEST_F(KeyPreparerTest, ForgetsAKeyThatCoolsBeforeItsTurnUntilItIsHotAgain) {
  KeyPreparer preparer(Budget(10));
  const Keys keys(preparer, 1);
  Use(keys[0], kHot);
  preparer.demand()->BeginEra();
  PrepareAll(preparer);
  EXPECT_EQ(preparer.figures().built, 0U);
  Use(keys[0], kHot);
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({0}));
}

TEST_F(KeyPreparerTest, TakesTheHottestKeysFirstAndKeepsToTheBudget) {
  KeyPreparer preparer(Budget(2));
  const Keys keys(preparer, 5);
  const int uses[] = {kHot, kHot + 4, kHot + 1, kHot + 3, kHot + 2};
  for (int i = 0; i < 5; ++i) Use(keys[i], uses[i]);
  EXPECT_EQ(preparer.PrepareOne(), KeyPreparer::Progress::kMoreToDo);
  EXPECT_EQ(keys.WithTables(), Numbers({1}));
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({1, 3}));
  EXPECT_LE(preparer.figures().bytes, Budget(2));
}

TEST_F(KeyPreparerTest, DisplacesTheColdestTableForAKeyThatIsTwiceAsHot) {
  KeyPreparer preparer(Budget(2));
  const Keys keys(preparer, 3);
  Use(keys[0], kHot + 1);
  Use(keys[1], kHot);
  PrepareAll(preparer);
  Use(keys[2], 2 * kHot);
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({0, 1}));
  Use(keys[2], 2);
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({0, 2}));
  const KeyTableFigures figures = preparer.figures();
  EXPECT_EQ(figures.tables, 2U);
  EXPECT_EQ(figures.bytes, 2 * *TableSize());
  EXPECT_EQ(figures.built, 3U);
  EXPECT_EQ(figures.displaced, 1U);
}

TEST_F(KeyPreparerTest, KeepsTablesWhereKeysAreAboutEquallyHot) {
  KeyPreparer preparer(Budget(2));
  const Keys keys(preparer, 6);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 6; ++i) Use(keys[i], kHot + (i + round) % 6);
    PrepareAll(preparer);
    preparer.demand()->BeginEra();
  }
  EXPECT_EQ(preparer.figures().built, 2U);
  EXPECT_EQ(preparer.figures().displaced, 0U);
}

TEST_F(KeyPreparerTest, GivesTheTableOfAKeyThatCoolsToOneThatWaits) {
  KeyPreparer preparer(Budget(1));
  const Keys keys(preparer, 2);
  Use(keys[0], 2 * kHot);
  PrepareAll(preparer);
  Use(keys[1], 2 * kHot);
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({0}));
  for (int era = 0; era < 3; ++era) {
    preparer.demand()->BeginEra();
    Use(keys[1], kHot);
  }
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({1}));
}

TEST_F(KeyPreparerTest, CountsUsesOfTablesBySample) {
  KeyPreparer preparer(Budget(1));
  const Keys keys(preparer, 2);
  ASSERT_TRUE(GiveTable(preparer, keys[0]));
  for (int i = 0; i < 1000; ++i) keys[0].prepared().CountUseOfTable();
  Use(keys[1], 1000);
  PrepareAll(preparer);
  EXPECT_EQ(keys.WithTables(), Numbers({0}));
}

TEST_F(KeyPreparerTest, KeepsADisplacedTableWhileItMayBeRead) {
  KeyPreparer preparer(Budget(1));
  const Keys keys(preparer, 2);
  ASSERT_TRUE(GiveTable(preparer, keys[0]));
  std::optional<ReadSection> section(std::in_place);
  const KeyTable* const table = keys[0].prepared().table();
  Use(keys[1], 3 * kHot);
  EXPECT_EQ(preparer.PrepareOne(), KeyPreparer::Progress::kWaitingForReaders);
  EXPECT_EQ(preparer.PrepareOne(), KeyPreparer::Progress::kWaitingForReaders);
  EXPECT_EQ(keys.WithTables(), Numbers({}));
  EXPECT_EQ(table->bytes(), *TableSize());
  EXPECT_EQ(preparer.figures().tables, 0U);
  EXPECT_EQ(preparer.figures().bytes, *TableSize());
  section.reset();
  EXPECT_EQ(preparer.PrepareOne(), KeyPreparer::Progress::kMoreToDo);
  EXPECT_EQ(keys.WithTables(), Numbers({1}));
  EXPECT_EQ(preparer.figures().bytes, *TableSize());
}

TEST_F(KeyPreparerTest, HasNoTablesWithoutABudget) {
  for (const size_t budget : {size_t{0}, Budget(1) - 1}) {
    KeyPreparer preparer(budget);
    const Keys keys(preparer, 1);
    EXPECT_FALSE(GiveTable(preparer, keys[0]));
    // Nor does the key go on asking.
    Use(keys[0], 1000);
    EXPECT_TRUE(preparer.demand()->TakeAsked().empty());
  }
}

TEST_F(KeyPreparerTest, BuildsNothingOnMachinesWithoutTables) {
  KeyPreparer preparer(Budget(10));
  const LimitEd25519EngineForTesting limit(Ed25519Engine::kBoringSsl);
  const Keys keys(preparer, 1);
  EXPECT_FALSE(GiveTable(preparer, keys[0]));
  EXPECT_EQ(preparer.figures().built, 0U);
  Use(keys[0], 1000);
  EXPECT_TRUE(preparer.demand()->TakeAsked().empty());
}

TEST_F(KeyPreparerTest, LeavesTablesToTheirKeysWhenItEnds) {
  std::optional<KeyPreparer> preparer(std::in_place, Budget(1));
  const Keys keys(*preparer, 2);
  ASSERT_TRUE(GiveTable(*preparer, keys[0]));
  preparer.reset();
  EXPECT_EQ(keys.WithTables(), Numbers({0}));
  Use(keys[1], 2 * kHot);
}

// What the cache has found.
const VerificationKey* Find(const KeyCache::Reader& reader, int number) {
  const auto keys = reader.FindIssuer(kIssuer);
  return keys ? keys->FindById(absl::StrCat("key ", number)) : nullptr;
}

TEST_F(KeyPreparerTest, KeepsTheTableOfAKeyThatSurvivesAReplacement) {
  KeyPreparer preparer(Budget(10));
  KeyCache cache(preparer.demand());
  cache.ReplaceIssuer(kIssuer, MakeSet({0, 1, 2}));
  for (const int number : {0, 1}) {
    const KeyCache::Reader reader(cache);
    ASSERT_TRUE(GiveTable(preparer, *Find(reader, number)));
  }
  cache.ReplaceIssuer(kIssuer, MakeSet({3, 1, 2}));
  EXPECT_EQ(cache.FreeReplaced(), 0U);
  const KeyCache::Reader reader(cache);
  EXPECT_TRUE(HasTable(*Find(reader, 1)));
  EXPECT_FALSE(HasTable(*Find(reader, 2)));
  EXPECT_FALSE(HasTable(*Find(reader, 3)));
  // The table of key 0 has gone with it.
  EXPECT_EQ(preparer.figures().tables, 1U);
  EXPECT_EQ(preparer.figures().bytes, *TableSize());
  EXPECT_TRUE(GiveTable(preparer, *Find(reader, 3)));
  EXPECT_EQ(preparer.figures().built, 3U);
}

TEST_F(KeyPreparerTest, DoesNotTakeAnotherKeyWithTheSameIdForTheSame) {
  KeyPreparer preparer(Budget(10));
  KeyCache cache(preparer.demand());
  cache.ReplaceIssuer(kIssuer, MakeSet({0}));
  {
    const KeyCache::Reader reader(cache);
    ASSERT_TRUE(GiveTable(preparer, *Find(reader, 0)));
  }
  std::vector<VerificationKey> other;
  other.push_back(MakeTestKey(Algorithm::kEdDsa, "key 0", "another seed")
                      .verification_key()
                      .Copy());
  cache.ReplaceIssuer(kIssuer, *KeySet::Create(std::move(other)));
  const KeyCache::Reader reader(cache);
  EXPECT_FALSE(HasTable(*Find(reader, 0)));
}

TEST_F(KeyPreparerTest, ForgetsCandidatesOfRemovedIssuers) {
  KeyPreparer preparer(Budget(10));
  KeyCache cache(preparer.demand());
  cache.ReplaceIssuer(kIssuer, MakeSet({0}));
  {
    const KeyCache::Reader reader(cache);
    Use(*Find(reader, 0), kHot);
  }
  cache.RemoveIssuer(kIssuer);
  EXPECT_EQ(cache.FreeReplaced(), 0U);
  EXPECT_EQ(preparer.PrepareOne(), KeyPreparer::Progress::kNothingToDo);
  EXPECT_EQ(preparer.figures().built, 0U);
}

TEST_F(KeyPreparerTest, CopiesOfAKeyShareItsTable) {
  KeyPreparer preparer(Budget(1));
  const Keys keys(preparer, 1);
  const VerificationKey copy = keys[0].Copy();
  ASSERT_TRUE(GiveTable(preparer, keys[0]));
  EXPECT_TRUE(HasTable(copy));
}

TEST_F(KeyPreparerTest, ThreadBuildsWhenAKeyAsksAndEndsWhenItIsTold) {
  KeyPreparer preparer(Budget(10));
  const Keys keys(preparer, 1);
  {
    const KeyPreparerThread thread(preparer);
    Use(keys[0], kHot);
    while (!HasTable(keys[0])) std::this_thread::yield();
  }
  EXPECT_EQ(preparer.figures().built, 1U);
}

TEST_F(KeyPreparerTest, ThreadEndsAtOnceWhileKeysWait) {
  KeyPreparer preparer(Budget(1000));
  const Keys keys(preparer, 500);
  for (int i = 0; i < 500; ++i) Use(keys[i], kHot);
  { const KeyPreparerThread thread(preparer); }
  EXPECT_LT(preparer.figures().built, 500U);
}

}  // namespace
}  // namespace signet
