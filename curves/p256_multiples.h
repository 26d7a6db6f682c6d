#ifndef SIGNET_CURVES_P256_MULTIPLES_H_
#define SIGNET_CURVES_P256_MULTIPLES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "curves/p256_field.h"

namespace signet::p256 {

// A scalar is a sum of digit(i) * 128^i with digits from -64 to 64 (Booth's
// recoding), so a row for each i with 64 points is enough: a negative digit
// takes the point's opposite.
inline constexpr size_t kWindowBits = 7;
inline constexpr size_t kWindows = 37;
inline constexpr size_t kMultiples = 64;

// Multiples of a point P: rows[i][j] = (j + 1) 128^i P.
struct Multiples {
  using Row = std::array<Point, kMultiples>;
  std::array<Row, kWindows> rows;
};

// Digits are what a scalar is the sum of: digit(i) * 128^i.
using Digits = std::array<int8_t, kWindows>;

// Recode returns the digits of `scalar`, each from -64 to 64 (Booth): of every
// window of seven bits, its lowest bit's weight added by the bit below it.
inline Digits Recode(const Uint256& scalar) {
  Digits digits;
  for (size_t i = 0; i < kWindows; ++i) {
    // The window's bits and the one below, which does not exist for the first.
    const size_t low = i * kWindowBits;
    uint64_t bits;
    if (low == 0) {
      bits = scalar[0] << 1;
    } else {
      const size_t limb = (low - 1) / 64;
      const size_t shift = (low - 1) % 64;
      bits = scalar[limb] >> shift;
      if (shift > 56 && limb < 3) bits |= scalar[limb + 1] << (64 - shift);
    }
    bits &= 0xff;
    digits[i] = static_cast<int8_t>(static_cast<int>((bits + 1) >> 1) -
                                    static_cast<int>(bits >> 7 << 7));
  }
  return digits;
}

// Entry returns where the multiple for a digit other than 0 stands in its row,
// and Select that multiple, which is the opposite for a negative digit.
inline const Point& Entry(const Multiples::Row& row, int digit) {
  return row[static_cast<size_t>(digit < 0 ? -digit : digit) - 1];
}

inline Element SelectY(const Point& entry, int digit) {
  // The mask spares a branch that would be mispredicted every other time.
  const uint64_t mask = -static_cast<uint64_t>(digit < 0);
  const Element opposite = Negate(entry.y);
  Element y;
  for (size_t i = 0; i < 4; ++i) {
    y.limbs[i] = (entry.y.limbs[i] & ~mask) | (opposite.limbs[i] & mask);
  }
  return y;
}

inline Point Select(const Multiples::Row& row, int digit) {
  const Point& entry = Entry(row, digit);
  return {entry.x, SelectY(entry, digit)};
}

}  // namespace signet::p256

#endif  // SIGNET_CURVES_P256_MULTIPLES_H_
