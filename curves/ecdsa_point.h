#ifndef SIGNET_CURVES_ECDSA_POINT_H_
#define SIGNET_CURVES_ECDSA_POINT_H_

#include "curves/residue.h"
#include "curves/wide_integer.h"

namespace signet::ecdsa {

// Element is of the curve's field, Scalar a number modulo its order.
template <typename Curve>
using Element = Residue<Curve::kPrime.size(), Curve::kPrime>;
template <typename Curve>
using Scalar = Residue<Curve::kOrder.size(), Curve::kOrder>;

// Point is a point of the curve in affine coordinates. (0, 0) is not on the
// curve, and stands for the point at infinity. No finite point has y = 0,
// because the order of the group is odd.
template <typename Curve>
struct Point {
  Element<Curve> x, y;

  bool IsInfinite() const { return IsZero(y.limbs); }
};

// JacobianPoint is the point (x / z^2, y / z^3), infinite where z = 0.
template <typename Curve>
struct JacobianPoint {
  Element<Curve> x, y, z;

  bool IsInfinite() const { return IsZero(z.limbs); }
};

// Double returns 2 a, from the tangent in a:
//   slope = 3 (x - z^2) (x + z^2),  z' = 2 y z,
//   x' = slope^2 - 8 x y^2,  y' = slope (4 x y^2 - x') - 8 y^4
template <typename Curve>
JacobianPoint<Curve> Double(const JacobianPoint<Curve>& a) {
  using E = Element<Curve>;
  const auto twice = [](const E& e) { return Add(e, e); };
  const E z_squared = Square(a.z);
  const E product = Multiply(Subtract(a.x, z_squared), Add(a.x, z_squared));
  const E slope = Add(twice(product), product);
  const E y_squared_2 = twice(Square(a.y));
  const E xy_squared_4 = twice(Multiply(a.x, y_squared_2));
  const E y_to_4_8 = twice(Square(y_squared_2));
  const E x = Subtract(Square(slope), twice(xy_squared_4));
  return {x, Subtract(Multiply(slope, Subtract(xy_squared_4, x)), y_to_4_8),
          twice(Multiply(a.y, a.z))};
}

// AddAffine adds a finite point to a finite point, with both over the same
// denominator, z^2 or z^3:
//   run = b.x z^2 - x,  rise = b.y z^3 - y,  z' = z run,
//   x' = rise^2 - run^3 - 2 x run^2,  y' = rise (x run^2 - x') - y run^3
// The result has z = 0 exactly when the two have the same x: it is then wrong
// if they are equal.
template <typename Curve>
JacobianPoint<Curve> AddAffine(const JacobianPoint<Curve>& a,
                               const Point<Curve>& b) {
  using E = Element<Curve>;
  const E z_squared = Square(a.z);
  const E run = Subtract(Multiply(b.x, z_squared), a.x);
  const E rise = Subtract(Multiply(b.y, Multiply(z_squared, a.z)), a.y);
  const E run_squared = Square(run);
  const E run_cubed = Multiply(run_squared, run);
  const E x_run_squared = Multiply(a.x, run_squared);
  const E x = Subtract(Subtract(Square(rise), run_cubed),
                       Add(x_run_squared, x_run_squared));
  const E y = Subtract(Multiply(rise, Subtract(x_run_squared, x)),
                       Multiply(a.y, run_cubed));
  return {x, y, Multiply(a.z, run)};
}

}  // namespace signet::ecdsa

#endif  // SIGNET_CURVES_ECDSA_POINT_H_
