#include "keys/key_fingerprint.h"

#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/verification_key.h"
#include "openssl/bn.h"
#include "openssl/rsa.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

KeyFingerprint OfTestKey(Algorithm algorithm, absl::string_view key_id,
                         absl::string_view seed) {
  return MakeTestKey(algorithm, key_id, seed).verification_key().fingerprint();
}

TEST(KeyFingerprintTest, IsTheSameForTheSameKeyWhateverItsId) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const KeyFingerprint fingerprint = OfTestKey(algorithm, "a", "seed");
    EXPECT_EQ(OfTestKey(algorithm, "b", "seed"), fingerprint);
    const VerificationKey copy =
        CopyPublicKey(MakeTestKey(algorithm, "a", "seed").verification_key());
    EXPECT_EQ(copy.fingerprint(), fingerprint);
    EXPECT_EQ(copy.Copy().fingerprint(), fingerprint);
    EXPECT_EQ(FingerprintOf(algorithm, copy.material()), fingerprint);
  }
}

TEST(KeyFingerprintTest, DiffersForEveryAlgorithmAndKey) {
  std::set<KeyFingerprint> fingerprints;
  size_t keys = 0;
  for (const Algorithm algorithm : kAllAlgorithms) {
    fingerprints.insert(OfTestKey(algorithm, "", "one"));
    fingerprints.insert(OfTestKey(algorithm, "", "two"));
    const bool is_rsa = FamilyOf(algorithm) == AlgorithmFamily::kRsaPkcs1 ||
                        FamilyOf(algorithm) == AlgorithmFamily::kRsaPss;
    keys += is_rsa ? 1 : 2;  // There is only one test key for RSA.
  }
  EXPECT_EQ(fingerprints.size(), keys);
}

// One secret, one modulus: the algorithm makes the difference.
TEST(KeyFingerprintTest, TellsAlgorithmsOfTheSameMaterialApart) {
  const std::vector<uint8_t> bytes(64, 0x5A);
  std::set<KeyFingerprint> fingerprints;
  for (const Algorithm algorithm :
       {Algorithm::kHs256, Algorithm::kHs384, Algorithm::kHs512}) {
    fingerprints.insert(
        FingerprintOf(algorithm, PublicMaterial(SecretBytes(bytes))));
  }
  EXPECT_EQ(fingerprints.size(), 3U);
}

TEST(KeyFingerprintTest, TellsSecretsApartThatHmacDoesNot) {
  const std::vector<uint8_t> bytes(32, 0x5A);
  std::vector<uint8_t> padded = bytes;
  padded.push_back(0);
  EXPECT_NE(
      FingerprintOf(Algorithm::kHs256, PublicMaterial(SecretBytes(bytes))),
      FingerprintOf(Algorithm::kHs256, PublicMaterial(SecretBytes(padded))));
}

PublicMaterial Rsa(const std::vector<uint8_t>& n,
                   const std::vector<uint8_t>& e) {
  bssl::UniquePtr<RSA> rsa(RSA_new());
  RSA_set0_key(rsa.get(), BN_bin2bn(n.data(), n.size(), nullptr),
               BN_bin2bn(e.data(), e.size(), nullptr), nullptr);
  return rsa;
}

// The same bytes, with another border between modulus and exponent.
TEST(KeyFingerprintTest, KeepsTheNumbersOfAKeyApart) {
  EXPECT_NE(FingerprintOf(Algorithm::kRs256, Rsa({1, 2, 3}, {4, 5})),
            FingerprintOf(Algorithm::kRs256, Rsa({1, 2}, {3, 4, 5})));
  EXPECT_EQ(FingerprintOf(Algorithm::kRs256, Rsa({0, 1, 2, 3}, {4, 5})),
            FingerprintOf(Algorithm::kRs256, Rsa({1, 2, 3}, {4, 5})));
}

}  // namespace
}  // namespace signet
