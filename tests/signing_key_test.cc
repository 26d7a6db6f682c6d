#include "keys/signing_key.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/digest.h"
#include "keys/jwk_members.h"
#include "tests/test_issuer.h"
#include "verifier/signature.h"

namespace signet {
namespace {

class SigningKeyTest : public ::testing::TestWithParam<Algorithm> {};

size_t SignatureSize(Algorithm algorithm) {
  switch (FamilyOf(algorithm)) {
    case AlgorithmFamily::kHmac:
      return EVP_MD_size(HashOf(algorithm));
    case AlgorithmFamily::kRsaPkcs1:
    case AlgorithmFamily::kRsaPss:
      return 256;
    case AlgorithmFamily::kEcdsa:
      return 2 * CurveOf(algorithm).bytes;
    case AlgorithmFamily::kEd25519:
      return 64;
  }
  __builtin_unreachable();
}

// Whether the same input always has the same signature.
bool IsDeterministic(Algorithm algorithm) {
  return FamilyOf(algorithm) != AlgorithmFamily::kEcdsa &&
         FamilyOf(algorithm) != AlgorithmFamily::kRsaPss;
}

TEST_P(SigningKeyTest, SignsWhatItsPublicHalfVerifies) {
  const SigningKey key = MakeTestKey(GetParam(), "");
  const VerificationKey& half = key.verification_key();
  // Often enough for r or s to start with a zero byte now and then.
  for (int i = 0; i < 64; ++i) {
    const std::string input(static_cast<size_t>(i * 7), 'x');
    const absl::StatusOr<std::string> signature = key.Sign(input);
    ASSERT_TRUE(signature.ok()) << signature.status();
    EXPECT_EQ(signature->size(), SignatureSize(GetParam()));
    EXPECT_TRUE(VerifySignature(half, input, *signature));
    EXPECT_FALSE(VerifySignature(half, input + "y", *signature));
    EXPECT_FALSE(VerifySignature(half, input, *signature + '\0'));
    EXPECT_FALSE(VerifySignature(half, input, signature->substr(1)));
  }
  EXPECT_FALSE(VerifySignature(half, "", ""));
  EXPECT_EQ(*key.Sign("a") == *key.Sign("a"), IsDeterministic(GetParam()));
}

TEST_P(SigningKeyTest, SignsWhatNoOtherKeyVerifies) {
  const SigningKey key = MakeTestKey(GetParam(), "");
  const std::string signature = *key.Sign("input");
  for (const Algorithm algorithm : kAllAlgorithms) {
    const SigningKey other =
        MakeTestKey(algorithm, "", absl::StrCat("not ", "the seed"));
    // There is one RSA key, and so one that is the same after all.
    const bool same = algorithm == GetParam() && signature.size() == 256;
    EXPECT_EQ(VerifySignature(other.verification_key(), "input", signature),
              same)
        << AlgorithmName(algorithm);
  }
}

TEST_P(SigningKeyTest, GeneratesKeysThatDifferAndWork) {
  const auto one = SigningKey::Generate(GetParam());
  const auto two = SigningKey::Generate(GetParam());
  ASSERT_TRUE(one.ok() && two.ok()) << one.status() << two.status();
  EXPECT_EQ(one->algorithm(), GetParam());
  EXPECT_NE(one->key_id(), two->key_id());
  EXPECT_EQ(one->key_id(), JwkThumbprint(one->verification_key().material()));
  const std::string signature = *one->Sign("input");
  EXPECT_EQ(signature.size(), SignatureSize(GetParam()));
  EXPECT_TRUE(VerifySignature(one->verification_key(), "input", signature));
  EXPECT_FALSE(VerifySignature(two->verification_key(), "input", signature));
}

TEST_P(SigningKeyTest, BoundsTheKeyId) {
  const auto create = [](size_t size) {
    const SigningKey key = MakeTestKey(GetParam(), "");
    return VerificationKey::Create(GetParam(), std::string(size, 'k'),
                                   PublicHalf(key.material()), KeyLimits{});
  };
  EXPECT_EQ(create(256)->key_id(), std::string(256, 'k'));
  EXPECT_EQ(create(257).status(),
            absl::InvalidArgumentError("key id is longer than 256 bytes"));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, SigningKeyTest,
                         ::testing::ValuesIn(kAllAlgorithms),
                         [](const ::testing::TestParamInfo<Algorithm>& test) {
                           return std::string(AlgorithmName(test.param));
                         });

}  // namespace
}  // namespace signet
