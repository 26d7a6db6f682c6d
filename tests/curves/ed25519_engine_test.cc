#include "curves/ed25519_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/escaping.h"
#include "curves/ed25519_table.h"
#include "keys/digest.h"
#include "tests/curves/ed25519_forger.h"

namespace signet {
namespace {

// L - 1 and its neighbours, all powers of two, and numbers in which every
// window of 1 to 10 bits has the same digit, at a limit or beside it.
std::vector<Ed25519Bytes> ExtremeScalars() {
  std::vector<Ed25519Bytes> scalars;
  Ed25519Bytes scalar = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                         0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14};
  scalar[31] = 0x10;
  for (int i = 0; i < 20; ++i) {
    --scalar[0];
    scalars.push_back(scalar);
  }
  for (size_t bit = 0; bit <= 252; ++bit) {
    scalar = {};
    scalar[bit / 8] = static_cast<uint8_t>(1 << bit % 8);
    scalars.push_back(scalar);
  }
  for (size_t window = 1; window <= 10; ++window) {
    const unsigned half = 1U << (window - 1);
    for (const unsigned digit :
         {0U, 1U, half - 1, half, half + 1, 2 * half - 1}) {
      scalar = {};
      for (size_t bit = 0; bit < 252; ++bit) {
        const unsigned set = digit >> bit % window & 1;
        scalar[bit / 8] |= static_cast<uint8_t>(set << bit % 8);
      }
      scalars.push_back(scalar);
    }
  }
  return scalars;
}

ed25519::Equation MakeEquation(const Ed25519Table& table, const Ed25519Bytes& s,
                               const Ed25519Bytes& k) {
  ed25519::Equation equation = {&table.base(), &table.minus_key(), {}, {}};
  std::copy(s.begin(), s.end(), equation.s);
  std::copy(k.begin(), k.end(), equation.k);
  return equation;
}

class Ed25519EngineTest : public testing::TestWithParam<Ed25519Engine> {};
INSTANTIATE_TEST_SUITE_P(Engines, Ed25519EngineTest,
                         testing::Values(Ed25519Engine::kPortable,
                                         Ed25519Engine::kVector));

// No hash would give such scalars.
TEST_P(Ed25519EngineTest, SolvesEquationsWithExtremeScalars) {
  const LimitEd25519EngineForTesting limit(GetParam());
  if (AllowedEd25519Engine() != GetParam()) {
    GTEST_SKIP() << "this machine has no such engine";
  }
  Ed25519Forger forger(2);
  const std::vector<Ed25519Bytes> scalars = ExtremeScalars();
  // B and -B, small multiples, every low order, and mixed ones.
  for (size_t i = 0; i < 20; ++i) {
    const auto key = forger.MakeKey(i);
    const auto table = Ed25519Table::Build(key.encoded);
    ASSERT_NE(table, nullptr);
    std::vector<ed25519::Equation> equations;
    for (const Ed25519Bytes& scalar : scalars) {
      const Ed25519Bytes& other = scalars[forger.Below(scalars.size())];
      equations.push_back(MakeEquation(*table, scalar, other));
      equations.push_back(MakeEquation(*table, other, scalar));
      equations.push_back(MakeEquation(*table, scalar, scalar));
    }
    for (size_t begin = 0; begin < equations.size();) {
      const size_t count = std::min<size_t>(
          1 + forger.Below(ed25519::kMaxEquations), equations.size() - begin);
      ed25519::EncodedPoint points[ed25519::kMaxEquations];
      ed25519::Solve(&equations[begin], count, points);
      for (size_t j = 0; j < count; ++j) {
        const ed25519::Equation& equation = equations[begin + j];
        ASSERT_TRUE(points[j].known);
        ASSERT_EQ(absl::BytesToHexString(AsText(points[j].bytes)),
                  absl::BytesToHexString(AsText(
                      SolveWithBoringSsl(equation.s, equation.k, key.encoded))))
            << "key " << i << ", s "
            << absl::BytesToHexString(AsText(equation.s)) << ", k "
            << absl::BytesToHexString(AsText(equation.k));
      }
      begin += count;
    }
  }
}

}  // namespace
}  // namespace signet
