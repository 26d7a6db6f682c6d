#ifndef SIGNET_VERIFIER_ED25519_SUM_H_
#define SIGNET_VERIFIER_ED25519_SUM_H_

#include <cstddef>
#include <cstdint>

#include "verifier/ed25519_comb.h"

namespace signet::ed25519 {

// The windows of the base point, whose table all keys share, and of a key.
// Measured in ed25519_table.h.
inline constexpr size_t kBaseWindowBits = 8;
inline constexpr size_t kKeyWindowBits = 6;
inline constexpr size_t kTermCount =
    WindowCount(kBaseWindowBits) + WindowCount(kKeyWindowBits);

// Equation stands for s B + k (-A). Both scalars are little-endian and below
// the group order.
struct Equation {
  const Comb* base;
  const Comb* minus_key;
  uint8_t s[32];
  uint8_t k[32];

  // Writes kTermCount terms.
  void WriteTerms(size_t stride, Term* terms) const {
    base->WriteTerms(s, stride, terms);
    minus_key->WriteTerms(k, stride,
                          terms + WindowCount(kBaseWindowBits) * stride);
  }
};

// EncodedPoint is RFC 8032 section 5.1.2. `known` is false if the point could
// not be computed, which no input is known to cause.
struct EncodedPoint {
  uint8_t bytes[32];
  bool known;
};

// At most this many equations share an inversion.
inline constexpr size_t kMaxEquations = 64;

// SolvePortably encodes the points of 1 to kMaxEquations equations.
void SolvePortably(const Equation* equations, size_t count,
                   EncodedPoint* points);

}  // namespace signet::ed25519

#endif  // SIGNET_VERIFIER_ED25519_SUM_H_
