#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/types/span.h"
#include "curves/p256_equation.h"
#include "curves/p256_field.h"
#include "curves/p256_multiples.h"
#include "curves/p256_signature.h"
#include "curves/p256_table.h"

namespace signet {
namespace {

using p256::Digits;
using p256::Element;
using p256::kWindows;
using p256::Multiples;
using p256::Point;
using p256::Scalar;

// How many additions ahead a table's entries are asked for.
constexpr size_t kPrefetchDistance = 12;

// Equation is a signature on its way through the batch.
struct Equation {
  const P256Table* table;
  P256Verdict* verdict;
  p256::Signature signature;
  Digits u, v;
  bool is_exceptional;
};

// TableTerm is a multiple that a digit picks from a table: infinity for 0.
struct TableTerm {
  const Point* entry;
  int digit;

  bool IsInfinite() const { return digit == 0; }
  const Element& x() const { return entry->x; }
  Element y() const { return p256::SelectY(*entry, digit); }
};

// SumTerm is a sum computed before.
struct SumTerm {
  const Point* point;

  bool IsInfinite() const { return point->IsInfinite(); }
  const Element& x() const { return point->x; }
  const Element& y() const { return point->y; }
};

template <typename Term>
Point ToPoint(const Term& term) {
  return term.IsInfinite() ? Point{} : Point{term.x(), term.y()};
}

// Batch evaluates the equations of one batch. Sums stand row by row, with one
// column for each equation, so that every step reads and writes memory in
// order.
class Batch {
 public:
  // Batch is 250 KiB of scratch: too much for a stack, too much to copy.
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void Evaluate(absl::Span<const P256Task> tasks,
                absl::Span<P256Verdict> verdicts);

 private:
  bool ReadEquations(absl::Span<const P256Task> tasks,
                     absl::Span<P256Verdict> verdicts);
  bool ComputeDigits();
  bool AddTerms();
  bool AddRows(size_t rows, const Point* in, Point* out);
  void Decide(const Point* in);
  template <typename Terms>
  bool AddPairs(size_t rows, const Terms& terms, Point* sums);

  size_t size_ = 0;
  std::array<Equation, kP256BatchSize> equations_;
  std::array<Scalar, kP256BatchSize> products_;
  std::array<Point, kP256BatchSize * kWindows> odd_;
  std::array<Point, kP256BatchSize*((kWindows + 1) / 2)> even_;
};

void Batch::Evaluate(absl::Span<const P256Task> tasks,
                     absl::Span<P256Verdict> verdicts) {
  if (!ReadEquations(tasks, verdicts)) return;
  if (!ComputeDigits() || !AddTerms()) return;
  size_t rows = kWindows;
  Point* in = odd_.data();
  Point* out = even_.data();
  while (rows > 2) {
    if (!AddRows(rows, in, out)) return;
    rows = (rows + 1) / 2;
    std::swap(in, out);
  }
  Decide(in);
}

// Keeps the tasks that there is an equation for, which are exceptional until
// decided. Returns false if there are none.
bool Batch::ReadEquations(absl::Span<const P256Task> tasks,
                          absl::Span<P256Verdict> verdicts) {
  size_ = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    const auto signature =
        p256::Signature::Parse(tasks[i].signature, tasks[i].digest);
    if (!signature.has_value()) verdicts[i] = P256Verdict::kInvalid;
    if (!signature.has_value() || tasks[i].table == nullptr) continue;
    Equation& equation = equations_[size_++];
    equation.table = tasks[i].table;
    equation.verdict = &verdicts[i];
    equation.signature = *signature;
    equation.is_exceptional = false;
  }
  return size_ != 0;
}

// Inverts all s at once: 1 / s(k) is the inverse of s(0)..s(k), multiplied by
// s(0)..s(k-1).
bool Batch::ComputeDigits() {
  constexpr Scalar kMontgomeryOne = {p256::PowerOfTwo(256, p256::kOrder)};
  Scalar product = kMontgomeryOne;
  for (size_t k = 0; k < size_; ++k) {
    products_[k] = product;
    product = MultiplyScalars(product, equations_[k].signature.s);
  }
  std::optional<Scalar> inverse = p256::InvertScalar(product);
  if (!inverse.has_value()) return false;
  for (size_t k = size_; k-- > 0;) {
    Equation& equation = equations_[k];
    const Scalar s_inverse = MultiplyScalars(*inverse, products_[k]);
    inverse = MultiplyScalars(*inverse, equation.signature.s);
    const Scalar u = MultiplyScalars(equation.signature.digest, s_inverse);
    const Scalar v = MultiplyScalars(equation.signature.r, s_inverse);
    equation.u = p256::Recode(u.limbs);
    equation.v = p256::Recode(v.limbs);
  }
  return true;
}

// Adds terms.Left(row, k) and terms.Right(row, k) for every row and equation k.
// Until a sum is known, its place holds what the way back needs: in x the
// product of all denominators before, in y its own, or 0 if it has none.
template <typename Terms>
bool Batch::AddPairs(size_t rows, const Terms& terms, Point* sums) {
  Element product = p256::kOne;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t k = 0; k < size_; ++k) {
      terms.Prefetch(row, k + kPrefetchDistance);
      const auto left = terms.Left(row, k);
      const auto right = terms.Right(row, k);
      Point& sum = sums[row * size_ + k];
      sum = {product, p256::kZero};
      if (left.IsInfinite() || right.IsInfinite()) continue;
      const Element run = Subtract(right.x(), left.x());
      if (run == p256::kZero) {
        equations_[k].is_exceptional = true;
        continue;
      }
      sum.y = run;
      product = Multiply(product, run);
    }
  }
  std::optional<Element> inverse = p256::Invert(product);
  if (!inverse.has_value()) return false;
  for (size_t row = rows; row-- > 0;) {
    for (size_t k = size_; k-- > 0;) {
      const auto left = terms.Left(row, k);
      const auto right = terms.Right(row, k);
      Point& sum = sums[row * size_ + k];
      if (sum.y == p256::kZero) {
        sum = left.IsInfinite() ? ToPoint(right) : ToPoint(left);
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

// The first step: the generator's and the key's multiple of every window. All
// equations take a window before the next, while its 4 KiB are at hand.
bool Batch::AddTerms() {
  struct Terms {
    absl::Span<const Equation> equations;

    TableTerm Left(size_t row, size_t k) const {
      const Equation& equation = equations[k];
      return Pick(equation.table->of_generator(), row, equation.u[row]);
    }
    TableTerm Right(size_t row, size_t k) const {
      const Equation& equation = equations[k];
      return Pick(equation.table->of_key(), row, equation.v[row]);
    }
    void Prefetch(size_t row, size_t k) const {
      if (k >= equations.size()) {
        k -= equations.size();
        if (++row == kWindows || k >= equations.size()) return;
      }
      __builtin_prefetch(Left(row, k).entry);
      __builtin_prefetch(Right(row, k).entry);
    }
    static TableTerm Pick(const Multiples& multiples, size_t row, int digit) {
      return {digit == 0 ? nullptr : &p256::Entry(multiples.rows[row], digit),
              digit};
    }
  };
  return AddPairs(kWindows,
                  Terms{absl::MakeConstSpan(equations_.data(), size_)},
                  odd_.data());
}

// The other steps: rows 0 and 1, 2 and 3, and so on. An odd one is kept.
bool Batch::AddRows(size_t rows, const Point* in, Point* out) {
  struct Terms {
    const Point* in;
    size_t size;

    SumTerm Left(size_t row, size_t k) const {
      return {in + 2 * row * size + k};
    }
    SumTerm Right(size_t row, size_t k) const {
      return {in + (2 * row + 1) * size + k};
    }
    void Prefetch(size_t, size_t) const {}  // The CPU foresees it by itself.
  };
  if (rows % 2 != 0) {
    std::copy_n(in + (rows - 1) * size_, size_, out + rows / 2 * size_);
  }
  return AddPairs(rows / 2, Terms{in, size_}, out);
}

// The last two sums decide, without being added.
void Batch::Decide(const Point* in) {
  for (size_t k = 0; k < size_; ++k) {
    const Equation& equation = equations_[k];
    const Point& left = in[k];
    const Point& right = in[size_ + k];
    const Element run = Subtract(right.x, left.x);
    if (equation.is_exceptional || left.IsInfinite() || right.IsInfinite() ||
        run == p256::kZero) {
      continue;
    }
    const Element run_squared = Square(run);
    const Element rise_squared = Square(Subtract(right.y, left.y));
    const Element x_sum = Add(left.x, right.x);
    const auto is_x = [&](const Uint256& x) {
      return Multiply(Add(p256::ToElement(x), x_sum), run_squared) ==
             rise_squared;
    };
    const p256::XCandidates x(equation.signature.r);
    *equation.verdict = is_x(x.first) || is_x(x.second) ? P256Verdict::kValid
                                                        : P256Verdict::kInvalid;
  }
}

}  // namespace

void EvaluateP256Batch(absl::Span<const P256Task> tasks,
                       absl::Span<P256Verdict> verdicts) {
  std::fill(verdicts.begin(), verdicts.end(), P256Verdict::kExceptional);
  if (tasks.size() > kP256BatchSize) return;
  // One for each thread, because nothing of it outlives the call.
  thread_local const auto batch = std::make_unique<Batch>();
  batch->Evaluate(tasks, verdicts);
}

}  // namespace signet
