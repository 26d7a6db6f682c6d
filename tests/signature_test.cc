// VerifySignature and VerifySignatures, with all algorithms: whatever a key is
// prepared into, verdicts are those of BoringSSL's ordinary calls, and nothing
// is allocated.

#include "verifier/signature.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "curves/ed25519_engine.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/key_material.h"
#include "keys/key_preparer.h"
#include "keys/signing_key.h"
#include "openssl/hmac.h"
#include "tests/mutations.h"
#include "tests/prepared_keys.h"
#include "tests/test_issuer.h"

#ifdef COUNTS_ALLOCATIONS
namespace {

// How often this thread has allocated.
thread_local size_t allocations = 0;

}  // namespace

// BoringSSL allocates with malloc, and everything else here with new, which
// calls it. This is what the C library calls its own.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" void* __libc_malloc(size_t size);
extern "C" void* malloc(size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}
#endif

namespace signet {
namespace {

constexpr size_t kBudget = 64 << 20;

// Signed is a token's signature, and a key of its own that verifies it.
struct Signed {
  explicit Signed(Algorithm algorithm, absl::string_view seed = "seed")
      : key(MakeTestKey(algorithm, "", seed)),
        input(absl::StrCat(std::string(700, 'x'), seed)),
        signature(*key.Sign(input)) {}

  SignatureTask task() const {
    return {&key.verification_key(), input, signature};
  }

  SigningKey key;
  std::string input;
  std::string signature;
};

TEST(SignatureTest, AcceptsWhatTheKeySignedInEveryWay) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const Signed token(algorithm);
    EXPECT_TRUE(VerifyEveryWay(token.key.verification_key(), token.input,
                               token.signature))
        << AlgorithmName(algorithm);
  }
}

TEST(SignatureTest, VerdictsAreTheSameWhateverTheProcessorHas) {
  for (const Ed25519Engine engine :
       {Ed25519Engine::kBoringSsl, Ed25519Engine::kPortable}) {
    const LimitEd25519EngineForTesting limit(engine);
    const Signed token(Algorithm::kEdDsa);
    EXPECT_TRUE(VerifyEveryWay(token.key.verification_key(), token.input,
                               token.signature));
    EXPECT_FALSE(
        VerifyEveryWay(token.key.verification_key(), "other", token.signature));
  }
}

TEST(SignatureTest, RefusesCorruptedSignaturesInEveryWay) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const Signed token(algorithm);
    const VerificationKey& key = token.key.verification_key();
    for (size_t i = 0; i < token.signature.size(); i += 13) {
      std::string corrupted = token.signature;
      corrupted[i] ^= 0x10;
      EXPECT_FALSE(VerifyEveryWay(key, token.input, corrupted))
          << AlgorithmName(algorithm) << ", byte " << i;
    }
    for (const size_t size :
         {size_t{0}, size_t{1}, size_t{32}, token.signature.size() - 1,
          token.signature.size() + 1}) {
      std::string resized = token.signature;
      resized.resize(size);
      if (size == token.signature.size()) continue;
      EXPECT_FALSE(VerifyEveryWay(key, token.input, resized))
          << AlgorithmName(algorithm) << ", " << size << " bytes";
    }
    for (const char fill : {'\0', '\xff'}) {
      const std::string constant(token.signature.size(), fill);
      EXPECT_FALSE(VerifyEveryWay(key, token.input, constant))
          << AlgorithmName(algorithm);
    }
    EXPECT_FALSE(VerifyEveryWay(key, token.input + "x", token.signature));
    EXPECT_FALSE(VerifyEveryWay(key, "", token.signature));
  }
}

TEST(SignatureTest, RefusesSignaturesOfAnotherKeyOrAlgorithm) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    for (const Algorithm other : kAllAlgorithms) {
      const Signed token(other, "other");
      const SigningKey key = MakeTestKey(algorithm, "");
      const bool is_rsa = std::holds_alternative<bssl::UniquePtr<RSA>>(
          key.verification_key().material());
      // There is only one test key for RSA.
      if (algorithm == other && is_rsa) continue;
      EXPECT_FALSE(
          VerifySignature(key.verification_key(), token.input, token.signature))
          << AlgorithmName(algorithm) << ", " << AlgorithmName(other);
    }
  }
}

// Tasks of all algorithms and two keys each, some of them bad, in an order that
// mixes them all.
class MixedTasks {
 public:
  explicit MixedTasks(size_t count) {
    for (const Algorithm algorithm : kAllAlgorithms) {
      for (const char* seed : {"one", "two"}) {
        tokens_.push_back(std::make_unique<Signed>(algorithm, seed));
      }
    }
    SeededRandom random(count);
    for (size_t i = 0; i < count; ++i) {
      const Signed& token = *tokens_[random.Below(tokens_.size())];
      corrupted_.push_back(std::make_unique<std::string>(token.signature));
      const bool is_good = random.Below(3) != 0;
      if (!is_good) {
        (*corrupted_.back())[random.Below(token.signature.size())] ^= 0x40;
      }
      tasks_.push_back(
          {&token.key.verification_key(), token.input, *corrupted_.back()});
      expected_.push_back(is_good);
    }
  }

  void Prepare(KeyPreparer& preparer) const {
    for (const auto& token : tokens_) {
      GiveTable(preparer, token->key.verification_key());
    }
  }

  void Expect() const {
    const std::unique_ptr<bool[]> valid(new bool[tasks_.size() + 1]);
    VerifySignatures(tasks_, {valid.get(), tasks_.size()});
    for (size_t i = 0; i < tasks_.size(); ++i) {
      EXPECT_EQ(valid[i], expected_[i]) << i << " of " << tasks_.size();
    }
  }

 private:
  std::vector<std::unique_ptr<Signed>> tokens_;
  std::vector<std::unique_ptr<std::string>> corrupted_;
  std::vector<SignatureTask> tasks_;
  std::vector<bool> expected_;
};

TEST(SignatureTest, GivesEverySignatureOfAMixedBatchItsOwnVerdict) {
  for (const size_t count : {0, 1, 2, 7, 63, 64, 65, 700, 3000}) {
    const MixedTasks tasks(count);
    if (count <= 65) tasks.Expect();
    KeyPreparer preparer(kBudget);
    tasks.Prepare(preparer);
    tasks.Expect();
  }
}

TEST(SignatureTest, AgreesWithBoringSslOnHmacSecretsOfEverySize) {
  for (const Algorithm algorithm :
       {Algorithm::kHs256, Algorithm::kHs384, Algorithm::kHs512}) {
    for (size_t size = EVP_MD_size(HashOf(algorithm)); size < 300; ++size) {
      const std::vector<uint8_t> secret(size, static_cast<uint8_t>(size));
      const auto key = VerificationKey::Create(
          algorithm, "", SecretBytes(secret), KeyLimits{});
      ASSERT_TRUE(key.ok());
      std::string mac(EVP_MD_size(HashOf(algorithm)), '\0');
      HMAC(HashOf(algorithm), secret.data(), secret.size(),
           AsBytes("input").data(), 5, reinterpret_cast<uint8_t*>(mac.data()),
           nullptr);
      EXPECT_TRUE(VerifySignature(*key, "input", mac)) << size;
    }
  }
}

#ifdef COUNTS_ALLOCATIONS

// What goes on allocating: BoringSSL's ECDSA, for want of a table.
bool Allocates(const VerificationKey& key) {
  return FamilyOf(key.algorithm()) == AlgorithmFamily::kEcdsa && !HasTable(key);
}

TEST(SignatureTest, AllocatesNothing) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const Signed token(algorithm);
    KeyPreparer preparer(kBudget);
    GiveTable(preparer, token.key.verification_key());
    std::string corrupted = token.signature;
    corrupted.back() ^= 1;
    std::array<SignatureTask, 65> tasks;
    tasks.fill(token.task());
    tasks[3].signature = corrupted;
    std::array<bool, 65> valid;
    const auto verify = [&] {
      EXPECT_TRUE(VerifySignature(token.key.verification_key(), token.input,
                                  token.signature));
      EXPECT_FALSE(VerifySignature(token.key.verification_key(), token.input,
                                   corrupted));
      VerifySignatures(tasks, absl::MakeSpan(valid));
    };
    verify();  // What a thread allocates once.
    const size_t before = allocations;
    verify();
    EXPECT_EQ(allocations != before, Allocates(token.key.verification_key()))
        << AlgorithmName(algorithm) << ": " << allocations - before;
  }
}

TEST(SignatureTest, SeesAllocations) {
  const size_t before = allocations;
  const bssl::UniquePtr<BIGNUM> number(BN_new());
  EXPECT_GT(allocations, before);
}

#endif

}  // namespace
}  // namespace signet
