#include "curves/ecdsa_table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "curves/ecdsa_point.h"
#include "curves/ecdsa_signature.h"
#include "curves/error_queue.h"
#include "openssl/bn.h"
#include "openssl/ec.h"

namespace signet {
namespace ecdsa {
namespace {

// How many products of the table are compared with BoringSSL's.
constexpr int kComparisons = 4;

template <typename Curve>
std::optional<Number<Curve>> ToNumber(const BIGNUM& bignum) {
  std::array<uint8_t, Curve::kBytes> bytes;
  if (BN_bn2bin_padded(bytes.data(), bytes.size(), &bignum) != 1) {
    return std::nullopt;
  }
  return LoadBigEndian<Curve>(bytes);
}

template <typename Curve>
std::optional<Point<Curve>> ToAffine(const EC_GROUP& group,
                                     const EC_POINT& point) {
  const bssl::UniquePtr<BIGNUM> x(BN_new());
  const bssl::UniquePtr<BIGNUM> y(BN_new());
  if (x == nullptr || y == nullptr ||
      EC_POINT_get_affine_coordinates_GFp(&group, &point, x.get(), y.get(),
                                          nullptr) != 1) {
    return std::nullopt;
  }
  const auto x_number = ToNumber<Curve>(*x);
  const auto y_number = ToNumber<Curve>(*y);
  if (!x_number.has_value() || !y_number.has_value()) return std::nullopt;
  return Point<Curve>{Element<Curve>::FromNumber(*x_number),
                      Element<Curve>::FromNumber(*y_number)};
}

template <typename Curve>
JacobianPoint<Curve> ToJacobian(const Point<Curve>& point) {
  return {point.x, point.y, Element<Curve>::One()};
}

// Brings finite points into affine coordinates with one inversion (Montgomery).
// Returns none if one was infinite.
template <typename Curve>
std::vector<Point<Curve>> ToAffine(
    const std::vector<JacobianPoint<Curve>>& points) {
  std::vector<Element<Curve>> products;  // Of all z up to here.
  products.reserve(points.size());
  Element<Curve> product = Element<Curve>::One();
  for (const JacobianPoint<Curve>& point : points) {
    products.push_back(product);
    product = Multiply(product, point.z);
  }
  std::optional<Element<Curve>> inverse = Invert(product);
  if (!inverse.has_value()) return {};
  std::vector<Point<Curve>> affine(points.size());
  for (size_t i = points.size(); i-- > 0;) {
    const Element<Curve> z_inverse = Multiply(*inverse, products[i]);
    inverse = Multiply(*inverse, points[i].z);
    const Element<Curve> z_inverse_squared = Square(z_inverse);
    affine[i] = {Multiply(points[i].x, z_inverse_squared),
                 Multiply(Multiply(points[i].y, z_inverse_squared), z_inverse)};
  }
  return affine;
}

// Computes the first point of every row: 2^(w i) times `point`.
template <typename Curve>
std::vector<Point<Curve>> ComputeBases(const Point<Curve>& point) {
  std::vector<JacobianPoint<Curve>> bases = {ToJacobian(point)};
  while (bases.size() < kWindows<Curve>) {
    JacobianPoint<Curve> base = bases.back();
    for (size_t i = 0; i < Curve::kWindowBits; ++i) base = Double(base);
    bases.push_back(base);
  }
  return ToAffine(bases);
}

// Computes the multiples of `point`. None of them is infinite: a multiple of a
// power of two below the order, which is prime.
template <typename Curve>
bool ComputeMultiples(const Point<Curve>& point, Multiples<Curve>& multiples) {
  std::vector<JacobianPoint<Curve>> sums;
  sums.reserve(kWindows<Curve> * kMultiples<Curve>);
  for (const Point<Curve>& base : ComputeBases(point)) {
    sums.push_back(ToJacobian(base));
    sums.push_back(Double(sums.back()));
    for (size_t j = 2; j < kMultiples<Curve>; ++j) {
      sums.push_back(AddAffine(sums.back(), base));
    }
  }
  const std::vector<Point<Curve>> affine = ToAffine(sums);
  if (affine.size() != kWindows<Curve> * kMultiples<Curve>) return false;
  for (size_t i = 0; i < affine.size(); ++i) {
    multiples.rows[i / kMultiples<Curve>][i % kMultiples<Curve>] = affine[i];
  }
  return true;
}

// Says whether `sum` = a + b, by the line through a and b (its tangent, where
// they are equal) meeting the curve in -sum:
//   slope = rise / run, x = slope^2 - a.x - b.x, y = slope (a.x - x) - a.y
template <typename Curve>
bool IsSum(const Point<Curve>& a, const Point<Curve>& b,
           const Point<Curve>& sum) {
  constexpr Element<Curve> kZero = Element<Curve>::Zero();
  constexpr Element<Curve> kOne = Element<Curve>::One();
  Element<Curve> rise = Subtract(b.y, a.y);
  Element<Curve> run = Subtract(b.x, a.x);
  if (run == kZero) {
    if (!(a.y == b.y)) return false;
    // The derivative of x^3 - 3 x + b is 3 (x - 1) (x + 1).
    const Element<Curve> product =
        Multiply(Subtract(a.x, kOne), Add(a.x, kOne));
    rise = Add(Add(product, product), product);
    run = Add(a.y, a.y);
  }
  return !(run == kZero) &&
         Multiply(Add(Add(sum.x, a.x), b.x), Square(run)) == Square(rise) &&
         Multiply(Add(sum.y, a.y), run) == Multiply(Subtract(a.x, sum.x), rise);
}

// Says whether every entry follows from the ones before it. Together with the
// first, which is the point itself, this is a proof by induction that all are
// right, as far as the field arithmetic is; that is compared with BoringSSL's.
template <typename Curve>
bool IsConsistent(const Multiples<Curve>& multiples,
                  const Point<Curve>& point) {
  const typename Multiples<Curve>::Row* previous = nullptr;
  for (const auto& row : multiples.rows) {
    if (previous == nullptr) {
      if (!(row[0].x == point.x && row[0].y == point.y)) return false;
    } else if (!IsSum(previous->back(), previous->back(), row[0])) {
      return false;
    }
    for (size_t j = 1; j < row.size(); ++j) {
      if (!IsSum(row[j - 1], row[0], row[j])) return false;
    }
    previous = &row;
  }
  return true;
}

// Multiplies with the table alone.
template <typename Curve>
std::optional<Point<Curve>> Product(const Multiples<Curve>& multiples,
                                    const Number<Curve>& k) {
  const Digits<Curve> digits = Recode<Curve>(k);
  JacobianPoint<Curve> sum = {};
  for (size_t row = 0; row < digits.size(); ++row) {
    if (digits[row] == 0) continue;
    const Point<Curve> term = Select(multiples, row, digits[row]);
    sum = sum.IsInfinite() ? ToJacobian(term) : AddAffine(sum, term);
  }
  const std::vector<Point<Curve>> affine =
      ToAffine(std::vector<JacobianPoint<Curve>>{sum});
  if (affine.empty()) return std::nullopt;
  return affine.front();
}

// Says whether products with random numbers are what BoringSSL says they are.
template <typename Curve>
bool AgreesWithBoringSsl(const Multiples<Curve>& multiples,
                         const EC_GROUP& group, const EC_POINT& point) {
  const bssl::UniquePtr<EC_POINT> expected_point(EC_POINT_new(&group));
  const bssl::UniquePtr<BIGNUM> k(BN_new());
  if (expected_point == nullptr || k == nullptr) return false;
  for (int i = 0; i < kComparisons; ++i) {
    if (BN_rand_range_ex(k.get(), 1, EC_GROUP_get0_order(&group)) != 1 ||
        EC_POINT_mul(&group, expected_point.get(), nullptr, &point, k.get(),
                     nullptr) != 1) {
      return false;
    }
    const auto expected = ToAffine<Curve>(group, *expected_point);
    const auto k_number = ToNumber<Curve>(*k);
    if (!expected.has_value() || !k_number.has_value()) return false;
    const auto product = Product(multiples, *k_number);
    if (!product.has_value() ||
        !(product->x == expected->x && product->y == expected->y)) {
      return false;
    }
  }
  return true;
}

template <typename Curve>
bool FillMultiples(const EC_GROUP& group, const EC_POINT& point,
                   Multiples<Curve>& multiples) {
  const auto affine = ToAffine<Curve>(group, point);
  return affine.has_value() && ComputeMultiples(*affine, multiples) &&
         IsConsistent(multiples, *affine) &&
         AgreesWithBoringSsl(multiples, group, point);
}

// The multiples of the generator, a constant of the curve: computed once, when
// first asked for, and kept for good. Null if that failed.
template <typename Curve>
const Multiples<Curve>* MultiplesOfGenerator(const EC_GROUP& group) {
  static const Multiples<Curve>* const multiples =
      [&group]() -> const Multiples<Curve>* {
    auto result = std::make_unique<Multiples<Curve>>();
    if (!FillMultiples(group, *EC_GROUP_get0_generator(&group), *result)) {
      return nullptr;
    }
    return result.release();
  }();
  return multiples;
}

}  // namespace
}  // namespace ecdsa

template <typename Curve>
std::unique_ptr<const EcdsaTable<Curve>> EcdsaTable<Curve>::Build(
    const EC_KEY& key) {
  const ErrorQueueCleaner cleaner;
  const EC_GROUP* group = EC_KEY_get0_group(&key);
  const EC_POINT* point = EC_KEY_get0_public_key(&key);
  if (group == nullptr || point == nullptr ||
      EC_GROUP_get_curve_name(group) != Curve::kNid) {
    return nullptr;
  }
  auto table = std::unique_ptr<EcdsaTable>(new EcdsaTable);
  table->of_generator_ = ecdsa::MultiplesOfGenerator<Curve>(*group);
  if (table->of_generator_ == nullptr ||
      !ecdsa::FillMultiples(*group, *point, table->of_key_)) {
    return nullptr;
  }
  return table;
}

template class EcdsaTable<P384>;
template class EcdsaTable<P521>;

}  // namespace signet
