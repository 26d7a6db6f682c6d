// Signatures made so that the evaluation meets two points with the same x at a
// chosen place. They must be found exceptional there, and be judged right.

#include "curves/p256_equation.h"

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
#include "curves/p256_field.h"
#include "curves/p256_multiples.h"
#include "gtest/gtest.h"
#include "tests/curves/p256_signatures.h"
#include "tests/curves/p256_verdicts.h"

namespace signet {
namespace {

using p256::kWindowBits;
using p256::kWindows;

constexpr size_t kVariants = 24;

p256::Digits DigitsOf(const Residue& scalar) {
  return p256::Recode(p256::LoadBigEndian(scalar.bytes().data()));
}

// Windows from `begin` to before `end`, whose digits count. Of u, of v, or
// both.
struct Windows {
  size_t begin = 0, end = 0;
};

struct Terms {
  Windows u, v;
};

// Returns the sum of digit(i) 128^i over some windows.
Residue Sum(const p256::Digits& digits, const Windows& windows) {
  Residue sum;
  for (size_t i = kWindows; i-- > 0;) {
    const bool counts = windows.begin <= i && i < windows.end;
    sum = sum * Residue(128) + Residue(counts ? digits[i] : 0);
  }
  return sum;
}

// An addition of the evaluation: what is added to what.
struct Addition {
  std::string name;
  Terms left, right;
};

// The additions of EvaluateP256 that take a multiple of the key.
std::vector<Addition> SingleAdditions() {
  std::vector<Addition> additions;
  for (size_t i = 0; i < kWindows; ++i) {
    additions.push_back({absl::StrCat("window ", i, " of the key"),
                         {{0, kWindows}, {0, i}},
                         {{}, {i, i + 1}}});
  }
  return additions;
}

// The additions of EvaluateP256Batch, and the last one, which it does not make.
std::vector<Addition> BatchAdditions() {
  std::vector<Addition> additions;
  for (size_t i = 0; i < kWindows; ++i) {
    additions.push_back(
        {absl::StrCat("window ", i), {{i, i + 1}, {}}, {{}, {i, i + 1}}});
  }
  for (size_t width = 1; width < kWindows; width *= 2) {
    for (size_t i = 0; i + width < kWindows; i += 2 * width) {
      const Windows left = {i, i + width};
      const Windows right = {i + width, std::min(i + 2 * width, kWindows)};
      additions.push_back({absl::StrCat(width, " windows from ", i),
                           {left, left},
                           {right, right}});
    }
  }
  return additions;
}

// Changes the bits of `scalar` that these windows' digits do not depend on.
Residue Vary(const Residue& scalar, const Windows& windows,
             std::mt19937_64& random) {
  if (windows.begin == windows.end) return Residue::Random(random);
  const size_t low = windows.begin == 0 ? 0 : windows.begin * kWindowBits - 1;
  const size_t high = std::min<size_t>(windows.end * kWindowBits, 256);
  for (;;) {
    Bytes32 bytes = RandomBytes(random);
    for (size_t bit = low; bit < high; ++bit) {
      const uint8_t mask = 1 << bit % 8;
      uint8_t& byte = bytes[31 - bit / 8];
      byte = (byte & ~mask) | (scalar.bytes()[31 - bit / 8] & mask);
    }
    const Residue varied(bytes);
    if (varied.bytes() == bytes) return varied;
  }
}

Windows Union(const Windows& a, const Windows& b) {
  if (a.begin == a.end) return b;
  if (b.begin == b.end) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

// What makes the two sides of an addition equal, or opposite: the secret key d
// with left = +-right, where both are of the form a + b d.
struct Collision {
  Residue u, v, secret;
};

std::optional<Collision> Collide(const Addition& addition, const Residue& sign,
                                 std::mt19937_64& random) {
  const Residue u = Residue::Random(random);
  const Residue v = Residue::Random(random);
  const p256::Digits u_digits = DigitsOf(u);
  const p256::Digits v_digits = DigitsOf(v);
  const Residue constant =
      sign * Sum(u_digits, addition.right.u) - Sum(u_digits, addition.left.u);
  const Residue factor =
      Sum(v_digits, addition.left.v) - sign * Sum(v_digits, addition.right.v);
  if (constant.IsZero() || factor.IsZero()) return std::nullopt;
  return Collision{u, v, constant * factor.Inverse()};
}

P256Verdict EvaluateAsBatch(const P256Case& c) {
  P256Verdict verdict;
  const P256Task task = c.task();
  EvaluateP256Batch(absl::MakeConstSpan(&task, 1), absl::MakeSpan(&verdict, 1));
  return verdict;
}

void ExpectBoringSslsVerdict(const P256Case& c, const std::string& name) {
  const bool expected = AskBoringSsl(c);
  EXPECT_EQ(VerifySingle(c), expected) << name;
  EXPECT_EQ(VerifyBatch(std::vector<P256Case>(3, c)),
            std::vector<bool>(3, expected))
      << name;
}

class P256Equation : public P256VerifierTest {
 protected:
  // Runs signatures that collide at each of `additions`, and expects all to be
  // exceptional to `evaluate`.
  static void ExpectExceptional(const std::vector<Addition>& additions,
                                P256Verdict (*evaluate)(const P256Case&)) {
    std::mt19937_64 random(1);
    size_t cases = 0;
    for (const Addition& addition : additions) {
      for (const int sign : {1, -1}) {
        std::optional<Collision> collision;
        while (!collision) {
          collision = Collide(addition, Residue(sign), random);
        }
        const P256Key key(collision->secret);
        const Windows u_windows = Union(addition.left.u, addition.right.u);
        const Windows v_windows = Union(addition.left.v, addition.right.v);
        for (size_t i = 0; i < kVariants; ++i) {
          const Residue u = Vary(collision->u, u_windows, random);
          const Residue v = Vary(collision->v, v_windows, random);
          P256Case c = Forge(key, u, v);
          EXPECT_EQ(evaluate(c), P256Verdict::kExceptional) << addition.name;
          ExpectBoringSslsVerdict(c, addition.name);
          c.digest[i] ^= 1;
          ExpectBoringSslsVerdict(c, addition.name);
          cases += 2;
        }
      }
    }
    std::cout << cases << " cases at " << additions.size() << " additions\n";
  }
};

TEST_F(P256Equation, FindsPointsWithTheSameXInEveryAddition) {
  ExpectExceptional(SingleAdditions(),
                    [](const P256Case& c) { return EvaluateP256(c.task()); });
}

TEST_F(P256Equation, FindsPointsWithTheSameXInEveryAdditionOfABatch) {
  ExpectExceptional(BatchAdditions(), EvaluateAsBatch);
}

TEST_F(P256Equation, DecidesOrdinarySignaturesByItself) {
  std::mt19937_64 random(2);
  const P256Key key(Residue::Random(random));
  for (int i = 0; i < 2000; ++i) {
    P256Case c = Forge(key, Residue::Random(random), Residue::Random(random));
    EXPECT_EQ(EvaluateP256(c.task()), P256Verdict::kValid);
    EXPECT_EQ(EvaluateAsBatch(c), P256Verdict::kValid);
    c.digest[i % 32] ^= 1;
    EXPECT_EQ(EvaluateP256(c.task()), P256Verdict::kInvalid);
    EXPECT_EQ(EvaluateAsBatch(c), P256Verdict::kInvalid);
  }
}

TEST(Recode, GivesDigitsWhoseSumIsTheScalar) {
  std::mt19937_64 random(3);
  std::vector<Residue> scalars = {Residue(0),   Residue(1),  Residue(63),
                                  Residue(64),  Residue(65), Residue(127),
                                  Residue(128), Residue(-1), Residue(-64)};
  while (scalars.size() < 5000) scalars.push_back(Residue::Random(random));
  for (const Residue& scalar : scalars) {
    const p256::Digits digits = DigitsOf(scalar);
    for (const int8_t digit : digits) {
      EXPECT_LE(std::abs(digit), int{p256::kMultiples});
    }
    EXPECT_EQ(Sum(digits, {0, kWindows}), scalar);
  }
}

}  // namespace
}  // namespace signet
