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

__extension__ using Int128 = __int128;

constexpr int kSteps = 62;
constexpr uint64_t kLimbMask = (uint64_t{1} << kSteps) - 1;

// A bound for numbers of `bits` bits, in rounds of 62 steps each (theorem 11.2
// of the paper): 12 rounds for 256 bits.
constexpr int MaxRounds(size_t bits) {
  return static_cast<int>((49 * bits + 57) / 17) / kSteps + 1;
}

// How many limbs of 62 bits a number of N words takes, with room for its sign.
template <size_t N>
inline constexpr size_t kLimbs = 64 * N / kSteps + 1;

// Signed is the sum of limbs[i] * 2^(62 i), as wide as Uint<N> and more. Only
// the last limb is signed.
template <size_t N>
struct Signed {
  std::array<int64_t, kLimbs<N>> limbs;

  bool IsNegative() const { return limbs.back() < 0; }
  bool IsZero() const {
    int64_t bits = 0;
    for (const int64_t limb : limbs) bits |= limb;
    return bits == 0;
  }
  uint64_t LowWord() const {
    return static_cast<uint64_t>(limbs[0]) | static_cast<uint64_t>(limbs[1])
                                                 << kSteps;
  }
};

// FromUint and ToUint: limb i begins at bit 62 i, in the word 62 i / 64.
template <size_t N>
Signed<N> FromUint(const Uint<N>& a) {
  Signed<N> result;
  for (size_t i = 0; i < kLimbs<N>; ++i) {
    const size_t word = kSteps * i / 64;
    const size_t shift = kSteps * i % 64;
    uint64_t bits = a[word] >> shift;
    if (shift > 2 && word + 1 < N) bits |= a[word + 1] << (64 - shift);
    result.limbs[i] = static_cast<int64_t>(bits & kLimbMask);
  }
  return result;
}

template <size_t N>
Uint<N> ToUint(const Signed<N>& a) {
  Uint<N> result = {};
  for (size_t i = 0; i < kLimbs<N>; ++i) {
    const size_t word = kSteps * i / 64;
    const size_t shift = kSteps * i % 64;
    const auto limb = static_cast<uint64_t>(a.limbs[i]);
    result[word] |= limb << shift;
    if (shift > 2 && word + 1 < N) result[word + 1] |= limb >> (64 - shift);
  }
  return result;
}

// Returns a + factor * b.
template <size_t N>
Signed<N> AddMultiple(const Signed<N>& a, int64_t factor, const Signed<N>& b) {
  Signed<N> sum;
  Int128 carry = 0;
  for (size_t i = 0; i < kLimbs<N>; ++i) {
    carry += Int128{factor} * b.limbs[i] + a.limbs[i];
    sum.limbs[i] = i + 1 < kLimbs<N> ? static_cast<int64_t>(carry) & kLimbMask
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
  uint64_t ff = 1;
  uint64_t fg = 0;
  uint64_t gf = 0;
  uint64_t gg = 1;
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
template <size_t N>
Signed<N> Combine(int64_t a, const Signed<N>& x, int64_t b,
                  const Signed<N>& y) {
  Signed<N> sum;
  Int128 carry = (Int128{a} * x.limbs[0] + Int128{b} * y.limbs[0]) >> kSteps;
  for (size_t i = 1; i < kLimbs<N>; ++i) {
    carry += Int128{a} * x.limbs[i] + Int128{b} * y.limbs[i];
    sum.limbs[i - 1] = static_cast<int64_t>(carry) & kLimbMask;
    carry >>= kSteps;
  }
  sum.limbs.back() = static_cast<int64_t>(carry);
  return sum;
}

// Modulus is an odd number with what Montgomery's reduction needs.
template <size_t N>
struct Modulus {
  Signed<N> value;
  uint64_t negated_inverse;  // -value^-1 mod 2^64
};

// Returns (a x + b y) / 2^62 modulo the modulus. The magnitude grows by half
// the modulus at most, for which the rounds have room enough.
template <size_t N>
Signed<N> CombineModulo(int64_t a, const Signed<N>& x, int64_t b,
                        const Signed<N>& y, const Modulus<N>& modulus) {
  const uint64_t low = static_cast<uint64_t>(a) * x.limbs[0] +
                       static_cast<uint64_t>(b) * y.limbs[0];
  // Between -2^61 and 2^61: shifting up and down again extends the sign.
  const int64_t factor =
      static_cast<int64_t>(low * modulus.negated_inverse << 2) >> 2;
  const auto& m = modulus.value.limbs;
  Signed<N> sum;
  Int128 carry = (Int128{a} * x.limbs[0] + Int128{b} * y.limbs[0] +
                  Int128{factor} * m[0]) >>
                 kSteps;
  for (size_t i = 1; i < kLimbs<N>; ++i) {
    carry +=
        Int128{a} * x.limbs[i] + Int128{b} * y.limbs[i] + Int128{factor} * m[i];
    sum.limbs[i - 1] = static_cast<int64_t>(carry) & kLimbMask;
    carry >>= kSteps;
  }
  sum.limbs.back() = static_cast<int64_t>(carry);
  return sum;
}

// Newton's iteration doubles the bits that are right, from three.
uint64_t InvertModuloWord(uint64_t odd) {
  uint64_t inverse = odd;
  for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
  return inverse;
}

// Brings a number of a few times the modulus into [0, modulus).
template <size_t N>
Signed<N> Reduce(Signed<N> a, const Signed<N>& modulus) {
  while (a.IsNegative()) a = AddMultiple(a, 1, modulus);
  for (;;) {
    const Signed<N> less = AddMultiple(a, -1, modulus);
    if (less.IsNegative()) return a;
    a = less;
  }
}

}  // namespace

template <size_t N>
std::optional<Uint<N>> InvertModulo(const Uint<N>& value,
                                    const Uint<N>& modulus) {
  constexpr int kMaxRounds = MaxRounds(64 * N);
  const Modulus<N> m = {FromUint(modulus), -InvertModuloWord(modulus[0])};
  // value * d = f and value * e = g modulo the modulus, all the way.
  Signed<N> f = m.value;
  Signed<N> g = FromUint(value);
  Signed<N> d = {};
  Signed<N> e = {{1}};
  int64_t delta = 1;
  for (int round = 0; round < kMaxRounds && !g.IsZero(); ++round) {
    const Steps t = TakeSteps(delta, f.LowWord(), g.LowWord());
    const Signed<N> f_before = f;
    const Signed<N> d_before = d;
    f = Combine(t.f_from_f, f_before, t.f_from_g, g);
    g = Combine(t.g_from_f, f_before, t.g_from_g, g);
    d = CombineModulo(t.f_from_f, d_before, t.f_from_g, e, m);
    e = CombineModulo(t.g_from_f, d_before, t.g_from_g, e, m);
  }
  const Signed<N> zero = {};
  if (f.IsNegative()) {
    f = AddMultiple(zero, -1, f);
    d = AddMultiple(zero, -1, d);
  }
  if (!g.IsZero() || f.limbs != Signed<N>{{1}}.limbs) return std::nullopt;
  return ToUint(Reduce(d, m.value));
}

template std::optional<Uint<4>> InvertModulo(const Uint<4>&, const Uint<4>&);
template std::optional<Uint<6>> InvertModulo(const Uint<6>&, const Uint<6>&);
template std::optional<Uint<9>> InvertModulo(const Uint<9>&, const Uint<9>&);

}  // namespace signet
