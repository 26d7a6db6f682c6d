#include "curves/ed25519_vector.h"

#include "curves/ed25519_multiples.h"

#if defined(SIGNET_HAS_ED25519_TABLES) && defined(__x86_64__) && \
    defined(__GNUC__) && !defined(__clang__)

// GCC 12's own header begins with undefined vectors, and warns of them.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>

namespace signet::ed25519 {

bool VectorsAreSupported() {
  static const bool supported =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512ifma") &&
      __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
  return supported;
}

}  // namespace signet::ed25519

// From here on, this file is compiled for processors that not every machine
// has. What other files share must not be: ed25519_curve.h has templates only,
// and all else has internal linkage.
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512ifma,avx512vbmi2,bmi2")

#include "curves/ed25519_curve.h"
#include "curves/ed25519_vector_field.h"

namespace signet::ed25519 {
namespace {

using Points = Extended<VectorField>;

void StoreLimbs(const VectorField::Tight& a, size_t lane, uint64_t limbs[5]) {
  for (int i = 0; i < 5; ++i) {
    alignas(64) uint64_t words[8];
    _mm512_store_si512(words, a.limb[i]);
    limbs[i] = words[lane];
  }
}

void StorePoint(const Points& points, size_t lane, LimbPoint* point) {
  StoreLimbs(points.x, lane, point->x);
  StoreLimbs(points.y, lane, point->y);
  StoreLimbs(points.z, lane, point->z);
}

// Moves lane (i + distance) modulo 8 to lane i.
template <int kDistance>
VectorField::Tight Rotate(const VectorField::Tight& a) {
  VectorField::Tight result;
  for (int i = 0; i < 5; ++i) {
    result.limb[i] = _mm512_alignr_epi64(a.limb[i], a.limb[i], kDistance);
  }
  return result;
}

// Adds lane (i + distance) modulo 8 to lane i.
template <int kDistance>
void AddRotated(Points* points) {
  // 2 d.
  static constexpr uint64_t kTwoD[5] = {0x69b9426b2f159, 0x35050762add7a,
                                        0x3cf44c0038052, 0x6738cc7407977,
                                        0x2406d9dc56dff};
  VectorField::Tight two_d;
  for (int i = 0; i < 5; ++i) two_d.limb[i] = Broadcast(kTwoD[i]);
  const Points other = {
      Rotate<kDistance>(points->x), Rotate<kDistance>(points->y),
      Rotate<kDistance>(points->z), Rotate<kDistance>(points->t)};
  AddExtended<VectorField>(other, two_d, points);
}

}  // namespace

void SolveGroups(const Equation* equations, size_t count, LimbPoint* points) {
  Points sums[kMaxEquations / kGroupSize];
  VectorField::Tight products[kMaxEquations / kGroupSize];
  Term terms[kTermCount * kGroupSize];
  const size_t groups = (count + kGroupSize - 1) / kGroupSize;
  for (size_t group = 0; group < groups; ++group) {
    for (size_t lane = 0; lane < kGroupSize; ++lane) {
      // A group that is not full is filled with its last equation.
      size_t i = group * kGroupSize + lane;
      if (i >= count) i = count - 1;
      equations[i].WriteTerms(kGroupSize, terms + lane);
    }
    SumTerms(terms, kTermCount, &sums[group]);
  }
  MakeAffine(groups, sums, products);
  for (size_t i = 0; i < count; ++i) {
    StorePoint(sums[i / kGroupSize], i % kGroupSize, &points[i]);
  }
}

void SolveOne(const Equation& equation, LimbPoint* point) {
  constexpr size_t kRounds = (kTermCount + kGroupSize - 1) / kGroupSize;
  Term terms[kRounds * kGroupSize];
  equation.WriteTerms(1, terms);
  for (size_t i = kTermCount; i < kRounds * kGroupSize; ++i) {
    terms[i] = {equation.base->infinity(), 0};
  }
  Points sum;
  SumTerms(terms, kRounds, &sum);
  AddRotated<4>(&sum);
  AddRotated<2>(&sum);
  AddRotated<1>(&sum);
  StorePoint(sum, 0, point);
}

}  // namespace signet::ed25519

#pragma GCC pop_options

#else

namespace signet::ed25519 {

bool VectorsAreSupported() { return false; }
void SolveGroups(const Equation*, size_t, LimbPoint*) {}
void SolveOne(const Equation&, LimbPoint*) {}

}  // namespace signet::ed25519

#endif
