#ifndef SIGNET_CURVES_WIDE_INTEGER_H_
#define SIGNET_CURVES_WIDE_INTEGER_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace signet {

// Uint is an integer below 2^(64 N), least significant limb first.
template <size_t N>
using Uint = std::array<uint64_t, N>;
using Uint256 = Uint<4>;

// IsLess and IsZero compare numbers.
template <size_t N>
constexpr bool IsLess(const Uint<N>& a, const Uint<N>& b) {
  for (size_t i = N; i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

template <size_t N>
constexpr bool IsZero(const Uint<N>& a) {
  uint64_t bits = 0;
  for (const uint64_t limb : a) bits |= limb;
  return bits == 0;
}

// WrappingAdd and WrappingSubtract compute modulo 2^(64 N).
template <size_t N>
constexpr Uint<N> WrappingAdd(const Uint<N>& a, const Uint<N>& b) {
  Uint<N> sum = {};
  uint64_t carry = 0;
  for (size_t i = 0; i < N; ++i) {
    const uint64_t partial = a[i] + carry;
    sum[i] = partial + b[i];
    carry = (partial < carry) | (sum[i] < partial);
  }
  return sum;
}

template <size_t N>
constexpr Uint<N> WrappingSubtract(const Uint<N>& a, const Uint<N>& b) {
  Uint<N> complement = {};
  for (size_t i = 0; i < N; ++i) complement[i] = ~b[i];
  return WrappingAdd(WrappingAdd(a, complement), {1});
}

// PowerOfTwo returns 2^exponent modulo `modulus`, which is above 1.
template <size_t N>
constexpr Uint<N> PowerOfTwo(size_t exponent, const Uint<N>& modulus) {
  Uint<N> power = {1};
  for (size_t i = 0; i < exponent; ++i) {
    const Uint<N> doubled = WrappingAdd(power, power);
    const bool overflow = (power[N - 1] >> 63) != 0;
    power = overflow || !IsLess(doubled, modulus)
                ? WrappingSubtract(doubled, modulus)
                : doubled;
  }
  return power;
}

}  // namespace signet

#endif  // SIGNET_CURVES_WIDE_INTEGER_H_
