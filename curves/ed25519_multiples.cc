#include "curves/ed25519_multiples.h"

#include <cstring>
#include <utility>

#if defined(SIGNET_HAS_ED25519_TABLES)
#include "curves/ed25519_curve.h"
#include "curves/ed25519_field.h"
#include "openssl/curve25519.h"

// After openssl/curve25519.h, whose enumeration it names.
#include "crypto/curve25519/internal.h"
#endif

namespace signet::ed25519 {

#if defined(SIGNET_HAS_ED25519_TABLES)
namespace {

using Tight = ScalarField::Tight;
using Point = Extended<ScalarField>;

// The entries of one window: all but the last, which has the bits that are
// left, are signed.
size_t EntriesOf(size_t window, size_t window_bits) {
  const bool last = window + 1 == WindowCount(window_bits);
  return size_t{1} << (last ? 251 % window_bits + 1 : window_bits - 1);
}

Tight HalfOf(const ScalarField::Loose& a) {
  // (p + 1) / 2 = 2^254 - 9.
  static constexpr uint64_t kHalf[4] = {~uint64_t{8}, ~uint64_t{0},
                                        ~uint64_t{0}, ~uint64_t{0} >> 2};
  return ScalarField::Multiply(a, ScalarField::FromWords(kHalf));
}

Tight CurveD() {
  const Tight quotient =
      ScalarField::Multiply(ScalarField::FromWord(121665),
                            ScalarField::Invert(ScalarField::FromWord(121666)));
  return ScalarField::Carry(
      ScalarField::Subtract(ScalarField::FromWord(0), quotient));
}

void Pack(const Tight& a, uint64_t words[4]) {
  uint8_t bytes[32];
  ScalarField::ToBytes(a, bytes);
  std::memcpy(words, bytes, sizeof(bytes));
}

PackedPoint PackPoint(const Tight& x, const Tight& y, const Tight& d) {
  PackedPoint packed;
  Pack(HalfOf(ScalarField::Add(y, x)), packed.half_sum);
  Pack(HalfOf(ScalarField::Subtract(y, x)), packed.half_difference);
  Pack(ScalarField::Multiply(ScalarField::Multiply(x, y), d), packed.dxy);
  return packed;
}

Tight FromBoringSsl(const fe& a) {
  Tight result;
  static_assert(sizeof(result.limb) == sizeof(a.v));
  std::memcpy(result.limb, a.v, sizeof(a.v));
  return result;
}

// BoringSSL's a + b.
ge_p3 Sum(const ge_p3& a, const ge_p3& b) {
  ge_cached cached;
  ge_p1p1 completed;
  ge_p3 sum;
  x25519_ge_p3_to_cached(&cached, &b);
  x25519_ge_add(&completed, &a, &cached);
  x25519_ge_p1p1_to_p3(&sum, &completed);
  return sum;
}

// All multiples of P that the table holds, in its order.
std::vector<Point> AllMultiples(ge_p3 p, size_t window_bits) {
  std::vector<Point> all;
  for (size_t window = 0; window < WindowCount(window_bits); ++window) {
    const ge_p3 first = p;
    const size_t entries = EntriesOf(window, window_bits);
    for (size_t i = 0; i < entries; ++i) {
      if (i > 0) p = Sum(p, first);
      all.push_back({FromBoringSsl(p.X), FromBoringSsl(p.Y), FromBoringSsl(p.Z),
                     FromBoringSsl(p.T)});
    }
    p = Sum(p, p);
  }
  return all;
}

// True if `sum` is the point of `packed`. Every equation is cross-multiplied
// by Z.
bool Same(const Point& sum, const PackedPoint& packed, const Tight& d) {
  const auto scaled = [&sum](const uint64_t half[4]) {
    const Tight product =
        ScalarField::Multiply(ScalarField::FromWords(half), sum.z);
    return ScalarField::Add(product, product);
  };
  return !ScalarField::Equal(sum.z, ScalarField::FromWord(0)) &&
         ScalarField::Equal(ScalarField::Add(sum.y, sum.x),
                            scaled(packed.half_sum)) &&
         ScalarField::Equal(ScalarField::Subtract(sum.y, sum.x),
                            scaled(packed.half_difference)) &&
         ScalarField::Equal(
             ScalarField::Multiply(sum.t, d),
             ScalarField::Multiply(ScalarField::FromWords(packed.dxy), sum.z));
}

constexpr PackedPoint Infinity() {
  // x = 0, y = 1; half of one is 2^254 - 9.
  PackedPoint infinity = {};
  for (uint64_t* half : {infinity.half_sum, infinity.half_difference}) {
    half[0] = ~uint64_t{8};
    half[1] = half[2] = ~uint64_t{0};
    half[3] = ~uint64_t{0} >> 2;
  }
  return infinity;
}

}  // namespace

std::unique_ptr<const Multiples> Multiples::Build(
    const std::array<uint8_t, 32>& encoded, size_t window_bits) {
  ge_p3 p;
  if (x25519_ge_frombytes_vartime(&p, encoded.data()) == 0) return nullptr;
  std::vector<Point> all = AllMultiples(p, window_bits);
  std::vector<Tight> products(all.size());
  MakeAffine(all.size(), all.data(), products.data());

  const Tight d = CurveD();
  std::vector<PackedPoint> points;
  points.reserve(all.size() + 1);
  points.push_back(Infinity());
  for (const Point& multiple : all) {
    points.push_back(PackPoint(multiple.x, multiple.y, d));
  }
  auto multiples = std::unique_ptr<const Multiples>(
      new Multiples(window_bits, std::move(points)));
  if (!multiples->EntriesAreRight(encoded) ||
      !multiples->SumsAreRight(encoded)) {
    return nullptr;
  }
  return multiples;
}

bool Multiples::EntriesAreRight(const std::array<uint8_t, 32>& encoded) const {
  const Tight d = CurveD();
  ge_p3 p;
  if (x25519_ge_frombytes_vartime(&p, encoded.data()) == 0) return false;
  Point sum = {FromBoringSsl(p.X), FromBoringSsl(p.Y), FromBoringSsl(p.Z),
               FromBoringSsl(p.T)};
  const PackedPoint* entry = &points_[1];
  for (size_t window = 0; window < WindowCount(window_bits_); ++window) {
    const Term first = {entry, 0};
    for (size_t i = 0; i < EntriesOf(window, window_bits_); ++i) {
      if (i > 0) AddNiels(ScalarField::LoadNiels(&first), &sum);
      if (!Same(sum, *entry, d)) return false;
      ++entry;
    }
    // The next window begins with twice the last entry of this one.
    const Term last = {entry - 1, 0};
    AddNiels(ScalarField::LoadNiels(&last), &sum);
  }
  const Point infinity = {ScalarField::FromWord(0), ScalarField::FromWord(1),
                          ScalarField::FromWord(1), ScalarField::FromWord(0)};
  return entry == points_.data() + points_.size() &&
         Same(infinity, points_[0], d);
}

bool Multiples::SumsAreRight(const std::array<uint8_t, 32>& encoded) const {
  // L - 1 and 2^252 have the largest digits; the others use all windows, with
  // both signs.
  static constexpr uint8_t kScalars[][32] = {
      {0},
      {0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
       0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
       0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10},
      {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
       0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10},
      {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f},
      {0x5a, 0xc3, 0x96, 0x0f, 0x71, 0x2e, 0xd8, 0x84, 0xb5, 0x1d, 0x6a,
       0xe9, 0x33, 0xfc, 0x47, 0x90, 0x5b, 0xc8, 0x12, 0x7f, 0xa6, 0x3d,
       0xe1, 0x08, 0x94, 0x6b, 0xd7, 0x2c, 0xf3, 0x85, 0x59, 0x0b},
  };
  ge_p3 p;
  if (x25519_ge_frombytes_vartime(&p, encoded.data()) == 0) return false;
  std::vector<Term> terms(WindowCount(window_bits_));
  for (const uint8_t(&scalar)[32] : kScalars) {
    WriteTerms(scalar, 1, terms.data());
    Point sum;
    SumTerms(terms.data(), terms.size(), &sum);
    ge_p2 product;
    x25519_ge_scalarmult(&product, scalar, &p);
    const Tight x = FromBoringSsl(product.X);
    const Tight y = FromBoringSsl(product.Y);
    const Tight z = FromBoringSsl(product.Z);
    if (!ScalarField::Equal(ScalarField::Multiply(sum.x, z),
                            ScalarField::Multiply(x, sum.z)) ||
        !ScalarField::Equal(ScalarField::Multiply(sum.y, z),
                            ScalarField::Multiply(y, sum.z))) {
      return false;
    }
  }
  return true;
}

#else

std::unique_ptr<const Multiples> Multiples::Build(
    const std::array<uint8_t, 32>&, size_t) {
  return nullptr;
}

#endif  // SIGNET_HAS_ED25519_TABLES

void Multiples::WriteTerms(const uint8_t scalar[32], size_t stride,
                           Term* terms) const {
  uint8_t padded[40] = {0};
  std::memcpy(padded, scalar, 32);
  const size_t windows = WindowCount(window_bits_);
  const size_t half = size_t{1} << (window_bits_ - 1);
  size_t carry = 0;
  for (size_t i = 0; i < windows; ++i) {
    const size_t bit = i * window_bits_;
    uint64_t word;
    std::memcpy(&word, padded + bit / 8, sizeof(word));
    const bool last = i + 1 == windows;
    // The last window takes all that is left.
    const size_t mask = last ? ~size_t{0} : 2 * half - 1;
    const size_t digit = ((word >> bit % 8) & mask) + carry;
    carry = !last && digit > half ? 1 : 0;
    const size_t multiple = carry != 0 ? 2 * half - digit : digit;
    *terms = {&points_[multiple == 0 ? 0 : i * half + multiple], carry};
    terms += stride;
  }
}

}  // namespace signet::ed25519
