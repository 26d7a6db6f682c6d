#include "keys/key_material.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/digest.h"
#include "keys/roca.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

std::string Problem(Algorithm algorithm, const PublicMaterial& material,
                    const KeyLimits& limits = {}) {
  return std::string(
      CheckPublicMaterial(algorithm, material, limits).message());
}

std::string Problem(Algorithm algorithm, const PrivateMaterial& material) {
  return std::string(
      CheckPrivateMaterial(algorithm, material, KeyLimits{}).message());
}

SecretBytes Secret(size_t size) {
  return SecretBytes(std::vector<uint8_t>(size, 0xA5));
}

using Number = bssl::UniquePtr<BIGNUM>;

Number FromWord(BN_ULONG word) {
  Number number(BN_new());
  BN_set_word(number.get(), word);
  return number;
}

// 2^(bits - 1) + `low`.
Number WithBits(unsigned bits, BN_ULONG low) {
  Number number = FromWord(low);
  BN_set_bit(number.get(), static_cast<int>(bits) - 1);
  return number;
}

// What is looked at in a public key cannot tell that n has no two factors.
PublicMaterial Rsa(Number n, Number e) {
  bssl::UniquePtr<RSA> rsa(RSA_new());
  RSA_set0_key(rsa.get(), n.release(), e.release(), nullptr);
  return rsa;
}

PublicMaterial Rsa(unsigned bits, BN_ULONG low, BN_ULONG e) {
  return Rsa(WithBits(bits, low), FromWord(e));
}

TEST(KeyMaterialTest, DemandsHmacSecretsAsLongAsTheHash) {
  const std::pair<Algorithm, size_t> cases[] = {{Algorithm::kHs256, 32},
                                                {Algorithm::kHs384, 48},
                                                {Algorithm::kHs512, 64}};
  for (const auto& [algorithm, least] : cases) {
    EXPECT_EQ(Problem(algorithm, PublicMaterial(Secret(least))), "");
    EXPECT_EQ(Problem(algorithm, PublicMaterial(Secret(1024))), "");
    for (const size_t size : {size_t{0}, size_t{1}, least - 1}) {
      EXPECT_EQ(
          Problem(algorithm, PublicMaterial(Secret(size))),
          absl::StrCat("HMAC secret has ", size, " bytes; ",
                       AlgorithmName(algorithm), " needs at least ", least));
    }
  }
}

TEST(KeyMaterialTest, BoundsTheSizeOfRsaKeys) {
  struct Case {
    unsigned bits;
    unsigned limit;
    bool accepted;
  };
  constexpr Case kCases[] = {
      {512, 4096, false},  {1024, 4096, false}, {2047, 4096, false},
      {2048, 4096, true},  {3072, 4096, true},  {4096, 4096, true},
      {4097, 4096, false}, {8192, 4096, false}, {4097, 8192, true},
      {8192, 8192, true},  {8193, 8192, false}, {16384, 8192, false},
  };
  for (const Case& c : kCases) {
    for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kPs512}) {
      EXPECT_EQ(Problem(algorithm, Rsa(c.bits, 1, 65537), {c.limit}),
                c.accepted
                    ? ""
                    : absl::StrCat("RSA modulus has ", c.bits,
                                   " bits; accepted are 2048 to ", c.limit));
    }
  }
}

TEST(KeyMaterialTest, NoLimitAcceptsAnRsaModulusThatVerificationCannotTake) {
  for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kPs512}) {
    EXPECT_EQ(Problem(algorithm, Rsa(8193, 1, 65537), {16384}),
              "RSA modulus has 8193 bits; accepted are 2048 to 8192");
  }
}

TEST(KeyMaterialTest, DemandsOddRsaModulus) {
  EXPECT_EQ(Problem(Algorithm::kRs256, Rsa(2048, 2, 65537)),
            "RSA modulus is even");
}

TEST(KeyMaterialTest, DemandsOddRsaExponentOfAtLeastThree) {
  for (const BN_ULONG e : {3, 5, 17, 65537}) {
    EXPECT_EQ(Problem(Algorithm::kRs256, Rsa(2048, 1, e)), "") << e;
  }
  for (const BN_ULONG e : {0, 1, 2, 4, 65536}) {
    EXPECT_EQ(Problem(Algorithm::kRs256, Rsa(2048, 1, e)),
              "RSA public exponent must be odd and at least 3")
        << e;
  }
  // A huge one makes verification slow.
  EXPECT_EQ(Problem(Algorithm::kRs256, Rsa(2048, 1, (1ULL << 33) - 1)), "");
  for (const unsigned bits : {34U, 64U, 2040U}) {
    EXPECT_EQ(
        Problem(Algorithm::kRs256, Rsa(WithBits(2048, 1), WithBits(bits, 1))),
        "RSA key is inconsistent, or its public exponent exceeds 33 bits")
        << bits;
  }
}

// 2048 bits that are 1 modulo all primes of the fingerprint, and so the power
// 0 of 65537.
Number RocaModulus() {
  Number n = FromWord(1);
  for (const BN_ULONG prime : {3,  5,  7,  11, 13,  17,  19,  37,  53,  61,
                               71, 73, 79, 97, 103, 107, 109, 127, 151, 157}) {
    BN_mul_word(n.get(), prime);
  }
  const int shift = 2048 - static_cast<int>(BN_num_bits(n.get()));
  BN_lshift(n.get(), n.get(), shift);
  BN_add_word(n.get(), 1);
  return n;
}

TEST(KeyMaterialTest, RefusesRsaKeysWithTheRocaFingerprint) {
  EXPECT_EQ(Problem(Algorithm::kRs256, Rsa(RocaModulus(), FromWord(65537))),
            "RSA modulus has the weakness of CVE-2017-15361 (ROCA): whoever "
            "sees it can compute the private key");
  Number other = RocaModulus();
  BN_add_word(other.get(), 2);
  EXPECT_EQ(Problem(Algorithm::kRs256, Rsa(std::move(other), FromWord(65537))),
            "");
}

TEST(KeyMaterialTest, FindsTheRocaFingerprintInFewModuli) {
  int found = 0;
  for (BN_ULONG low = 1; low < 20000; low += 2) {
    found += HasRocaFingerprint(WithBits(2048, low).get()) ? 1 : 0;
  }
  EXPECT_EQ(found, 0);
}

TEST(KeyMaterialTest, RefusesEveryKeyOfAnotherTypeOrCurve) {
  for (const Algorithm of_key : kAllAlgorithms) {
    const SigningKey key = MakeTestKey(of_key, "");
    for (const Algorithm algorithm : kAllAlgorithms) {
      const AlgorithmFamily family = FamilyOf(algorithm);
      const bool both_rsa = (family == AlgorithmFamily::kRsaPkcs1 ||
                             family == AlgorithmFamily::kRsaPss) &&
                            (FamilyOf(of_key) == AlgorithmFamily::kRsaPkcs1 ||
                             FamilyOf(of_key) == AlgorithmFamily::kRsaPss);
      const bool both_hmac = family == AlgorithmFamily::kHmac &&
                             FamilyOf(of_key) == AlgorithmFamily::kHmac;
      const bool both_ec = family == AlgorithmFamily::kEcdsa &&
                           FamilyOf(of_key) == AlgorithmFamily::kEcdsa;
      const std::string problem = Problem(algorithm, key.material());
      EXPECT_EQ(problem, Problem(algorithm, key.verification_key().material()));
      if (algorithm == of_key || both_rsa || both_hmac) {
        EXPECT_EQ(problem, "");
      } else if (both_ec) {
        EXPECT_EQ(problem, absl::StrCat(AlgorithmName(algorithm),
                                        " needs a key on curve ",
                                        CurveOf(algorithm).jwk_name));
      } else {
        EXPECT_EQ(problem, absl::StrCat("key is not of the type that ",
                                        AlgorithmName(algorithm), " uses"));
      }
    }
  }
}

TEST(KeyMaterialTest, RefusesEcKeyWhosePublicPointIsNotItsPrivateKeys) {
  const SigningKey one = MakeTestKey(Algorithm::kEs256, "", "one");
  const SigningKey two = MakeTestKey(Algorithm::kEs256, "", "two");
  const auto& ec_one = std::get<bssl::UniquePtr<EC_KEY>>(one.material());
  const auto& ec_two = std::get<bssl::UniquePtr<EC_KEY>>(two.material());
  bssl::UniquePtr<EC_KEY> mixed(EC_KEY_dup(ec_one.get()));
  // BoringSSL's own setter may already refuse this.
  EC_KEY_set_public_key(mixed.get(), EC_KEY_get0_public_key(ec_two.get()));
  EXPECT_EQ(Problem(Algorithm::kEs256, PrivateMaterial(std::move(mixed))),
            "EC key is not a point on its curve, or its halves do not match");
}

TEST(KeyMaterialTest, RefusesEcKeyWithoutAPoint) {
  bssl::UniquePtr<EC_KEY> empty(
      EC_KEY_new_by_curve_name(CurveOf(Algorithm::kEs256).nid));
  EXPECT_EQ(Problem(Algorithm::kEs256, PublicMaterial(std::move(empty))),
            "EC key is not a point on its curve, or its halves do not match");
}

TEST(KeyMaterialTest, RefusesEcKeyAtInfinity) {
  bssl::UniquePtr<EC_KEY> key(
      EC_KEY_new_by_curve_name(CurveOf(Algorithm::kEs256).nid));
  const EC_GROUP* group = EC_KEY_get0_group(key.get());
  const bssl::UniquePtr<EC_POINT> infinity(EC_POINT_new(group));
  EC_POINT_set_to_infinity(group, infinity.get());
  EC_KEY_set_public_key(key.get(), infinity.get());
  EXPECT_EQ(Problem(Algorithm::kEs256, PublicMaterial(std::move(key))),
            "EC key is not a point on its curve, or its halves do not match");
}

TEST(KeyMaterialTest, RefusesEd25519PointOfLowOrder) {
  EXPECT_EQ(Problem(Algorithm::kEdDsa, PublicMaterial(Ed25519PublicKey{})),
            "Ed25519 key is a point of low order");
}

TEST(KeyMaterialTest, PublicHalfHasNoPrivatePart) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const PublicMaterial half =
        PublicHalf(MakeTestKey(algorithm, "").material());
    if (const auto* rsa = std::get_if<bssl::UniquePtr<RSA>>(&half)) {
      EXPECT_EQ(RSA_get0_d(rsa->get()), nullptr);
      EXPECT_EQ(RSA_get0_p(rsa->get()), nullptr);
    }
    if (const auto* ec = std::get_if<bssl::UniquePtr<EC_KEY>>(&half)) {
      EXPECT_EQ(EC_KEY_get0_private_key(ec->get()), nullptr);
    }
    EXPECT_EQ(Problem(algorithm, half), "");
  }
}

TEST(KeyMaterialTest, KnowsTheLengthsOfTheCurves) {
  EXPECT_EQ(CurveOf(Algorithm::kEs256).bytes, 32U);
  EXPECT_EQ(CurveOf(Algorithm::kEs384).bytes, 48U);
  EXPECT_EQ(CurveOf(Algorithm::kEs512).bytes, 66U);
}

}  // namespace
}  // namespace signet
