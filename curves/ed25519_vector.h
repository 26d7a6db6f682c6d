#ifndef SIGNET_CURVES_ED25519_VECTOR_H_
#define SIGNET_CURVES_ED25519_VECTOR_H_

#include <cstddef>
#include <cstdint>

#include "curves/ed25519_engine.h"

// Eight points at once, with the 52-bit multiplications of AVX-512
// (AVX512_IFMA; Intel since 2019, AMD since 2022).
namespace signet::ed25519 {

// VectorsAreSupported reads it off the processor. Without it, do not call what
// follows.
bool VectorsAreSupported();

// LimbPoint is (X/Z, Y/Z), with the limbs of ScalarField::Loose.
struct LimbPoint {
  uint64_t x[5], y[5], z[5];
};

// A group is this many equations.
inline constexpr size_t kGroupSize = 8;

// SolveGroup computes the points of 1 to kMaxEquations equations, in groups.
// Takes as long for a part of a group as for a whole one. Z is 1.
void SolveGroups(const Equation* equations, size_t count, LimbPoint* points);

// SolveOne computes the point of one equation, eight terms at a time, in the
// time that a group takes for one and a half.
void SolveOne(const Equation& equation, LimbPoint* point);

}  // namespace signet::ed25519

#endif  // SIGNET_CURVES_ED25519_VECTOR_H_
