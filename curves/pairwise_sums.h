#ifndef SIGNET_CURVES_PAIRWISE_SUMS_H_
#define SIGNET_CURVES_PAIRWISE_SUMS_H_

// Sums of points in affine coordinates, many at once, so that all of them share
// one inversion. For every curve whose Point has coordinates x and y with
// Add, Subtract, Multiply, Square and Invert, says IsInfinite, and is infinite
// if made of nothing. In variable time: FOR PUBLIC VALUES ONLY.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace signet {

template <typename Point>
using Coordinate = decltype(Point::x);

// TableTerm is a multiple that a digit picks from a table: infinity for 0.
template <typename Point>
struct TableTerm {
  const Point* entry;
  int digit;

  bool IsInfinite() const { return digit == 0; }
  const Coordinate<Point>& x() const { return entry->x; }
  Coordinate<Point> y() const { return SelectY(*entry, digit); }
};

// SumTerm is a sum computed before.
template <typename Point>
struct SumTerm {
  const Point* point;

  bool IsInfinite() const { return point->IsInfinite(); }
  const Coordinate<Point>& x() const { return point->x; }
  const Coordinate<Point>& y() const { return point->y; }
};

// AddPairs sets sums[row * columns + k] = terms.Left(row, k) + terms.Right(row,
// k), for every row and column k. Where two points have the same x, the sum is
// not computed, and same_x(k) called. Returns false if that failed altogether.
//
// Until a sum is known, its place holds what the way back needs: in x the
// product of all denominators before, in y its own, or 0 if it has none. `one`
// is the field's.
template <typename Point, typename Terms, typename SameX>
bool AddPairs(const Coordinate<Point>& one, size_t rows, size_t columns,
              const Terms& terms, const SameX& same_x, Point* sums) {
  using Element = Coordinate<Point>;
  // How many additions ahead a term is asked for.
  constexpr size_t kPrefetchDistance = 12;
  Element product = one;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t k = 0; k < columns; ++k) {
      terms.Prefetch(row, k + kPrefetchDistance);
      const auto left = terms.Left(row, k);
      const auto right = terms.Right(row, k);
      Point& sum = sums[row * columns + k];
      sum = {product, Element{}};
      if (left.IsInfinite() || right.IsInfinite()) continue;
      const Element run = Subtract(right.x(), left.x());
      if (run == Element{}) {
        same_x(k);
        continue;
      }
      sum.y = run;
      product = Multiply(product, run);
    }
  }
  std::optional<Element> inverse = Invert(product);
  if (!inverse.has_value()) return false;
  const auto to_point = [](const auto& term) {
    return term.IsInfinite() ? Point{} : Point{term.x(), term.y()};
  };
  for (size_t row = rows; row-- > 0;) {
    for (size_t k = columns; k-- > 0;) {
      const auto left = terms.Left(row, k);
      const auto right = terms.Right(row, k);
      Point& sum = sums[row * columns + k];
      if (sum.y == Element{}) {
        sum = left.IsInfinite() ? to_point(right) : to_point(left);
        continue;
      }
      const Element run_inverse = Multiply(*inverse, sum.x);
      inverse = Multiply(*inverse, sum.y);
      const Element left_y = left.y();
      const Element slope = Multiply(Subtract(right.y(), left_y), run_inverse);
      sum.x = Subtract(Subtract(Square(slope), left.x()), right.x());
      sum.y = Subtract(Multiply(slope, Subtract(left.x(), sum.x)), left_y);
    }
  }
  return true;
}

// AddRows adds row 1 to row 0, row 3 to row 2, and so on, and copies an odd
// one. Returns the rows that leaves in `out`, or 0 if AddPairs failed.
template <typename Point, typename SameX>
size_t AddRows(const Coordinate<Point>& one, size_t rows, size_t columns,
               const SameX& same_x, const Point* in, Point* out) {
  struct Terms {
    const Point* in;
    size_t columns;

    SumTerm<Point> Left(size_t row, size_t k) const {
      return {in + 2 * row * columns + k};
    }
    SumTerm<Point> Right(size_t row, size_t k) const {
      return {in + (2 * row + 1) * columns + k};
    }
    void Prefetch(size_t, size_t) const {}  // The CPU foresees it by itself.
  };
  if (rows % 2 != 0) {
    std::copy_n(in + (rows - 1) * columns, columns, out + rows / 2 * columns);
  }
  return AddPairs(one, rows / 2, columns, Terms{in, columns}, same_x, out)
             ? (rows + 1) / 2
             : 0;
}

// AddAllButTwo adds rows until two are left, and returns where they stand, or
// null if AddPairs failed. `rows` of at least 2 stand in `in`; `out` has room
// for half of them.
template <typename Point, typename SameX>
const Point* AddAllButTwo(const Coordinate<Point>& one, size_t rows,
                          size_t columns, const SameX& same_x, Point* in,
                          Point* out) {
  while (rows > 2) {
    rows = AddRows(one, rows, columns, same_x, in, out);
    if (rows == 0) return nullptr;
    std::swap(in, out);
  }
  return in;
}

// XOfSum says whether the sum of two finite points has an x. It does not
// compute the sum: (x + left.x + right.x) run^2 = rise^2. Points that share
// their x have no such sum.
template <typename Point>
class XOfSum {
 public:
  XOfSum(const Point& left, const Point& right)
      : x_sum_(Add(left.x, right.x)),
        run_squared_(Square(Subtract(right.x, left.x))),
        rise_squared_(Square(Subtract(right.y, left.y))) {}

  bool Is(const Coordinate<Point>& x) const {
    return Multiply(Add(x, x_sum_), run_squared_) == rise_squared_;
  }

 private:
  Coordinate<Point> x_sum_, run_squared_, rise_squared_;
};

}  // namespace signet

#endif  // SIGNET_CURVES_PAIRWISE_SUMS_H_
