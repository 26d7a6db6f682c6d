#ifndef SIGNET_CURVES_ED25519_FIELD_H_
#define SIGNET_CURVES_ED25519_FIELD_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "curves/ed25519_multiples.h"
#include "curves/modular_inverse.h"
#include "openssl/base.h"

#if !defined(SIGNET_HAS_ED25519_TABLES)
#error "include only where ed25519_multiples.h says that tables are supported"
#endif

#include "third_party/fiat/curve25519_64.h"

namespace signet::ed25519 {

// ScalarField is GF(2^255 - 19), one element at a time, on BoringSSL's fiat
// code: formally verified, five limbs of 51 bits. It is the Field that
// curves/ed25519_curve.h asks for.
struct ScalarField {
  static constexpr size_t kLanes = 1;

  // fiat's bounds: limbs up to 3 * 2^51, what a multiplication takes.
  struct Loose {
    uint64_t limb[5];
  };
  // Limbs up to 2^51, what a multiplication gives and an addition takes.
  struct Tight : Loose {};

  static Tight FromWord(uint64_t word) {  // word < 2^51
    return {{{word, 0, 0, 0, 0}}};
  }
  static Tight FromWords(const uint64_t word[4]) {  // word[3] < 2^63
    constexpr uint64_t kMask = (uint64_t{1} << 51) - 1;
    return {{{word[0] & kMask,  //
              (word[0] >> 51 | word[1] << 13) & kMask,
              (word[1] >> 38 | word[2] << 26) & kMask,
              (word[2] >> 25 | word[3] << 39) & kMask,  //
              word[3] >> 12}}};
  }

  static Loose Add(const Tight& a, const Tight& b) {
    Loose result;
    fiat_25519_add(result.limb, a.limb, b.limb);
    return result;
  }
  static Loose Subtract(const Tight& a, const Tight& b) {
    Loose result;
    fiat_25519_sub(result.limb, a.limb, b.limb);
    return result;
  }
  static Tight Multiply(const Loose& a, const Loose& b) {
    Tight result;
    fiat_25519_carry_mul(result.limb, a.limb, b.limb);
    return result;
  }
  static Tight Square(const Loose& a) {
    Tight result;
    fiat_25519_carry_square(result.limb, a.limb);
    return result;
  }
  static Tight Carry(const Loose& a) {
    Tight result;
    fiat_25519_carry(result.limb, a.limb);
    return result;
  }

  // Returns 1/a, and 0 for 0, in half the time of InvertByPower.
  static Tight Invert(const Tight& a) {
    static constexpr Uint256 kPrime = {~uint64_t{18}, ~uint64_t{0},
                                       ~uint64_t{0}, ~uint64_t{0} >> 1};
    Uint256 words;
    uint8_t bytes[sizeof(words)];
    ToBytes(a, bytes);
    std::memcpy(words.data(), bytes, sizeof(bytes));
    const std::optional<Uint256> inverse = InvertModulo(words, kPrime);
    return inverse.has_value() ? FromWords(inverse->data()) : FromWord(0);
  }

  // Compares values, not representations.
  static bool Equal(const Loose& a, const Loose& b) {
    uint8_t difference[32];
    ToBytes(Carry(Subtract(Carry(a), Carry(b))), difference);
    uint8_t bits = 0;
    for (const uint8_t byte : difference) bits |= byte;
    return bits == 0;
  }
  // The canonical encoding, little-endian.
  static void ToBytes(const Tight& a, uint8_t bytes[32]) {
    fiat_25519_to_bytes(bytes, a.limb);
  }

  // Niels is an affine point to add: (y + x) / 2 and (y - x) / 2 of the point
  // or, to subtract it, of its negative (-x, y); but d x y of the point itself,
  // whose sign AddSigned takes into account.
  struct Niels {
    Tight half_sum, half_difference, dxy;
    bool negative;
  };
  static Niels LoadNiels(const Term* term) {
    const PackedPoint& point = *term->point;
    const bool negative = term->negative != 0;
    Niels niels;
    niels.half_sum =
        FromWords(negative ? point.half_difference : point.half_sum);
    niels.half_difference =
        FromWords(negative ? point.half_sum : point.half_difference);
    niels.dxy = FromWords(point.dxy);
    niels.negative = negative;
    return niels;
  }

  // AddSigned stores z - c in `f` and z + c in `g`, or the other way round if
  // `niels` is to be subtracted. An index, because a branch would be taken at
  // random.
  static void AddSigned(const Niels& niels, const Tight& z, const Tight& c,
                        Loose* f, Loose* g) {
    Loose both[2] = {Subtract(z, c), Add(z, c)};
    *f = both[niels.negative ? 1 : 0];
    *g = both[niels.negative ? 0 : 1];
  }
};

}  // namespace signet::ed25519

#endif  // SIGNET_CURVES_ED25519_FIELD_H_
