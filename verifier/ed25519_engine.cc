#include "verifier/ed25519_engine.h"

#include <atomic>

#if defined(SIGNET_HAS_ED25519_TABLES)
#include "verifier/ed25519_curve.h"
#include "verifier/ed25519_field.h"
#endif

namespace signet {
namespace {

std::atomic<Ed25519Engine> allowed{Ed25519Engine::kPortable};

}  // namespace

// Relaxed: nothing else depends on it.
Ed25519Engine AllowedEd25519Engine() {
  return allowed.load(std::memory_order_relaxed);
}

LimitEd25519EngineForTesting::LimitEd25519EngineForTesting(
    Ed25519Engine engine) {
  allowed.store(engine, std::memory_order_relaxed);
}

LimitEd25519EngineForTesting::~LimitEd25519EngineForTesting() {
  allowed.store(Ed25519Engine::kPortable, std::memory_order_relaxed);
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

}  // namespace

void Solve(const Equation* equations, size_t count, EncodedPoint* points) {
  SolvePortably(equations, count, points);
}

#else

void Solve(const Equation*, size_t count, EncodedPoint* points) {
  for (size_t i = 0; i < count; ++i) points[i].known = false;
}

#endif  // SIGNET_HAS_ED25519_TABLES

}  // namespace signet::ed25519
