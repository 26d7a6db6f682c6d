#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/types/span.h"
#include "curves/p256_equation.h"
#include "curves/p256_field.h"
#include "curves/p256_multiples.h"
#include "curves/p256_signature.h"
#include "curves/p256_table.h"
#include "curves/pairwise_sums.h"

namespace signet {
namespace {

using p256::Digits;
using p256::kWindows;
using p256::Multiples;
using p256::Point;
using p256::Scalar;

// Equation is a signature on its way through the batch.
struct Equation {
  const P256Table* table;
  P256Verdict* verdict;
  p256::Signature signature;
  Digits u, v;
  bool is_exceptional;
};

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
  void Decide(const Point* in);

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
  const Point* in = AddAllButTwo(
      p256::kOne, kWindows, size_,
      [this](size_t k) { equations_[k].is_exceptional = true; }, odd_.data(),
      even_.data());
  if (in != nullptr) Decide(in);
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
  constexpr Scalar kMontgomeryOne = {PowerOfTwo(256, p256::kOrder)};
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

// The first step: the generator's and the key's multiple of every window. All
// equations take a window before the next, while its 4 KiB are at hand.
bool Batch::AddTerms() {
  struct Terms {
    absl::Span<const Equation> equations;

    TableTerm<Point> Left(size_t row, size_t k) const {
      const Equation& equation = equations[k];
      return Pick(equation.table->of_generator(), row, equation.u[row]);
    }
    TableTerm<Point> Right(size_t row, size_t k) const {
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
    static TableTerm<Point> Pick(const Multiples& multiples, size_t row,
                                 int digit) {
      return {digit == 0 ? nullptr : &p256::Entry(multiples.rows[row], digit),
              digit};
    }
  };
  return AddPairs(
      p256::kOne, kWindows, size_,
      Terms{absl::MakeConstSpan(equations_.data(), size_)},
      [this](size_t k) { equations_[k].is_exceptional = true; }, odd_.data());
}

// The last two sums decide, without being added.
void Batch::Decide(const Point* in) {
  for (size_t k = 0; k < size_; ++k) {
    const Equation& equation = equations_[k];
    const Point& left = in[k];
    const Point& right = in[size_ + k];
    if (equation.is_exceptional || left.IsInfinite() || right.IsInfinite() ||
        left.x == right.x) {
      continue;
    }
    const XOfSum<Point> sum(left, right);
    const auto is_x = [&](const Uint256& x) {
      return sum.Is(p256::ToElement(x));
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
