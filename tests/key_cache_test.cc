#include "keys/key_cache.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/verification_key.h"
#include "tests/versioned_keys.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://a.example";
constexpr char kOther[] = "https://b.example";

// The version of the key that a new reader finds; nothing without a key.
std::optional<int> Find(const KeyCache& cache, absl::string_view issuer,
                        absl::string_view key_id) {
  const KeyCache::Reader reader(cache);
  const std::optional<IssuerKeys> keys = reader.FindIssuer(issuer);
  if (!keys) return std::nullopt;
  const VerificationKey* const key = keys->FindById(key_id);
  if (key == nullptr) return std::nullopt;
  EXPECT_EQ(key->key_id(), key_id);
  return VersionOf(*key);
}

bool IsKnown(const KeyCache& cache, absl::string_view issuer) {
  const KeyCache::Reader reader(cache);
  return reader.FindIssuer(issuer).has_value();
}

std::string IssuerNumber(int number) {
  return absl::StrCat("https://", number, ".example");
}

TEST(KeyCacheTest, KnowsNobodyAtFirst) {
  const KeyCache cache;
  EXPECT_FALSE(IsKnown(cache, kIssuer));
  EXPECT_FALSE(IsKnown(cache, ""));
}

TEST(KeyCacheTest, FindsKeysByIssuerAndId) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x", "y"}));
  cache.ReplaceIssuer(kOther, VersionedKeys(2, {"x"}));
  EXPECT_EQ(Find(cache, kIssuer, "x"), 1);
  EXPECT_EQ(Find(cache, kIssuer, "y"), 1);
  EXPECT_EQ(Find(cache, kOther, "x"), 2);
}

TEST(KeyCacheTest, TellsAnUnknownKeyFromAnUnknownIssuer) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  const KeyCache::Reader reader(cache);
  const auto keys = reader.FindIssuer(kIssuer);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->FindById("y"), nullptr);
  EXPECT_FALSE(reader.FindIssuer(kOther));
}

TEST(KeyCacheTest, KnowsAnIssuerThatHasNoKeys) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {}));
  const KeyCache::Reader reader(cache);
  const auto keys = reader.FindIssuer(kIssuer);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->FindById(""), nullptr);
  EXPECT_EQ(keys->FindOnly(Algorithm::kHs256), nullptr);
}

// Names of all lengths are found, and none that differs in one byte or length.
TEST(KeyCacheTest, ComparesIssuersAndIdsByteForByte) {
  constexpr size_t kLongest = 256;
  std::vector<std::string> names;
  for (size_t size = 1; size <= kLongest; ++size) {
    names.emplace_back(size, 'a');
  }
  KeyCache cache;
  for (const std::string& name : names) {
    cache.ReplaceIssuer(name, VersionedKeys(7, names));
  }
  for (const std::string& name : names) {
    EXPECT_EQ(Find(cache, name, name), 7);
    for (size_t i = 0; i < name.size(); ++i) {
      std::string other = name;
      other[i] = 'b';
      EXPECT_FALSE(IsKnown(cache, other)) << other;
      EXPECT_EQ(Find(cache, "a", other), std::nullopt) << other;
    }
  }
  EXPECT_FALSE(IsKnown(cache, std::string(kLongest + 1, 'a')));
  EXPECT_EQ(Find(cache, "a", std::string(kLongest + 1, 'a')), std::nullopt);
}

TEST(KeyCacheTest, FindsTheOnlyKeyOfAnAlgorithm) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  cache.ReplaceIssuer(kOther, VersionedKeys(1, {"x", "y"}));
  const KeyCache::Reader reader(cache);
  const auto one = reader.FindIssuer(kIssuer);
  ASSERT_NE(one->FindOnly(Algorithm::kHs256), nullptr);
  EXPECT_EQ(one->FindOnly(Algorithm::kHs256)->key_id(), "x");
  EXPECT_EQ(one->FindOnly(Algorithm::kHs512), nullptr);
  EXPECT_EQ(reader.FindIssuer(kOther)->FindOnly(Algorithm::kHs256), nullptr);
}

TEST(KeyCacheTest, ReplacesAllKeysOfAnIssuerAndNoneOfAnother) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x", "y"}));
  cache.ReplaceIssuer(kOther, VersionedKeys(1, {"x"}));
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"y", "z"}));
  EXPECT_EQ(Find(cache, kIssuer, "x"), std::nullopt);
  EXPECT_EQ(Find(cache, kIssuer, "y"), 2);
  EXPECT_EQ(Find(cache, kIssuer, "z"), 2);
  EXPECT_EQ(Find(cache, kOther, "x"), 1);
}

TEST(KeyCacheTest, FoundKeysStayOneSetWhileTheReaderLives) {
  KeyCache cache;
  const uint64_t first =
      cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x", "y"}));
  const KeyCache::Reader reader(cache);
  const auto found = reader.FindIssuer(kIssuer);
  const VerificationKey* const x = found->FindById("x");
  for (uint8_t version = 2; version < 100; ++version) {
    cache.ReplaceIssuer(kIssuer, VersionedKeys(version, {"x", "y"}));
  }
  cache.RemoveIssuer(kIssuer);
  EXPECT_EQ(VersionOf(*x), 1);
  EXPECT_EQ(VersionOf(*found->FindById("y")), 1);
  EXPECT_EQ(found->generation(), first);
}

TEST(KeyCacheTest, AnOldReaderFindsWhatIsNew) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  const KeyCache::Reader reader(cache);
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"x"}));
  EXPECT_EQ(VersionOf(*reader.FindIssuer(kIssuer)->FindById("x")), 2);
  // So many that the table is replaced, too.
  for (int i = 0; i < 1000; ++i) {
    cache.ReplaceIssuer(IssuerNumber(i), VersionedKeys(3, {"x"}));
    ASSERT_TRUE(reader.FindIssuer(IssuerNumber(i)));
  }
  cache.RemoveIssuer(kIssuer);
  EXPECT_FALSE(reader.FindIssuer(kIssuer));
}

TEST(KeyCacheTest, RemovesAnIssuer) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  cache.ReplaceIssuer(kOther, VersionedKeys(2, {"x"}));
  EXPECT_TRUE(cache.RemoveIssuer(kIssuer));
  EXPECT_FALSE(IsKnown(cache, kIssuer));
  EXPECT_EQ(Find(cache, kOther, "x"), 2);
  EXPECT_FALSE(cache.RemoveIssuer(kIssuer));
  EXPECT_FALSE(cache.RemoveIssuer("https://never.example"));
}

TEST(KeyCacheTest, ARemovedIssuerMayComeBack) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  cache.RemoveIssuer(kIssuer);
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"x"}));
  EXPECT_EQ(Find(cache, kIssuer, "x"), 2);
}

TEST(KeyCacheTest, GenerationsGrowAcrossIssuersAndCaches) {
  KeyCache cache;
  KeyCache another;
  uint64_t last = 0;
  for (int i = 0; i < 10; ++i) {
    for (KeyCache* const into : {&cache, &another}) {
      for (const char* const issuer : {kIssuer, kOther}) {
        const uint64_t generation =
            into->ReplaceIssuer(issuer, VersionedKeys(1, {"x"}));
        EXPECT_GT(generation, last);
        last = generation;
        const KeyCache::Reader reader(*into);
        EXPECT_EQ(reader.FindIssuer(issuer)->generation(), generation);
      }
    }
    cache.RemoveIssuer(kIssuer);
  }
}

TEST(KeyCacheTest, ServesManyIssuers) {
  constexpr int kIssuers = 10'000;
  const std::vector<std::string> ids{"w", "x", "y", "z"};
  KeyCache cache;
  for (int i = 0; i < kIssuers; ++i) {
    cache.ReplaceIssuer(IssuerNumber(i),
                        VersionedKeys(static_cast<uint8_t>(i), ids));
  }
  EXPECT_EQ(cache.FreeReplaced(), 0);
  for (int i = 0; i < kIssuers; ++i) {
    for (const std::string& id : ids) {
      EXPECT_EQ(Find(cache, IssuerNumber(i), id), i % 256);
    }
    EXPECT_EQ(Find(cache, IssuerNumber(i), "v"), std::nullopt);
  }
  EXPECT_FALSE(IsKnown(cache, IssuerNumber(kIssuers)));
}

TEST(KeyCacheTest, OutlivesManyIssuersThatComeAndGo) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  for (int i = 0; i < 10'000; ++i) {
    cache.ReplaceIssuer(IssuerNumber(i), VersionedKeys(2, {"x"}));
    if (i >= 3) {
      EXPECT_TRUE(cache.RemoveIssuer(IssuerNumber(i - 3)));
    }
  }
  EXPECT_EQ(Find(cache, kIssuer, "x"), 1);
  EXPECT_EQ(Find(cache, IssuerNumber(9'999), "x"), 2);
  EXPECT_FALSE(IsKnown(cache, IssuerNumber(5'000)));
}

TEST(KeyCacheTest, FreesAtOnceWhatNobodyReads) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  EXPECT_EQ(Find(cache, kIssuer, "x"), 1);
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"x"}));
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

TEST(KeyCacheTest, FreesWhatWasReadWhenTheLastReaderEnds) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  auto outer = std::make_unique<KeyCache::Reader>(cache);
  auto inner = std::make_unique<KeyCache::Reader>(cache);
  const VerificationKey* const key = inner->FindIssuer(kIssuer)->FindById("x");
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"x"}));
  EXPECT_EQ(cache.FreeReplaced(), 1);
  outer.reset();  // Readers need not end in the order of their making.
  EXPECT_EQ(cache.FreeReplaced(), 1);
  EXPECT_EQ(VersionOf(*key), 1);
  inner.reset();
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

TEST(KeyCacheTest, AReaderKeepsNothingThatWasReplacedBeforeIt) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  auto first = std::make_unique<KeyCache::Reader>(cache);
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"x"}));
  std::thread([&] {
    const KeyCache::Reader second(cache);
    // Only the first reader is left to reach version 1.
    EXPECT_EQ(cache.FreeReplaced(), 1);
    cache.ReplaceIssuer(kIssuer, VersionedKeys(3, {"x"}));
    EXPECT_EQ(cache.FreeReplaced(), 2);
  }).join();
  EXPECT_EQ(cache.FreeReplaced(), 2);
  first.reset();
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

TEST(KeyCacheTest, FreesWhatIsStillWaitingWithTheCache) {
  auto cache = std::make_unique<KeyCache>();
  {
    const KeyCache::Reader reader(*cache);
    for (uint8_t version = 1; version < 10; ++version) {
      cache->ReplaceIssuer(kIssuer, VersionedKeys(version, {"x"}));
    }
  }
  cache.reset();  // The leak checker looks for the rest.
}

TEST(KeyCacheTest, CachesComeAndGoWhileThreadsStay) {
  for (int i = 0; i < 100; ++i) {
    KeyCache cache;
    cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
    EXPECT_EQ(Find(cache, kIssuer, "x"), 1);
  }
}

TEST(KeyCacheTest, ThreadsComeAndGoWhileTheCacheStays) {
  KeyCache cache;
  for (uint8_t version = 1; version < 100; ++version) {
    cache.ReplaceIssuer(kIssuer, VersionedKeys(version, {"x"}));
    std::thread([&] { EXPECT_EQ(Find(cache, kIssuer, "x"), version); }).join();
  }
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

// What a thread destroys as it ends may look for keys, too.
TEST(KeyCacheTest, ServesAThreadThatEnds) {
  struct LastLook {
    const KeyCache* cache = nullptr;
    ~LastLook() { EXPECT_EQ(Find(*cache, kIssuer, "x"), 1); }
  };
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, {"x"}));
  std::thread([&] {
    thread_local LastLook look;
    look.cache = &cache;
    EXPECT_EQ(Find(cache, kIssuer, "x"), 1);
  }).join();
  cache.ReplaceIssuer(kIssuer, VersionedKeys(2, {"x"}));
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

}  // namespace
}  // namespace signet
