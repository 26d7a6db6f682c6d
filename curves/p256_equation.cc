#include "curves/p256_equation.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "curves/p256_field.h"
#include "curves/p256_multiples.h"
#include "curves/p256_signature.h"
#include "curves/p256_table.h"

namespace signet {
namespace {

using p256::Digits;
using p256::Element;
using p256::JacobianPoint;
using p256::Multiples;
using p256::Point;
using p256::Scalar;

void Prefetch(const Multiples& multiples, const Digits& digits) {
  for (size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != 0) {
      __builtin_prefetch(&p256::Entry(multiples.rows[i], digits[i]));
    }
  }
}

// Adds the multiple of each digit to `sum`, which is infinite before the first.
// Returns false if two points with the same x met.
bool Accumulate(const Multiples& multiples, const Digits& digits,
                JacobianPoint& sum) {
  for (size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] == 0) continue;
    const Point term = p256::Select(multiples.rows[i], digits[i]);
    if (sum.IsInfinite()) {
      sum = {term.x, term.y, p256::kOne};
      continue;
    }
    sum = AddAffine(sum, term);
    if (sum.IsInfinite()) return false;
  }
  return true;
}

// Says whether x(point) mod n = r: x / z^2 = r is r z^2 = x.
bool HasX(const JacobianPoint& point, const Scalar& r) {
  const p256::XCandidates x(r);
  const Element z_squared = Square(point.z);
  return Multiply(p256::ToElement(x.first), z_squared) == point.x ||
         Multiply(p256::ToElement(x.second), z_squared) == point.x;
}

}  // namespace

P256Verdict EvaluateP256(const P256Task& task) {
  const auto signature = p256::Signature::Parse(task.signature, task.digest);
  if (!signature.has_value()) return P256Verdict::kInvalid;
  if (task.table == nullptr) return P256Verdict::kExceptional;
  const std::optional<Scalar> s_inverse = p256::InvertScalar(signature->s);
  if (!s_inverse.has_value()) return P256Verdict::kExceptional;

  const Scalar u = MultiplyScalars(signature->digest, *s_inverse);
  const Scalar v = MultiplyScalars(signature->r, *s_inverse);
  const Digits u_digits = p256::Recode(u.limbs);
  const Digits v_digits = p256::Recode(v.limbs);
  Prefetch(task.table->of_generator(), u_digits);
  Prefetch(task.table->of_key(), v_digits);
  JacobianPoint sum = {};
  if (!Accumulate(task.table->of_generator(), u_digits, sum) ||
      !Accumulate(task.table->of_key(), v_digits, sum)) {
    return P256Verdict::kExceptional;
  }
  return HasX(sum, signature->r) ? P256Verdict::kValid : P256Verdict::kInvalid;
}

}  // namespace signet
