#include "curves/modular_inverse.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/numeric/bits.h"

namespace signet {
namespace {

__extension__ typedef __int128 Int128;

constexpr int kSteps = 62;
constexpr uint64_t kLimbMask = (uint64_t{1} << kSteps) - 1;

// A bound for 256-bit numbers is 741 steps (theorem 11.2 of the paper), which
// 12 rounds of 62 cover.
constexpr int kMaxRounds = 12;

// Signed310 is the sum of limbs[i] * 2^(62 i). Only the last limb is signed.
struct Signed310 {
  std::array<int64_t, 5> limbs;

  bool IsNegative() const { return limbs[4] < 0; }
  bool IsZero() const {
    return (limbs[0] | limbs[1] | limbs[2] | limbs[3] | limbs[4]) == 0;
  }
  uint64_t LowWord() const {
    return static_cast<uint64_t>(limbs[0]) | static_cast<uint64_t>(limbs[1])
                                                 << kSteps;
  }
};

Signed310 FromUint256(const Uint256& a) {
  const auto limb = [](uint64_t bits) {
    return static_cast<int64_t>(bits & kLimbMask);
  };
  return {{limb(a[0]), limb(a[0] >> 62 | a[1] << 2),
           limb(a[1] >> 60 | a[2] << 4), limb(a[2] >> 58 | a[3] << 6),
           limb(a[3] >> 56)}};
}

Uint256 ToUint256(const Signed310& a) {
  const auto limb = [&a](size_t i) {
    return static_cast<uint64_t>(a.limbs[i]);
  };
  return {limb(0) | limb(1) << 62, limb(1) >> 2 | limb(2) << 60,
          limb(2) >> 4 | limb(3) << 58, limb(3) >> 6 | limb(4) << 56};
}

// Returns a + factor * b.
Signed310 AddMultiple(const Signed310& a, int64_t factor, const Signed310& b) {
  Signed310 sum;
  Int128 carry = 0;
  for (size_t i = 0; i < 5; ++i) {
    carry += Int128{factor} * b.limbs[i] + a.limbs[i];
    sum.limbs[i] = i < 4 ? static_cast<int64_t>(carry) & kLimbMask
                         : static_cast<int64_t>(carry);
    carry >>= kSteps;
  }
  return sum;
}

// Steps is what kSteps division steps do to (f, g):
//   2^62 (f', g') = (f_from_f f + f_from_g g, g_from_f f + g_from_g g)
// where the sum of the magnitudes in either row is at most 2^62.
struct Steps {
  int64_t f_from_f, f_from_g, g_from_f, g_from_g;
};

// Takes kSteps division steps, which the low bits of f and g alone decide:
//   delta > 0 and g odd:  delta, f, g = 1 - delta, g, (g - f) / 2
//   else:                 delta, f, g = 1 + delta, f, (g + (g mod 2) f) / 2
Steps TakeSteps(int64_t& delta, uint64_t f, uint64_t g) {
  // Unsigned, because shifts of negative numbers are meant.
  uint64_t ff = 1, fg = 0, gf = 0, gg = 1;
  for (int left = kSteps;;) {
    // All the halvings of an even g at once.
    const int zeros = absl::countr_zero(g | uint64_t{1} << left);
    g >>= zeros;
    ff <<= zeros;
    fg <<= zeros;
    delta += zeros;
    left -= zeros;
    if (left == 0) break;
    if (delta > 0) {
      delta = -delta;
      g = -std::exchange(f, g);
      gf = -std::exchange(ff, gf);
      gg = -std::exchange(fg, gg);
    }
    // Now f stays for 1 - delta steps: add the multiple of it that clears as
    // many bits of g, six at most, which is as far as this inverse reaches.
    const int bits = static_cast<int>(
        std::min<int64_t>({int64_t{left}, 1 - delta, int64_t{6}}));
    const uint64_t inverse = f * (2 - f * f);
    const uint64_t factor = -(g * inverse) & ((uint64_t{1} << bits) - 1);
    g += factor * f;
    gf += factor * ff;
    gg += factor * fg;
  }
  return {static_cast<int64_t>(ff), static_cast<int64_t>(fg),
          static_cast<int64_t>(gf), static_cast<int64_t>(gg)};
}

// Returns (a x + b y) / 2^62, which is exact.
Signed310 Combine(int64_t a, const Signed310& x, int64_t b,
                  const Signed310& y) {
  Signed310 sum;
  Int128 carry = (Int128{a} * x.limbs[0] + Int128{b} * y.limbs[0]) >> kSteps;
  for (size_t i = 1; i < 5; ++i) {
    carry += Int128{a} * x.limbs[i] + Int128{b} * y.limbs[i];
    sum.limbs[i - 1] = static_cast<int64_t>(carry) & kLimbMask;
    carry >>= kSteps;
  }
  sum.limbs[4] = static_cast<int64_t>(carry);
  return sum;
}

// Modulus is an odd number with what Montgomery's reduction needs.
struct Modulus {
  Signed310 value;
  uint64_t negated_inverse;  // -value^-1 mod 2^64
};

// Returns (a x + b y) / 2^62 modulo the modulus. The magnitude grows by half
// the modulus at most, for which twelve rounds have room enough.
Signed310 CombineModulo(int64_t a, const Signed310& x, int64_t b,
                        const Signed310& y, const Modulus& modulus) {
  const uint64_t low = static_cast<uint64_t>(a) * x.limbs[0] +
                       static_cast<uint64_t>(b) * y.limbs[0];
  // Between -2^61 and 2^61: shifting up and down again extends the sign.
  const int64_t factor =
      static_cast<int64_t>(low * modulus.negated_inverse << 2) >> 2;
  const std::array<int64_t, 5>& m = modulus.value.limbs;
  Signed310 sum;
  Int128 carry = (Int128{a} * x.limbs[0] + Int128{b} * y.limbs[0] +
                  Int128{factor} * m[0]) >>
                 kSteps;
  for (size_t i = 1; i < 5; ++i) {
    carry +=
        Int128{a} * x.limbs[i] + Int128{b} * y.limbs[i] + Int128{factor} * m[i];
    sum.limbs[i - 1] = static_cast<int64_t>(carry) & kLimbMask;
    carry >>= kSteps;
  }
  sum.limbs[4] = static_cast<int64_t>(carry);
  return sum;
}

// Newton's iteration doubles the bits that are right, from three.
uint64_t InvertModuloWord(uint64_t odd) {
  uint64_t inverse = odd;
  for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
  return inverse;
}

// Brings a number of a few times the modulus into [0, modulus).
Signed310 Reduce(Signed310 a, const Signed310& modulus) {
  while (a.IsNegative()) a = AddMultiple(a, 1, modulus);
  for (;;) {
    const Signed310 less = AddMultiple(a, -1, modulus);
    if (less.IsNegative()) return a;
    a = less;
  }
}

}  // namespace

std::optional<Uint256> InvertModulo(const Uint256& value,
                                    const Uint256& modulus) {
  const Modulus m = {FromUint256(modulus), -InvertModuloWord(modulus[0])};
  // value * d = f and value * e = g modulo the modulus, all the way.
  Signed310 f = m.value, g = FromUint256(value);
  Signed310 d = {}, e = {{1}};
  int64_t delta = 1;
  for (int round = 0; round < kMaxRounds && !g.IsZero(); ++round) {
    const Steps t = TakeSteps(delta, f.LowWord(), g.LowWord());
    const Signed310 f_before = f, d_before = d;
    f = Combine(t.f_from_f, f_before, t.f_from_g, g);
    g = Combine(t.g_from_f, f_before, t.g_from_g, g);
    d = CombineModulo(t.f_from_f, d_before, t.f_from_g, e, m);
    e = CombineModulo(t.g_from_f, d_before, t.g_from_g, e, m);
  }
  const Signed310 zero = {};
  if (f.IsNegative()) {
    f = AddMultiple(zero, -1, f);
    d = AddMultiple(zero, -1, d);
  }
  if (!g.IsZero() || f.limbs != std::array<int64_t, 5>{1}) return std::nullopt;
  return ToUint256(Reduce(d, m.value));
}

}  // namespace signet
