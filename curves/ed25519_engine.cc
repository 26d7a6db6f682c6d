#include "curves/ed25519_engine.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "curves/ed25519_vector.h"

#if defined(SIGNET_HAS_ED25519_TABLES)
#include "curves/ed25519_curve.h"
#include "curves/ed25519_field.h"
#endif

namespace signet {
namespace {

std::atomic<Ed25519Engine> limit{Ed25519Engine::kVector};

Ed25519Engine FastestEngine() {
#if defined(SIGNET_HAS_ED25519_TABLES)
  return ed25519::VectorsAreSupported() ? Ed25519Engine::kVector
                                        : Ed25519Engine::kPortable;
#else
  return Ed25519Engine::kBoringSsl;
#endif
}

}  // namespace

// Relaxed: nothing else depends on it.
Ed25519Engine AllowedEd25519Engine() {
  return std::min(FastestEngine(), limit.load(std::memory_order_relaxed));
}

LimitEd25519EngineForTesting::LimitEd25519EngineForTesting(
    Ed25519Engine engine) {
  limit.store(engine, std::memory_order_relaxed);
}

LimitEd25519EngineForTesting::~LimitEd25519EngineForTesting() {
  limit.store(Ed25519Engine::kVector, std::memory_order_relaxed);
}

}  // namespace signet

namespace signet::ed25519 {

#if defined(SIGNET_HAS_ED25519_TABLES)
namespace {

EncodedPoint Encode(const Extended<ScalarField>& affine) {
  EncodedPoint point;
  uint8_t x[32];
  ScalarField::ToBytes(affine.x, x);
  ScalarField::ToBytes(affine.y, point.bytes);
  point.bytes[31] |= static_cast<uint8_t>((x[0] & 1) << 7);
  point.known = ScalarField::Equal(affine.z, ScalarField::FromWord(1));
  return point;
}

void SolvePortably(const Equation* equations, size_t count,
                   EncodedPoint* points) {
  Extended<ScalarField> sums[kMaxEquations];
  ScalarField::Tight products[kMaxEquations];
  Term terms[kTermCount];
  for (size_t i = 0; i < count; ++i) {
    equations[i].WriteTerms(1, terms);
    SumTerms(terms, kTermCount, &sums[i]);
  }
  MakeAffine(count, sums, products);
  for (size_t i = 0; i < count; ++i) points[i] = Encode(sums[i]);
}

ScalarField::Tight FromLimbs(const uint64_t limbs[5]) {
  ScalarField::Loose loose;
  std::memcpy(loose.limb, limbs, sizeof(loose.limb));
  return ScalarField::Carry(loose);
}

Extended<ScalarField> FromLimbPoint(const LimbPoint& point) {
  return {FromLimbs(point.x), FromLimbs(point.y), FromLimbs(point.z), {}};
}

// Full groups, and a last one that is nearly full, are solved as such. What is
// left is faster one by one.
void SolveInVectors(const Equation* equations, size_t count,
                    EncodedPoint* points) {
  size_t grouped = count / kGroupSize * kGroupSize;
  if (count - grouped > 5) grouped = count;
  LimbPoint solutions[kMaxEquations];
  if (grouped > 0) SolveGroups(equations, grouped, solutions);
  for (size_t i = 0; i < grouped; ++i) {
    points[i] = Encode(FromLimbPoint(solutions[i]));
  }
  const size_t left = count - grouped;
  if (left == 0) return;
  Extended<ScalarField> sums[kGroupSize];
  ScalarField::Tight products[kGroupSize];
  for (size_t i = 0; i < left; ++i) {
    SolveOne(equations[grouped + i], &solutions[i]);
    sums[i] = FromLimbPoint(solutions[i]);
  }
  MakeAffine(left, sums, products);
  for (size_t i = 0; i < left; ++i) points[grouped + i] = Encode(sums[i]);
}

}  // namespace

void Solve(const Equation* equations, size_t count, EncodedPoint* points) {
  if (AllowedEd25519Engine() == Ed25519Engine::kVector) {
    SolveInVectors(equations, count, points);
  } else {
    SolvePortably(equations, count, points);
  }
}

#else

void Solve(const Equation*, size_t count, EncodedPoint* points) {
  for (size_t i = 0; i < count; ++i) points[i].known = false;
}

#endif  // SIGNET_HAS_ED25519_TABLES

}  // namespace signet::ed25519
