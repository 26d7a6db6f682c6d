// Verifications run while their keys' tables are built, displaced and freed,
// and while their sets are replaced.

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_preparer.h"
#include "keys/key_preparer_thread.h"
#include "keys/key_set.h"
#include "keys/key_table.h"
#include "keys/signing_key.h"
#include "tests/test_issuer.h"
#include "verifier/signature.h"

namespace signet {
namespace {

constexpr absl::Duration kDuration = absl::Seconds(2);
constexpr size_t kVerifiers = 2;
constexpr size_t kKeys = 6;
constexpr char kIssuer[] = "https://issuer.example";
constexpr char kInput[] = "a signing input";

// Half of the keys have P-256 tables, half Ed25519 ones.
Algorithm AlgorithmOf(size_t number) {
  return number % 2 == 0 ? Algorithm::kEs256 : Algorithm::kEdDsa;
}

// A signing key, whose public half comes and goes, and a signature.
struct Signer {
  explicit Signer(size_t number)
      : key(MakeTestKey(AlgorithmOf(number), absl::StrCat("key ", number),
                        absl::StrCat("seed ", number))),
        signature(*key.Sign(kInput)),
        corrupted(signature) {
    corrupted.back() ^= 1;
  }

  SigningKey key;
  std::string signature;
  std::string corrupted;
};

std::vector<Signer> MakeSigners() {
  std::vector<Signer> signers;
  signers.reserve(kKeys);
  for (size_t i = 0; i < kKeys; ++i) signers.emplace_back(i);
  return signers;
}

// Keys that share nothing with those that were there before.
KeySet FreshKeys(const std::vector<Signer>& signers, size_t without) {
  std::vector<VerificationKey> keys;
  for (size_t i = 0; i < signers.size(); ++i) {
    if (i == without) continue;
    keys.push_back(CopyPublicKey(signers[i].key.verification_key()));
  }
  return *KeySet::Create(std::move(keys));
}

// Verifies with all keys there are: two signatures of each in a batch, and each
// alone.
void VerifyAll(const KeyCache& cache, const std::vector<Signer>& signers) {
  const KeyCache::Reader reader(cache);
  const auto keys = reader.FindIssuer(kIssuer);
  ASSERT_TRUE(keys);
  std::vector<SignatureTask> tasks;
  for (const Signer& signer : signers) {
    const VerificationKey* const key = keys->FindById(signer.key.key_id());
    if (key == nullptr) continue;
    tasks.push_back({key, kInput, signer.signature});
    tasks.push_back({key, kInput, signer.corrupted});
    EXPECT_TRUE(VerifySignature(*key, kInput, signer.signature));
    EXPECT_FALSE(VerifySignature(*key, kInput, signer.corrupted));
  }
  std::array<bool, 2 * kKeys> valid;
  VerifySignatures(tasks, {valid.data(), tasks.size()});
  for (size_t i = 0; i < tasks.size(); ++i) EXPECT_EQ(valid[i], i % 2 == 0);
}

TEST(PreparedKeysStressTest, VerdictsStayRightWhileTablesComeAndGo) {
  const std::vector<Signer> signers = MakeSigners();
  // Room for two tables, which six keys contend for.
  const size_t budget = 2 * KeyTable::MaxBytes(Algorithm::kEs256);
  KeyPreparer preparer(budget);
  KeyCache cache(preparer.demand());
  cache.ReplaceIssuer(kIssuer, FreshKeys(signers, kKeys));
  const KeyPreparerThread thread(preparer);
  std::atomic<bool> stop{false};
  std::vector<std::thread> verifiers;
  verifiers.reserve(kVerifiers);
  for (size_t i = 0; i < kVerifiers; ++i) {
    verifiers.emplace_back([&] {
      while (!stop) VerifyAll(cache, signers);
    });
  }
  const absl::Time end = absl::Now() + kDuration;
  for (size_t i = 0; absl::Now() < end; ++i) {
    // Some keys stay, one goes and comes back.
    cache.ReplaceIssuer(kIssuer, FreshKeys(signers, i % (kKeys + 1)));
    preparer.demand()->BeginEra();
    // One key after the other heats up, and takes a table away.
    const KeyCache::Reader reader(cache);
    const VerificationKey* const key =
        reader.FindIssuer(kIssuer)->FindById(absl::StrCat("key ", i % kKeys));
    for (int use = 0; key != nullptr && use < 1000; ++use) {
      key->prepared().CountUse();
    }
    EXPECT_LE(preparer.figures().bytes, budget);
  }
  stop = true;
  for (std::thread& verifier : verifiers) verifier.join();
  const KeyTableFigures figures = preparer.figures();
  EXPECT_EQ(cache.FreeReplaced(), 0U);
  const SigningKey probe = MakeTestKey(Algorithm::kEdDsa, "");
  if (KeyTable::Build(Algorithm::kEdDsa, probe.verification_key().material()) !=
      nullptr) {
    EXPECT_GT(figures.built, 0U);
    EXPECT_GT(figures.displaced, 0U);
  }
}

}  // namespace
}  // namespace signet
