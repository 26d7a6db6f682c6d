#ifndef SIGNET_CURVES_ED25519_CURVE_H_
#define SIGNET_CURVES_ED25519_CURVE_H_

#include <cstddef>
#include <cstdint>

#include "curves/ed25519_multiples.h"

// Arithmetic on edwards25519, -x^2 + y^2 = 1 + d x^2 y^2 with
// d = -121665 / 121666 (RFC 8032 section 5.1), over any representation of the
// field. A Field computes on kLanes independent elements at once, and provides
//   Tight, Loose            elements; a Tight is a Loose with smaller limbs
//   FromWord, Add, Subtract, Multiply, Square, Carry, Invert
//   Niels, LoadNiels        one term for each lane, ready to be added
//   AddSigned               z -+ c, according to the sign of each lane's term
//
// Every function here is a template, so that a Field that is local to one file,
// and needs instructions that not every processor has, leaves no trace in
// functions that other files share.
//
// All of it takes variable time. It is for public data, never for secrets.
namespace signet::ed25519 {

// Extended is a point (x, y) = (X/Z, Y/Z), with T = XY/Z.
template <class Field>
struct Extended {
  typename Field::Tight x, y, z, t;
};

// Complete makes a point of two fractions: x = e/g, y = h/f.
template <class Field>
void Complete(const typename Field::Loose& e, const typename Field::Loose& f,
              const typename Field::Loose& g, const typename Field::Loose& h,
              Extended<Field>* sum) {
  sum->x = Field::Multiply(e, f);
  sum->y = Field::Multiply(g, h);
  sum->z = Field::Multiply(f, g);
  sum->t = Field::Multiply(e, h);
}

// AddNiels adds an affine point in seven multiplications (Hisil, Wong, Carter,
// Dawson 2008, section 3.1, with every product halved).
//
// The formula has no exceptional case: it divides by 1 + d x1 x2 y1 y2 and
// 1 - d x1 x2 y1 y2, neither of which is ever zero for points on this curve,
// because -1 is a square modulo p and d is not (Bernstein and Lange 2007,
// theorem 3.3). So equal points, opposite points, the point at infinity and
// points of low order need no care, and Z stays non-zero.
template <class Field>
void AddNiels(const typename Field::Niels& point, Extended<Field>* sum) {
  const auto a =
      Field::Multiply(Field::Subtract(sum->y, sum->x), point.half_difference);
  const auto b = Field::Multiply(Field::Add(sum->y, sum->x), point.half_sum);
  const auto c = Field::Multiply(sum->t, point.dxy);
  typename Field::Loose f;
  typename Field::Loose g;
  Field::AddSigned(point, sum->z, c, &f, &g);
  Complete(Field::Subtract(b, a), f, g, Field::Add(b, a), sum);
}

// AddExtended adds any point, with the same formula, in nine multiplications.
// `two_d` is 2 d.
template <class Field>
void AddExtended(const Extended<Field>& point,
                 const typename Field::Tight& two_d, Extended<Field>* sum) {
  const auto a = Field::Multiply(Field::Subtract(sum->y, sum->x),
                                 Field::Subtract(point.y, point.x));
  const auto b =
      Field::Multiply(Field::Add(sum->y, sum->x), Field::Add(point.y, point.x));
  const auto c = Field::Multiply(Field::Multiply(sum->t, two_d), point.t);
  const auto z = Field::Multiply(sum->z, point.z);
  const auto d = Field::Carry(Field::Add(z, z));
  Complete(Field::Subtract(b, a), Field::Subtract(d, c), Field::Add(d, c),
           Field::Add(b, a), sum);
}

// SumTerms adds `count` terms in each lane, at least one. The term j of lane i
// is terms[j * kLanes + i].
template <class Field>
void SumTerms(const Term* terms, size_t count, Extended<Field>* sum) {
  const auto first = Field::LoadNiels(terms);
  sum->x = Field::Carry(Field::Subtract(first.half_sum, first.half_difference));
  sum->y = Field::Carry(Field::Add(first.half_sum, first.half_difference));
  sum->z = Field::FromWord(1);
  sum->t = Field::Multiply(sum->x, sum->y);
  for (size_t i = 1; i < count; ++i) {
    AddNiels(Field::LoadNiels(terms + i * Field::kLanes), sum);
  }
}

// SquareTimes returns a^(2^times), `times` being at least one.
template <class Field>
typename Field::Tight SquareTimes(const typename Field::Tight& a, int times) {
  auto result = Field::Square(a);
  for (int i = 1; i < times; ++i) result = Field::Square(result);
  return result;
}

// InvertByPower returns 1/a = a^(p - 2), p - 2 being 2^255 - 21; and 0 for 0.
template <class Field>
typename Field::Tight InvertByPower(const typename Field::Tight& a) {
  // aN is a^(2^N - 1).
  const auto a_2 = Field::Square(a);
  const auto a_9 = Field::Multiply(SquareTimes<Field>(a_2, 2), a);
  const auto a_11 = Field::Multiply(a_9, a_2);
  const auto a5 = Field::Multiply(Field::Square(a_11), a_9);
  const auto a10 = Field::Multiply(SquareTimes<Field>(a5, 5), a5);
  const auto a20 = Field::Multiply(SquareTimes<Field>(a10, 10), a10);
  const auto a40 = Field::Multiply(SquareTimes<Field>(a20, 20), a20);
  const auto a50 = Field::Multiply(SquareTimes<Field>(a40, 10), a10);
  const auto a100 = Field::Multiply(SquareTimes<Field>(a50, 50), a50);
  const auto a200 = Field::Multiply(SquareTimes<Field>(a100, 100), a100);
  const auto a250 = Field::Multiply(SquareTimes<Field>(a200, 50), a50);
  return Field::Multiply(SquareTimes<Field>(a250, 5), a_11);
}

// MakeAffine divides X and Y of `count` points, at least one, by Z, with one
// inversion among them (Montgomery's trick). T is lost. `products` has room for
// `count` elements.
template <class Field>
void MakeAffine(size_t count, Extended<Field>* points,
                typename Field::Tight* products) {
  products[0] = points[0].z;
  for (size_t i = 1; i < count; ++i) {
    products[i] = Field::Multiply(products[i - 1], points[i].z);
  }
  auto inverse = Field::Invert(products[count - 1]);
  for (size_t i = count; i-- > 0;) {
    Extended<Field>& point = points[i];
    const auto reciprocal =
        i == 0 ? inverse : Field::Multiply(inverse, products[i - 1]);
    inverse = Field::Multiply(inverse, point.z);
    point.x = Field::Multiply(point.x, reciprocal);
    point.y = Field::Multiply(point.y, reciprocal);
    point.z = Field::Multiply(point.z, reciprocal);
  }
}

}  // namespace signet::ed25519

#endif  // SIGNET_CURVES_ED25519_CURVE_H_
