// Signatures made so that the evaluation meets two points with the same x at a
// chosen place. They must be found exceptional there, and be judged right.

#include "curves/ecdsa_equation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_multiples.h"
#include "curves/ecdsa_signature.h"
#include "gtest/gtest.h"
#include "tests/curves/ecdsa_signatures.h"
#include "tests/curves/ecdsa_verdicts.h"

namespace signet {
namespace {

// Rows of digits from `begin` to before `end`. Of u, of v, or both.
struct Rows {
  size_t begin = 0, end = 0;
};

struct Terms {
  Rows u, v;
};

// An addition of the evaluation: what is added to what.
struct Addition {
  std::string name;
  Terms left, right;
};

// The additions of EvaluateEcdsa, and the last one, which it does not make.
std::vector<Addition> Additions(size_t windows) {
  std::vector<Addition> additions;
  for (size_t i = 0; i < windows; ++i) {
    additions.push_back(
        {absl::StrCat("row ", i), {{i, i + 1}, {}}, {{}, {i, i + 1}}});
  }
  for (size_t width = 1; width < windows; width *= 2) {
    for (size_t i = 0; i + width < windows; i += 2 * width) {
      const Rows left = {i, i + width};
      const Rows right = {i + width, std::min(i + 2 * width, windows)};
      additions.push_back({absl::StrCat(width, " rows from ", i),
                           {left, left},
                           {right, right}});
    }
  }
  return additions;
}

template <typename Curve>
class EcdsaEquation : public ::testing::Test {
 protected:
  using Scalar = BigScalar<Curve>;
  using Digits = ecdsa::Digits<Curve>;

  // What makes the two sides of an addition equal, or opposite: the secret key
  // d with left = +-right, where both are of the form a + b d.
  struct Collision {
    Scalar u, v, secret;
  };

  static Digits DigitsOf(const Scalar& scalar) {
    return ecdsa::Recode<Curve>(ecdsa::LoadBigEndian<Curve>(scalar.bytes()));
  }

  // Returns the sum of digit(i) 2^(w i) over some rows.
  static Scalar SumOf(const Digits& digits, const Rows& rows) {
    Scalar sum;
    for (size_t i = digits.size(); i-- > 0;) {
      const bool counts = rows.begin <= i && i < rows.end;
      sum = sum * Scalar(2 * ecdsa::kMultiples<Curve>) +
            Scalar(counts ? digits[i] : 0);
    }
    return sum;
  }

  static std::optional<Collision> Collide(const Addition& addition,
                                          const Scalar& sign,
                                          std::mt19937_64& random) {
    const Scalar u = Scalar::Random(random);
    const Scalar v = Scalar::Random(random);
    const Digits u_digits = DigitsOf(u);
    const Digits v_digits = DigitsOf(v);
    const Scalar constant = sign * SumOf(u_digits, addition.right.u) -
                            SumOf(u_digits, addition.left.u);
    const Scalar factor = SumOf(v_digits, addition.left.v) -
                          sign * SumOf(v_digits, addition.right.v);
    if (constant.IsZero() || factor.IsZero()) return std::nullopt;
    return Collision{u, v, constant * factor.Inverse()};
  }

  static EcdsaVerdict Evaluate(const EcdsaCase<Curve>& c) {
    EcdsaVerdict verdict;
    const EcdsaTask<Curve> task = c.task();
    EvaluateEcdsa(absl::MakeConstSpan(&task, 1), absl::MakeSpan(&verdict, 1));
    return verdict;
  }
};

using Curves = ::testing::Types<P384, P521>;
TYPED_TEST_SUITE(EcdsaEquation, Curves);

TYPED_TEST(EcdsaEquation, FindsPointsWithTheSameXInEveryAddition) {
  std::mt19937_64 random(1);
  const auto additions = Additions(ecdsa::kWindows<TypeParam>);
  size_t valid = 0;
  for (const Addition& addition : additions) {
    // One of the two signs, in turn.
    const BigScalar<TypeParam> sign(random() % 2 == 0 ? 1 : -1);
    auto collision = this->Collide(addition, sign, random);
    while (!collision) collision = this->Collide(addition, sign, random);
    const EcdsaKey<TypeParam> key(collision->secret);
    std::vector<EcdsaCase<TypeParam>> cases(
        2, ForgeEcdsa(key, collision->u, collision->v, random));
    EXPECT_EQ(this->Evaluate(cases[0]), EcdsaVerdict::kExceptional)
        << addition.name;
    cases[1].digest[7] ^= 1;
    valid += ExpectIdenticalVerdicts<TypeParam>(cases, random);
  }
  std::cout << additions.size() << " additions, " << valid << " valid\n";
}

TYPED_TEST(EcdsaEquation, DecidesOrdinarySignaturesByItself) {
  std::mt19937_64 random(2);
  using Big = BigScalar<TypeParam>;
  const Big secret = Big::Random(random);
  const EcdsaKey<TypeParam> key(secret);
  for (size_t i = 0; i < 300; ++i) {
    auto c =
        SignEcdsa(key, secret, RandomBytes<TypeParam::kDigestBytes>(random),
                  Big::Random(random));
    EXPECT_EQ(this->Evaluate(c), EcdsaVerdict::kValid);
    c.digest[i % c.digest.size()] ^= 1;
    EXPECT_EQ(this->Evaluate(c), EcdsaVerdict::kInvalid);
  }
}

TYPED_TEST(EcdsaEquation, LeavesMoreThanABatchUndecided) {
  const EcdsaKey<TypeParam> key(7);
  std::mt19937_64 random(3);
  const auto c = SignEcdsa<TypeParam>(
      key, 7, RandomBytes<TypeParam::kDigestBytes>(random), 5);
  const std::vector<EcdsaTask<TypeParam>> tasks(kEcdsaBatchSize + 1, c.task());
  std::vector<EcdsaVerdict> verdicts(tasks.size(), EcdsaVerdict::kValid);
  EvaluateEcdsa<TypeParam>(tasks, absl::MakeSpan(verdicts));
  for (const EcdsaVerdict verdict : verdicts) {
    EXPECT_EQ(verdict, EcdsaVerdict::kExceptional);
  }
}

TYPED_TEST(EcdsaEquation, RecodesIntoDigitsWhoseSumIsTheScalar) {
  std::mt19937_64 random(4);
  using Big = BigScalar<TypeParam>;
  std::vector<Big> scalars = {0, 1, 15, 16, 17, 31, 32, 33, 63, -1, -16};
  while (scalars.size() < 1000) scalars.push_back(Big::Random(random));
  for (const Big& scalar : scalars) {
    const ecdsa::Digits<TypeParam> digits = this->DigitsOf(scalar);
    for (const int8_t digit : digits) {
      EXPECT_LE(std::abs(digit), int{ecdsa::kMultiples<TypeParam>});
    }
    EXPECT_EQ(this->SumOf(digits, {0, digits.size()}), scalar);
  }
}

}  // namespace
}  // namespace signet
