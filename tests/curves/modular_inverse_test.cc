#include "curves/modular_inverse.h"

#include <array>
#include <cstdint>
#include <iostream>
#include <optional>
#include <random>
#include <vector>

#include "curves/p256_field.h"
#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "openssl/err.h"

namespace signet {
namespace {

bssl::UniquePtr<BIGNUM> ToBignum(const Uint256& number) {
  return bssl::UniquePtr<BIGNUM>(
      BN_le2bn(reinterpret_cast<const uint8_t*>(number.data()), 32, nullptr));
}

// BoringSSL's answer.
std::optional<Uint256> Expected(const Uint256& value, const Uint256& modulus) {
  const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  const bssl::UniquePtr<BIGNUM> inverse(BN_mod_inverse(
      nullptr, ToBignum(value).get(), ToBignum(modulus).get(), context.get()));
  ERR_clear_error();
  if (inverse == nullptr) return std::nullopt;
  Uint256 result;
  EXPECT_EQ(BN_bn2le_padded(reinterpret_cast<uint8_t*>(result.data()), 32,
                            inverse.get()),
            1);
  return result;
}

// Numbers of any length, and with long runs of equal bits.
Uint256 RandomNumber(std::mt19937_64& random) {
  Uint256 number;
  for (uint64_t& limb : number) {
    const uint64_t kind = random() % 8;
    limb = kind == 0 ? 0 : kind == 1 ? ~uint64_t{0} : random() >> random() % 64;
  }
  return number;
}

TEST(InvertModulo, AgreesWithBoringSslOnThePrimeAndTheOrder) {
  std::mt19937_64 random(1);
  for (const Uint256& modulus : {p256::kPrime, p256::kOrder}) {
    std::vector<Uint256> values = {{0}, {1}, {2}, {3}};
    for (uint64_t i = 1; i < 4; ++i) {
      values.push_back(p256::WrappingSubtract(modulus, {i}));
    }
    for (int bit = 0; bit < 255; ++bit) {
      values.push_back(p256::PowerOfTwo(bit, modulus));
    }
    while (values.size() < 20000) {
      const Uint256 value = RandomNumber(random);
      if (p256::IsLess(value, modulus)) values.push_back(value);
    }
    for (const Uint256& value : values) {
      ASSERT_EQ(InvertModulo(value, modulus), Expected(value, modulus));
    }
  }
}

TEST(InvertModulo, AgreesWithBoringSslOnAnyOddModulus) {
  std::mt19937_64 random(2);
  int cases = 0;
  int without_inverse = 0;
  while (cases < 20000) {
    Uint256 modulus = RandomNumber(random);
    modulus[0] |= 3;
    const Uint256 value = RandomNumber(random);
    if (!p256::IsLess(value, modulus)) continue;
    const std::optional<Uint256> expected = Expected(value, modulus);
    ASSERT_EQ(InvertModulo(value, modulus), expected);
    ++cases;
    without_inverse += expected.has_value() ? 0 : 1;
  }
  EXPECT_GT(without_inverse, 1000);
}

}  // namespace
}  // namespace signet
