#ifndef SIGNET_CURVES_RESIDUE_H_
#define SIGNET_CURVES_RESIDUE_H_

// Arithmetic modulo a large odd number that is known when this is compiled.
// Some of it is in variable time: FOR PUBLIC VALUES ONLY, never for a private
// key or a nonce.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "curves/modular_inverse.h"
#include "curves/wide_integer.h"

namespace signet {

// Residue is a number x modulo kModulus, in Montgomery form: x 2^(64 N). It is
// always fully reduced, so that two are equal exactly when their limbs are.
template <size_t N, const Uint<N>& kModulus>
struct Residue {
  using Number = Uint<N>;

  static constexpr Residue Zero() { return {}; }
  static constexpr Residue One() { return {PowerOfTwo(64 * N, kModulus)}; }
  // FromNumber is of a number below the modulus.
  static Residue FromNumber(const Number& number) {
    constexpr Residue kMontgomerySquared = {PowerOfTwo(128 * N, kModulus)};
    return Multiply({number}, kMontgomerySquared);
  }

  friend bool operator==(const Residue&, const Residue&) = default;

  Number limbs;
};

namespace residue_internal {

__extension__ using Uint128 = unsigned __int128;

// Returns -odd^-1 mod 2^64: Newton's iteration doubles the bits that are right,
// from three.
constexpr uint64_t NegatedInverse(uint64_t odd) {
  uint64_t inverse = odd;
  for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
  return -inverse;
}

// Says whether `modulus` is 2^k - 1, for a k that fills no whole words.
template <size_t N>
constexpr bool IsMersenne(const Uint<N>& modulus) {
  for (size_t i = 0; i + 1 < N; ++i) {
    if (modulus[i] != ~uint64_t{0}) return false;
  }
  return (modulus[N - 1] & (modulus[N - 1] + 1)) == 0 &&
         modulus[N - 1] != ~uint64_t{0};
}

// Returns the lower word of a + b + carry, and leaves the upper one in carry.
inline uint64_t AddWithCarry(uint64_t a, uint64_t b, uint64_t& carry) {
  const Uint128 sum = Uint128{a} + b + carry;
  carry = static_cast<uint64_t>(sum >> 64);
  return static_cast<uint64_t>(sum);
}

inline uint64_t SubtractWithBorrow(uint64_t a, uint64_t b, uint64_t& borrow) {
  const Uint128 difference = Uint128{a} - b - borrow;
  borrow = static_cast<uint64_t>(difference >> 64) & 1;
  return static_cast<uint64_t>(difference);
}

// The sum that a product is made in: N words, and one for what exceeds them.
template <size_t N>
using Wide = std::array<uint64_t, N + 1>;

// Adds a * factor to `sum`, and returns the word above.
template <size_t N>
inline uint64_t AddProduct(const Uint<N>& a, uint64_t factor, Wide<N>& sum) {
  uint64_t carry = 0;
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    const Uint128 product = Uint128{a[i]} * factor + sum[i] + carry;
    sum[i] = static_cast<uint64_t>(product);
    carry = static_cast<uint64_t>(product >> 64);
  }
  uint64_t top = 0;
  sum[N] = AddWithCarry(sum[N], carry, top);
  return top;
}

// Adds the multiple of the modulus to `sum` that clears its lowest word, and
// returns the word above.
template <size_t N, const Uint<N>& kModulus>
inline uint64_t ClearLowestWord(Wide<N>& sum) {
  const uint64_t low = sum[0];
  if constexpr (IsMersenne(kModulus)) {
    // low (2^k - 1): takes it away from below, and adds it at bit k. A third
    // off the time of a multiplication for P-521.
    constexpr int kShift = std::popcount(kModulus[N - 1]);
    uint64_t carry = 0;
    sum[0] = 0;
    sum[N - 1] = AddWithCarry(sum[N - 1], low << kShift, carry);
    sum[N] = AddWithCarry(sum[N], low >> (64 - kShift), carry);
    return carry;
  } else {
    return AddProduct(kModulus, low * NegatedInverse(kModulus[0]), sum);
  }
}

// Returns a number below twice the modulus, modulo that.
template <size_t N, const Uint<N>& kModulus>
inline Uint<N> ReduceOnce(const Uint<N>& number, uint64_t word_above) {
  Uint<N> reduced;
  uint64_t borrow = 0;
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    reduced[i] = SubtractWithBorrow(number[i], kModulus[i], borrow);
  }
  const uint64_t mask = -static_cast<uint64_t>(word_above < borrow);
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    reduced[i] = (number[i] & mask) | (reduced[i] & ~mask);
  }
  return reduced;
}

}  // namespace residue_internal

// Multiply returns a b.
template <size_t N, const Uint<N>& kModulus>
[[gnu::noinline]] Residue<N, kModulus> Multiply(const Residue<N, kModulus>& a,
                                                const Residue<N, kModulus>& b) {
  using residue_internal::AddProduct;
  using residue_internal::ClearLowestWord;
  residue_internal::Wide<N> sum = {};
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    uint64_t top = AddProduct(a.limbs, b.limbs[i], sum);
    top += ClearLowestWord<N, kModulus>(sum);
#pragma GCC unroll 16
    for (size_t j = 0; j < N; ++j) sum[j] = sum[j + 1];
    sum[N] = top;
  }
  Uint<N> product;
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) product[i] = sum[i];
  return {residue_internal::ReduceOnce<N, kModulus>(product, sum[N])};
}

template <size_t N, const Uint<N>& kModulus>
Residue<N, kModulus> Square(const Residue<N, kModulus>& a) {
  return Multiply(a, a);
}

// Scale returns the number, below the modulus as it is, times `factor`.
template <size_t N, const Uint<N>& kModulus>
Uint<N> Scale(const Uint<N>& number, const Residue<N, kModulus>& factor) {
  return Multiply({number}, factor).limbs;
}

// Add, Subtract and Negate.
template <size_t N, const Uint<N>& kModulus>
inline Residue<N, kModulus> Add(const Residue<N, kModulus>& a,
                                const Residue<N, kModulus>& b) {
  Uint<N> sum;
  uint64_t carry = 0;
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    sum[i] = residue_internal::AddWithCarry(a.limbs[i], b.limbs[i], carry);
  }
  return {residue_internal::ReduceOnce<N, kModulus>(sum, carry)};
}

template <size_t N, const Uint<N>& kModulus>
inline Residue<N, kModulus> Subtract(const Residue<N, kModulus>& a,
                                     const Residue<N, kModulus>& b) {
  using residue_internal::AddWithCarry;
  using residue_internal::SubtractWithBorrow;
  Residue<N, kModulus> difference;
  uint64_t borrow = 0;
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    difference.limbs[i] = SubtractWithBorrow(a.limbs[i], b.limbs[i], borrow);
  }
  const uint64_t mask = -borrow;
  uint64_t carry = 0;
#pragma GCC unroll 16
  for (size_t i = 0; i < N; ++i) {
    difference.limbs[i] =
        AddWithCarry(difference.limbs[i], kModulus[i] & mask, carry);
  }
  return difference;
}

template <size_t N, const Uint<N>& kModulus>
inline Residue<N, kModulus> Negate(const Residue<N, kModulus>& a) {
  return Subtract(Residue<N, kModulus>::Zero(), a);
}

// Invert returns 1 / a, or nothing if a is 0. The result is multiplied back, so
// that nothing depends on the inversion being right.
template <size_t N, const Uint<N>& kModulus>
std::optional<Residue<N, kModulus>> Invert(const Residue<N, kModulus>& a) {
  const std::optional<Uint<N>> inverse = InvertModulo(a.limbs, kModulus);
  if (!inverse.has_value()) return std::nullopt;
  // The limbs were a 2^(64 N): their inverse lacks twice that power to be in
  // Montgomery form, and the multiplication takes it away once more.
  constexpr Residue<N, kModulus> kCorrection = {
      PowerOfTwo(N * 3 * 64, kModulus)};
  const Residue<N, kModulus> result = Multiply({*inverse}, kCorrection);
  if (!(Multiply(result, a) == Residue<N, kModulus>::One())) {
    return std::nullopt;
  }
  return result;
}

}  // namespace signet

#endif  // SIGNET_CURVES_RESIDUE_H_
