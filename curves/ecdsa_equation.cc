#include "curves/ecdsa_equation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>

#include "absl/types/span.h"
#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_multiples.h"
#include "curves/ecdsa_point.h"
#include "curves/ecdsa_signature.h"
#include "curves/ecdsa_table.h"
#include "curves/pairwise_sums.h"
#include "curves/residue.h"

namespace signet {
namespace {

using ecdsa::Element;
using ecdsa::kWindows;
using ecdsa::Multiples;
using ecdsa::Number;
using ecdsa::Point;
using ecdsa::Scalar;

// Equation is a signature on its way through the batch.
template <typename Curve>
struct Equation {
  const EcdsaTable<Curve>* table;
  EcdsaVerdict* verdict;
  ecdsa::Signature<Curve> signature;
  Scalar<Curve> s;
  ecdsa::Digits<Curve> u, v;
  bool is_exceptional;
};

// Batch evaluates the equations of one batch. Sums stand row by row, with one
// column for each equation, so that every step reads and writes memory in
// order.
template <typename Curve>
class Batch {
 public:
  // Batch is scratch: too much for a stack, too much to copy.
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void Evaluate(absl::Span<const EcdsaTask<Curve>> tasks,
                absl::Span<EcdsaVerdict> verdicts);

 private:
  bool ReadEquations(absl::Span<const EcdsaTask<Curve>> tasks,
                     absl::Span<EcdsaVerdict> verdicts);
  bool ComputeDigits();
  bool AddTerms();
  void Decide(const Point<Curve>* in);

  size_t size_ = 0;
  std::array<Equation<Curve>, kEcdsaBatchSize> equations_;
  std::array<Scalar<Curve>, kEcdsaBatchSize> products_;
  std::array<Point<Curve>, kEcdsaBatchSize * kWindows<Curve>> odd_;
  std::array<Point<Curve>, kEcdsaBatchSize*((kWindows<Curve> + 1) / 2)> even_;
};

template <typename Curve>
void Batch<Curve>::Evaluate(absl::Span<const EcdsaTask<Curve>> tasks,
                            absl::Span<EcdsaVerdict> verdicts) {
  if (!ReadEquations(tasks, verdicts)) return;
  if (!ComputeDigits() || !AddTerms()) return;
  const auto* in = AddAllButTwo(
      Element<Curve>::One(), kWindows<Curve>, size_,
      [this](size_t k) { equations_[k].is_exceptional = true; }, odd_.data(),
      even_.data());
  if (in != nullptr) Decide(in);
}

// Keeps the tasks that there is an equation for, which are exceptional until
// decided. Returns false if there are none.
template <typename Curve>
bool Batch<Curve>::ReadEquations(absl::Span<const EcdsaTask<Curve>> tasks,
                                 absl::Span<EcdsaVerdict> verdicts) {
  size_ = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    const auto signature =
        ecdsa::Signature<Curve>::Parse(tasks[i].signature, tasks[i].digest);
    if (!signature.has_value()) verdicts[i] = EcdsaVerdict::kInvalid;
    if (!signature.has_value() || tasks[i].table == nullptr) continue;
    Equation<Curve>& equation = equations_[size_++];
    equation.table = tasks[i].table;
    equation.verdict = &verdicts[i];
    equation.signature = *signature;
    equation.is_exceptional = false;
  }
  return size_ != 0;
}

// Inverts all s at once: 1 / s(k) is the inverse of s(0)..s(k), multiplied by
// s(0)..s(k-1).
template <typename Curve>
bool Batch<Curve>::ComputeDigits() {
  Scalar<Curve> product = Scalar<Curve>::One();
  for (size_t k = 0; k < size_; ++k) {
    Equation<Curve>& equation = equations_[k];
    equation.s = Scalar<Curve>::FromNumber(equation.signature.s);
    products_[k] = product;
    product = Multiply(product, equation.s);
  }
  std::optional<Scalar<Curve>> inverse = Invert(product);
  if (!inverse.has_value()) return false;
  for (size_t k = size_; k-- > 0;) {
    Equation<Curve>& equation = equations_[k];
    const Scalar<Curve> s_inverse = Multiply(*inverse, products_[k]);
    inverse = Multiply(*inverse, equation.s);
    equation.u =
        ecdsa::Recode<Curve>(Scale(equation.signature.digest, s_inverse));
    equation.v = ecdsa::Recode<Curve>(Scale(equation.signature.r, s_inverse));
  }
  return true;
}

// The first step: the generator's and the key's multiple of every window. All
// equations take a window before the next, while its row is at hand.
template <typename Curve>
bool Batch<Curve>::AddTerms() {
  struct Terms {
    absl::Span<const Equation<Curve>> equations;

    TableTerm<Point<Curve>> Left(size_t row, size_t k) const {
      const Equation<Curve>& equation = equations[k];
      return Pick(equation.table->of_generator(), row, equation.u[row]);
    }
    TableTerm<Point<Curve>> Right(size_t row, size_t k) const {
      const Equation<Curve>& equation = equations[k];
      return Pick(equation.table->of_key(), row, equation.v[row]);
    }
    void Prefetch(size_t row, size_t k) const {
      if (k >= equations.size()) {
        k -= equations.size();
        if (++row == kWindows<Curve> || k >= equations.size()) return;
      }
      __builtin_prefetch(Left(row, k).entry);
      __builtin_prefetch(Right(row, k).entry);
    }
    static TableTerm<Point<Curve>> Pick(const Multiples<Curve>& multiples,
                                        size_t row, int digit) {
      return {digit == 0 ? nullptr : &Entry(multiples, row, digit), digit};
    }
  };
  return AddPairs(
      Element<Curve>::One(), kWindows<Curve>, size_,
      Terms{absl::MakeConstSpan(equations_.data(), size_)},
      [this](size_t k) { equations_[k].is_exceptional = true; }, odd_.data());
}

// The last two sums decide, without being added. The right one of P-384 is the
// last row's alone, whose digits are 0 or 1: it is often infinite.
template <typename Curve>
void Batch<Curve>::Decide(const Point<Curve>* in) {
  for (size_t k = 0; k < size_; ++k) {
    const Equation<Curve>& equation = equations_[k];
    const Point<Curve>& left = in[k];
    const Point<Curve>& right = in[size_ + k];
    if (equation.is_exceptional || left.IsInfinite() || left.x == right.x) {
      continue;
    }
    const XOfSum<Point<Curve>> sum(left, right);
    const auto is_x = [&](const Number<Curve>& number) {
      const auto x = Element<Curve>::FromNumber(number);
      return right.IsInfinite() ? x == left.x : sum.Is(x);
    };
    const ecdsa::XCandidates<Curve> x(equation.signature.r);
    *equation.verdict = is_x(x.first) || is_x(x.second)
                            ? EcdsaVerdict::kValid
                            : EcdsaVerdict::kInvalid;
  }
}

}  // namespace

template <typename Curve>
void EvaluateEcdsa(absl::Span<const EcdsaTask<Curve>> tasks,
                   absl::Span<EcdsaVerdict> verdicts) {
  std::fill(verdicts.begin(), verdicts.end(), EcdsaVerdict::kExceptional);
  if (tasks.size() > kEcdsaBatchSize) return;
  // One for each thread, because nothing of it outlives the call.
  thread_local const auto batch = std::make_unique<Batch<Curve>>();
  batch->Evaluate(tasks, verdicts);
}

template void EvaluateEcdsa(absl::Span<const EcdsaTask<P384>>,
                            absl::Span<EcdsaVerdict>);
template void EvaluateEcdsa(absl::Span<const EcdsaTask<P521>>,
                            absl::Span<EcdsaVerdict>);

}  // namespace signet
