#ifndef SIGNET_CURVES_ECDSA_MULTIPLES_H_
#define SIGNET_CURVES_ECDSA_MULTIPLES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_point.h"

namespace signet::ecdsa {

// A scalar is a sum of digit(i) * 2^(w i), w = kWindowBits, with digits from
// -2^(w-1) to 2^(w-1) (Booth's recoding), so a row for each i with 2^(w-1)
// points is enough: a negative digit takes the point's opposite.
template <typename Curve>
inline constexpr size_t kWindows = Curve::kBits / Curve::kWindowBits + 1;
template <typename Curve>
inline constexpr size_t kMultiples = size_t{1} << (Curve::kWindowBits - 1);

// Multiples of a point P: rows[i][j] = (j + 1) 2^(w i) P.
template <typename Curve>
struct Multiples {
  using Row = std::array<Point<Curve>, kMultiples<Curve>>;
  std::array<Row, kWindows<Curve>> rows;
};

// Digits are what a scalar is the sum of: digit(i) * 2^(w i).
template <typename Curve>
using Digits = std::array<int8_t, kWindows<Curve>>;

// Recode returns the digits of `scalar`, which is below the order (Booth): of
// every window of w bits, its lowest bit's weight added by the bit below it.
template <typename Curve>
Digits<Curve> Recode(const Number<Curve>& scalar) {
  constexpr size_t kBits = Curve::kWindowBits;
  Digits<Curve> digits;
  for (size_t i = 0; i < kWindows<Curve>; ++i) {
    // The window's bits and the one below, which does not exist for the first.
    uint64_t bits = scalar[0] << 1;
    if (i != 0) {
      const size_t low = i * kBits - 1;
      const size_t limb = low / 64;
      const size_t shift = low % 64;
      bits = scalar[limb] >> shift;
      if (shift > 63 - kBits && limb + 1 < scalar.size()) {
        bits |= scalar[limb + 1] << (64 - shift);
      }
    }
    bits &= (uint64_t{1} << (kBits + 1)) - 1;
    digits[i] = static_cast<int8_t>(static_cast<int>((bits + 1) >> 1) -
                                    static_cast<int>(bits >> kBits << kBits));
  }
  return digits;
}

// Entry returns where the multiple for a digit other than 0 stands in its row,
// and Select that multiple, which is the opposite for a negative digit.
template <typename Curve>
const Point<Curve>& Entry(const Multiples<Curve>& multiples, size_t row,
                          int digit) {
  return multiples
      .rows[row][static_cast<size_t>(digit < 0 ? -digit : digit) - 1];
}

template <typename Curve>
Element<Curve> SelectY(const Point<Curve>& entry, int digit) {
  // The mask spares a branch that would be mispredicted every other time.
  const uint64_t mask = -static_cast<uint64_t>(digit < 0);
  const Element<Curve> opposite = Negate(entry.y);
  Element<Curve> y;
  for (size_t i = 0; i < y.limbs.size(); ++i) {
    y.limbs[i] = (entry.y.limbs[i] & ~mask) | (opposite.limbs[i] & mask);
  }
  return y;
}

template <typename Curve>
Point<Curve> Select(const Multiples<Curve>& multiples, size_t row, int digit) {
  const Point<Curve>& entry = Entry(multiples, row, digit);
  return {entry.x, SelectY(entry, digit)};
}

}  // namespace signet::ecdsa

#endif  // SIGNET_CURVES_ECDSA_MULTIPLES_H_
