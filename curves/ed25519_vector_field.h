#ifndef SIGNET_CURVES_ED25519_VECTOR_FIELD_H_
#define SIGNET_CURVES_ED25519_VECTOR_FIELD_H_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "curves/ed25519_curve.h"
#include "curves/ed25519_multiples.h"

// Include this only where the compiler was told to use AVX512_IFMA and
// AVX512_VBMI2. All of it is local to the including file, so that none of it
// can be linked into a function that runs on other processors.
namespace signet::ed25519 {
namespace {

using Vector = __m512i;

Vector Broadcast(uint64_t word) {
  return _mm512_set1_epi64(static_cast<int64_t>(word));
}
// The low and the high 52 bits of a b, added to `sum`. Only the low 52 bits of
// a and of b count.
Vector AddLow(Vector sum, Vector a, Vector b) {
  return _mm512_madd52lo_epu64(sum, a, b);
}
Vector AddHigh(Vector sum, Vector a, Vector b) {
  return _mm512_madd52hi_epu64(sum, a, b);
}
Vector Sum(Vector a, Vector b) { return _mm512_add_epi64(a, b); }
// a + 2 b.
Vector SumTwice(Vector a, Vector b) { return Sum(a, Sum(b, b)); }
// a + 19 b.
Vector SumTimes19(Vector a, Vector b) {
  return Sum(Sum(a, Sum(b, _mm512_slli_epi64(b, 1))), _mm512_slli_epi64(b, 4));
}

// VectorField is GF(2^255 - 19), eight elements at a time: limb i of all of
// them, of weight 2^(51 i), is one vector. It is the Field that
// curves/ed25519_curve.h asks for.
struct VectorField {
  static constexpr size_t kLanes = 8;

  // Limbs below 2^52, as a multiplication needs.
  struct Loose {
    Vector limb[5];
  };
  // Limbs below 2^51 + 2^17.
  struct Tight : Loose {};

  static Tight FromWord(uint64_t word) {
    const Vector zero = _mm512_setzero_si512();
    return {{{Broadcast(word), zero, zero, zero, zero}}};
  }

  // Four words of 64 bits become five limbs.
  static Tight FromWords(Vector w0, Vector w1, Vector w2, Vector w3) {
    const Vector mask = Broadcast(kMask);
    return {{{_mm512_and_si512(w0, mask),
              _mm512_and_si512(_mm512_shrdi_epi64(w0, w1, 51), mask),
              _mm512_and_si512(_mm512_shrdi_epi64(w1, w2, 38), mask),
              _mm512_and_si512(_mm512_shrdi_epi64(w2, w3, 25), mask),
              _mm512_srli_epi64(w3, 12)}}};
  }

  // Limbs of less than 2^63 become tight: each keeps 51 bits and passes on
  // fewer than 2^12, of which the lowest limb gets 19 times as many.
  static Tight Carry(const Loose& a) {
    const Vector mask = Broadcast(kMask);
    const Vector carry0 = _mm512_srli_epi64(a.limb[0], 51);
    const Vector carry1 = _mm512_srli_epi64(a.limb[1], 51);
    const Vector carry2 = _mm512_srli_epi64(a.limb[2], 51);
    const Vector carry3 = _mm512_srli_epi64(a.limb[3], 51);
    const Vector carry4 = _mm512_srli_epi64(a.limb[4], 51);
    return {{{SumTimes19(_mm512_and_si512(a.limb[0], mask), carry4),
              Sum(_mm512_and_si512(a.limb[1], mask), carry0),
              Sum(_mm512_and_si512(a.limb[2], mask), carry1),
              Sum(_mm512_and_si512(a.limb[3], mask), carry2),
              Sum(_mm512_and_si512(a.limb[4], mask), carry3)}}};
  }

  static Tight Add(const Tight& a, const Tight& b) {
    Loose sum;
    for (int i = 0; i < 5; ++i) sum.limb[i] = Sum(a.limb[i], b.limb[i]);
    return Carry(sum);
  }

  // 2 p has limbs that exceed every tight one.
  static Tight Subtract(const Tight& a, const Tight& b) {
    Loose difference;
    for (int i = 0; i < 5; ++i) {
      difference.limb[i] =
          Sum(a.limb[i], _mm512_sub_epi64(Broadcast(2 * kPrime[i]), b.limb[i]));
    }
    return Carry(difference);
  }

  // Schoolbook multiplication. Each product of limbs has two halves, the high
  // one of weight 2^52, which is twice the next limb's. A column sums at most
  // five of each, so it is below 5 * 2^52 + 2 * 5 * 2^52 < 2^56; and with 19
  // times the column that wraps around to it, below 2^61.
  static Tight Multiply(const Loose& x, const Loose& y) {
    const auto& [a0, a1, a2, a3, a4] = x.limb;
    const auto& [b0, b1, b2, b3, b4] = y.limb;
    const Vector zero = _mm512_setzero_si512();

    Vector low0 = AddLow(zero, a0, b0);
    Vector low1 = AddLow(AddLow(zero, a0, b1), a1, b0);
    Vector low2 = AddLow(AddLow(AddLow(zero, a0, b2), a1, b1), a2, b0);
    Vector low3 =
        AddLow(AddLow(AddLow(AddLow(zero, a0, b3), a1, b2), a2, b1), a3, b0);
    Vector low4 = AddLow(
        AddLow(AddLow(AddLow(AddLow(zero, a0, b4), a1, b3), a2, b2), a3, b1),
        a4, b0);
    Vector low5 =
        AddLow(AddLow(AddLow(AddLow(zero, a1, b4), a2, b3), a3, b2), a4, b1);
    Vector low6 = AddLow(AddLow(AddLow(zero, a2, b4), a3, b3), a4, b2);
    Vector low7 = AddLow(AddLow(zero, a3, b4), a4, b3);
    Vector low8 = AddLow(zero, a4, b4);

    Vector high0 = AddHigh(zero, a0, b0);
    Vector high1 = AddHigh(AddHigh(zero, a0, b1), a1, b0);
    Vector high2 = AddHigh(AddHigh(AddHigh(zero, a0, b2), a1, b1), a2, b0);
    Vector high3 = AddHigh(
        AddHigh(AddHigh(AddHigh(zero, a0, b3), a1, b2), a2, b1), a3, b0);
    Vector high4 =
        AddHigh(AddHigh(AddHigh(AddHigh(AddHigh(zero, a0, b4), a1, b3), a2, b2),
                        a3, b1),
                a4, b0);
    Vector high5 = AddHigh(
        AddHigh(AddHigh(AddHigh(zero, a1, b4), a2, b3), a3, b2), a4, b1);
    Vector high6 = AddHigh(AddHigh(AddHigh(zero, a2, b4), a3, b3), a4, b2);
    Vector high7 = AddHigh(AddHigh(zero, a3, b4), a4, b3);
    Vector high8 = AddHigh(zero, a4, b4);

    // 2^255 = 19.
    return Carry({{SumTimes19(low0, SumTwice(low5, high4)),
                   SumTimes19(SumTwice(low1, high0), SumTwice(low6, high5)),
                   SumTimes19(SumTwice(low2, high1), SumTwice(low7, high6)),
                   SumTimes19(SumTwice(low3, high2), SumTwice(low8, high7)),
                   SumTimes19(SumTwice(low4, high3), Sum(high8, high8))}});
  }
  static Tight Square(const Loose& a) { return Multiply(a, a); }
  static Tight Invert(const Tight& a) { return InvertByPower<VectorField>(a); }

  // As ScalarField::Niels, one for each lane.
  struct Niels {
    Tight half_sum, half_difference, dxy;
    __mmask8 negative;
  };

  static Niels LoadNiels(const Term* terms) {
    Niels niels;
    niels.negative = 0;
    Vector rows[8];
    Vector words[8];
    for (int i = 0; i < 8; ++i) {
      rows[i] = _mm512_loadu_si512(terms[i].point->half_sum);
      // Exchanges the half sum and the half difference of what is negative.
      const auto negative = static_cast<__mmask8>(-terms[i].negative);
      rows[i] =
          _mm512_mask_shuffle_i64x2(rows[i], negative, rows[i], rows[i], 0x4e);
      niels.negative |= static_cast<__mmask8>(terms[i].negative << i);
    }
    Transpose(rows, words);
    niels.half_sum = FromWords(words[0], words[1], words[2], words[3]);
    niels.half_difference = FromWords(words[4], words[5], words[6], words[7]);

    // Rows 0, 1, 4 and 5, each followed by the one two further on.
    const Vector row0 = LoadTwo(terms[0].point->dxy, terms[2].point->dxy);
    const Vector row1 = LoadTwo(terms[1].point->dxy, terms[3].point->dxy);
    const Vector row4 = LoadTwo(terms[4].point->dxy, terms[6].point->dxy);
    const Vector row5 = LoadTwo(terms[5].point->dxy, terms[7].point->dxy);
    const Vector even01 = _mm512_unpacklo_epi64(row0, row1);
    const Vector odd01 = _mm512_unpackhi_epi64(row0, row1);
    const Vector even45 = _mm512_unpacklo_epi64(row4, row5);
    const Vector odd45 = _mm512_unpackhi_epi64(row4, row5);
    niels.dxy = FromWords(_mm512_shuffle_i64x2(even01, even45, 0x88),
                          _mm512_shuffle_i64x2(odd01, odd45, 0x88),
                          _mm512_shuffle_i64x2(even01, even45, 0xdd),
                          _mm512_shuffle_i64x2(odd01, odd45, 0xdd));
    return niels;
  }

  static void AddSigned(const Niels& niels, const Tight& z, const Tight& c,
                        Loose* f, Loose* g) {
    Loose difference;
    Loose sum;
    for (int i = 0; i < 5; ++i) {
      // Up to 2^52, so that only 4 p exceeds it.
      const Vector signed_c = _mm512_mask_sub_epi64(
          c.limb[i], niels.negative, Broadcast(2 * kPrime[i]), c.limb[i]);
      sum.limb[i] = Sum(z.limb[i], signed_c);
      difference.limb[i] =
          Sum(z.limb[i], _mm512_sub_epi64(Broadcast(4 * kPrime[i]), signed_c));
    }
    *f = Carry(difference);
    *g = Carry(sum);
  }

 private:
  static constexpr uint64_t kMask = (uint64_t{1} << 51) - 1;
  static constexpr uint64_t kPrime[5] = {kMask - 18, kMask, kMask, kMask,
                                         kMask};

  // The halves of a vector.
  static Vector LoadTwo(const uint64_t low[4], const uint64_t high[4]) {
    const __m256i* first = reinterpret_cast<const __m256i*>(low);
    const __m256i* second = reinterpret_cast<const __m256i*>(high);
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(first)),
                              _mm256_loadu_si256(second), 1);
  }

  // Word j of row i becomes word i of column j.
  static void Transpose(const Vector rows[8], Vector columns[8]) {
    for (int odd = 0; odd < 2; ++odd) {
      Vector pairs[4];
      for (int i = 0; i < 4; ++i) {
        pairs[i] = odd ? _mm512_unpackhi_epi64(rows[2 * i], rows[2 * i + 1])
                       : _mm512_unpacklo_epi64(rows[2 * i], rows[2 * i + 1]);
      }
      const Vector left04 = _mm512_shuffle_i64x2(pairs[0], pairs[1], 0x88);
      const Vector left26 = _mm512_shuffle_i64x2(pairs[0], pairs[1], 0xdd);
      const Vector right04 = _mm512_shuffle_i64x2(pairs[2], pairs[3], 0x88);
      const Vector right26 = _mm512_shuffle_i64x2(pairs[2], pairs[3], 0xdd);
      columns[odd] = _mm512_shuffle_i64x2(left04, right04, 0x88);
      columns[2 + odd] = _mm512_shuffle_i64x2(left26, right26, 0x88);
      columns[4 + odd] = _mm512_shuffle_i64x2(left04, right04, 0xdd);
      columns[6 + odd] = _mm512_shuffle_i64x2(left26, right26, 0xdd);
    }
  }
};

}  // namespace
}  // namespace signet::ed25519

#endif  // SIGNET_CURVES_ED25519_VECTOR_FIELD_H_
