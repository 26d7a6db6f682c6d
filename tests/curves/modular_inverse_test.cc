#include "curves/modular_inverse.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "curves/ecdsa_curve.h"
#include "curves/p256_field.h"
#include "curves/wide_integer.h"
#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "openssl/err.h"

namespace signet {
namespace {

template <size_t N>
bssl::UniquePtr<BIGNUM> ToBignum(const Uint<N>& number) {
  return bssl::UniquePtr<BIGNUM>(BN_le2bn(
      reinterpret_cast<const uint8_t*>(number.data()), 8 * N, nullptr));
}

// BoringSSL's answer.
template <size_t N>
std::optional<Uint<N>> Expected(const Uint<N>& value, const Uint<N>& modulus) {
  const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  const bssl::UniquePtr<BIGNUM> inverse(BN_mod_inverse(
      nullptr, ToBignum(value).get(), ToBignum(modulus).get(), context.get()));
  ERR_clear_error();
  if (inverse == nullptr) return std::nullopt;
  Uint<N> result;
  EXPECT_EQ(BN_bn2le_padded(reinterpret_cast<uint8_t*>(result.data()), 8 * N,
                            inverse.get()),
            1);
  return result;
}

// Numbers of any length, and with long runs of equal bits.
template <size_t N>
Uint<N> RandomNumber(std::mt19937_64& random) {
  Uint<N> number;
  for (uint64_t& limb : number) {
    const uint64_t kind = random() % 8;
    limb = kind == 0 ? 0 : kind == 1 ? ~uint64_t{0} : random() >> random() % 64;
  }
  return number;
}

template <size_t N>
void ExpectBoringSslsInverses(const Uint<N>& modulus, size_t bits) {
  std::mt19937_64 random(1);
  std::vector<Uint<N>> values = {{0}, {1}, {2}, {3}};
  for (uint64_t i = 1; i < 4; ++i) {
    values.push_back(WrappingSubtract(modulus, {i}));
  }
  for (size_t bit = 0; bit + 1 < bits; ++bit) {
    values.push_back(PowerOfTwo(bit, modulus));
  }
  while (values.size() < 10000) {
    Uint<N> value = RandomNumber<N>(random);
    if (bits % 64 != 0) value[N - 1] &= (uint64_t{1} << bits % 64) - 1;
    if (IsLess(value, modulus)) values.push_back(value);
  }
  for (const Uint<N>& value : values) {
    ASSERT_EQ(InvertModulo(value, modulus), Expected(value, modulus));
  }
}

TEST(InvertModulo, AgreesWithBoringSslOnPrimesAndOrders) {
  ExpectBoringSslsInverses(p256::kPrime, 256);
  ExpectBoringSslsInverses(p256::kOrder, 256);
  ExpectBoringSslsInverses(P384::kPrime, P384::kBits);
  ExpectBoringSslsInverses(P384::kOrder, P384::kBits);
  ExpectBoringSslsInverses(P521::kPrime, P521::kBits);
  ExpectBoringSslsInverses(P521::kOrder, P521::kBits);
}

template <size_t N>
void ExpectBoringSslsInversesModuloAnything() {
  std::mt19937_64 random(2);
  int cases = 0;
  int without_inverse = 0;
  while (cases < 10000) {
    Uint<N> modulus = RandomNumber<N>(random);
    modulus[0] |= 3;
    const Uint<N> value = RandomNumber<N>(random);
    if (!IsLess(value, modulus)) continue;
    const std::optional<Uint<N>> expected = Expected(value, modulus);
    ASSERT_EQ(InvertModulo(value, modulus), expected);
    ++cases;
    without_inverse += expected.has_value() ? 0 : 1;
  }
  EXPECT_GT(without_inverse, 500);
}

TEST(InvertModulo, AgreesWithBoringSslOnAnyOddModulus) {
  ExpectBoringSslsInversesModuloAnything<4>();
  ExpectBoringSslsInversesModuloAnything<6>();
  ExpectBoringSslsInversesModuloAnything<9>();
}

}  // namespace
}  // namespace signet
