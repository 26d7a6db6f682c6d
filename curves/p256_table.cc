#include "curves/p256_table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "curves/error_queue.h"
#include "curves/p256_field.h"
#include "curves/p256_multiples.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "openssl/nid.h"

namespace signet {
namespace p256 {
namespace {

// How many products of the table are compared with BoringSSL's.
constexpr int kComparisons = 4;

std::optional<Point> ToAffine(const EC_GROUP& group, const EC_POINT& point) {
  const bssl::UniquePtr<BIGNUM> x(BN_new());
  const bssl::UniquePtr<BIGNUM> y(BN_new());
  std::array<uint8_t, 32> x_bytes;
  std::array<uint8_t, 32> y_bytes;
  if (x == nullptr || y == nullptr ||
      EC_POINT_get_affine_coordinates_GFp(&group, &point, x.get(), y.get(),
                                          nullptr) != 1 ||
      BN_bn2bin_padded(x_bytes.data(), x_bytes.size(), x.get()) != 1 ||
      BN_bn2bin_padded(y_bytes.data(), y_bytes.size(), y.get()) != 1) {
    return std::nullopt;
  }
  return Point{ToElement(LoadBigEndian(x_bytes.data())),
               ToElement(LoadBigEndian(y_bytes.data()))};
}

// Computes the multiples of `point`, in the order of the rows. None of them is
// infinite: a multiple of a power of two below the order, which is prime.
std::vector<JacobianPoint> ComputeMultiples(const Point& point) {
  std::vector<JacobianPoint> multiples;
  multiples.reserve(kWindows * kMultiples);
  JacobianPoint base = {point.x, point.y, kOne};
  for (size_t row = 0; row < kWindows; ++row) {
    multiples.push_back(base);
    for (size_t j = 1; j < kMultiples; ++j) {
      multiples.push_back(Add(multiples.back(), base));
    }
    base = Double(multiples.back());
  }
  return multiples;
}

// Brings points into affine coordinates with one inversion (Montgomery).
bool ToAffine(const std::vector<JacobianPoint>& points, Multiples& multiples) {
  std::vector<Element> products;  // Of all z up to here.
  products.reserve(points.size());
  Element product = kOne;
  for (const JacobianPoint& point : points) {
    products.push_back(product);
    product = Multiply(product, point.z);
  }
  std::optional<Element> inverse = Invert(product);
  if (!inverse.has_value()) return false;
  for (size_t i = points.size(); i-- > 0;) {
    const Element z_inverse = Multiply(*inverse, products[i]);
    inverse = Multiply(*inverse, points[i].z);
    const Element z_inverse_squared = Square(z_inverse);
    multiples.rows[i / kMultiples][i % kMultiples] = {
        Multiply(points[i].x, z_inverse_squared),
        Multiply(Multiply(points[i].y, z_inverse_squared), z_inverse)};
  }
  return true;
}

// Says whether `sum` = a + b, by the line through a and b (its tangent, where
// they are equal) meeting the curve in -sum:
//   slope = rise / run, x = slope^2 - a.x - b.x, y = slope (a.x - x) - a.y
bool IsSum(const Point& a, const Point& b, const Point& sum) {
  Element rise = Subtract(b.y, a.y);
  Element run = Subtract(b.x, a.x);
  if (run == kZero) {
    if (!(a.y == b.y)) return false;
    // The derivative of x^3 - 3 x + b is 3 (x - 1) (x + 1).
    const Element product = Multiply(Subtract(a.x, kOne), Add(a.x, kOne));
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
bool IsConsistent(const Multiples& multiples, const Point& point) {
  const Multiples::Row* previous = nullptr;
  for (const Multiples::Row& row : multiples.rows) {
    if (previous == nullptr) {
      if (!(row[0].x == point.x && row[0].y == point.y)) return false;
    } else if (!IsSum(previous->back(), previous->back(), row[0])) {
      return false;
    }
    for (size_t j = 1; j < kMultiples; ++j) {
      if (!IsSum(row[j - 1], row[0], row[j])) return false;
    }
    previous = &row;
  }
  return true;
}

// Multiplies with the table alone.
std::optional<Point> Product(const Multiples& multiples, const Uint256& k) {
  const Digits digits = Recode(k);
  JacobianPoint sum = {};
  for (size_t row = 0; row < kWindows; ++row) {
    if (digits[row] == 0) continue;
    const Point term = Select(multiples.rows[row], digits[row]);
    sum = sum.IsInfinite() ? JacobianPoint{term.x, term.y, kOne}
                           : AddAffine(sum, term);
  }
  const std::optional<Element> z_inverse = Invert(sum.z);
  if (!z_inverse.has_value()) return std::nullopt;
  const Element squared = Square(*z_inverse);
  return Point{Multiply(sum.x, squared),
               Multiply(Multiply(sum.y, squared), *z_inverse)};
}

// Says whether products with random numbers are what BoringSSL says they are.
bool AgreesWithBoringSsl(const Multiples& multiples, const EC_GROUP& group,
                         const EC_POINT& point) {
  const bssl::UniquePtr<EC_POINT> expected_point(EC_POINT_new(&group));
  const bssl::UniquePtr<BIGNUM> k(BN_new());
  if (expected_point == nullptr || k == nullptr) return false;
  for (int i = 0; i < kComparisons; ++i) {
    std::array<uint8_t, 32> bytes;
    if (BN_rand_range_ex(k.get(), 1, EC_GROUP_get0_order(&group)) != 1 ||
        BN_bn2bin_padded(bytes.data(), bytes.size(), k.get()) != 1 ||
        EC_POINT_mul(&group, expected_point.get(), nullptr, &point, k.get(),
                     nullptr) != 1) {
      return false;
    }
    const std::optional<Point> expected = ToAffine(group, *expected_point);
    const std::optional<Point> product =
        Product(multiples, LoadBigEndian(bytes.data()));
    if (!expected.has_value() || !product.has_value() ||
        !(product->x == expected->x && product->y == expected->y)) {
      return false;
    }
  }
  return true;
}

bool FillMultiples(const EC_GROUP& group, const EC_POINT& point,
                   Multiples& multiples) {
  const std::optional<Point> affine = ToAffine(group, point);
  return affine.has_value() && ToAffine(ComputeMultiples(*affine), multiples) &&
         IsConsistent(multiples, *affine) &&
         AgreesWithBoringSsl(multiples, group, point);
}

// The multiples of the generator, a constant of the curve: computed once, when
// first asked for, and kept for good. Null if that failed.
const Multiples* MultiplesOfGenerator(const EC_GROUP& group) {
  static const Multiples* const multiples = [&group]() -> const Multiples* {
    auto result = std::make_unique<Multiples>();
    if (!FillMultiples(group, *EC_GROUP_get0_generator(&group), *result)) {
      return nullptr;
    }
    return result.release();
  }();
  return multiples;
}

}  // namespace
}  // namespace p256

std::unique_ptr<const P256Table> P256Table::Build(const EC_KEY& key) {
  if (!p256::AssemblyIsUsable()) return nullptr;
  const ErrorQueueCleaner cleaner;
  const EC_GROUP* group = EC_KEY_get0_group(&key);
  const EC_POINT* point = EC_KEY_get0_public_key(&key);
  if (group == nullptr || point == nullptr ||
      EC_GROUP_get_curve_name(group) != NID_X9_62_prime256v1) {
    return nullptr;
  }
  auto table = std::unique_ptr<P256Table>(new P256Table);
  table->of_generator_ = p256::MultiplesOfGenerator(*group);
  if (table->of_generator_ == nullptr ||
      !p256::FillMultiples(*group, *point, table->of_key_)) {
    return nullptr;
  }
  return table;
}

}  // namespace signet
