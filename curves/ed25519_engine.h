#ifndef SIGNET_CURVES_ED25519_ENGINE_H_
#define SIGNET_CURVES_ED25519_ENGINE_H_

#include <cstddef>
#include <cstdint>

#include "curves/ed25519_multiples.h"

namespace signet::ed25519 {

// The windows of the base point, whose table all keys share, and of a key.
// Measured in ed25519_table.h.
inline constexpr size_t kBaseWindowBits = 8;
inline constexpr size_t kKeyWindowBits = 6;
inline constexpr size_t kTermCount =
    WindowCount(kBaseWindowBits) + WindowCount(kKeyWindowBits);

// Equation stands for s B + k (-A). Both scalars are little-endian and below
// the group order.
struct Equation {
  const Multiples* base;
  const Multiples* minus_key;
  uint8_t s[32];
  uint8_t k[32];

  // Writes kTermCount terms.
  void WriteTerms(size_t stride, Term* terms) const {
    base->WriteTerms(s, stride, terms);
    minus_key->WriteTerms(k, stride,
                          terms + WindowCount(kBaseWindowBits) * stride);
  }
};

// EncodedPoint is RFC 8032 section 5.1.2. `known` is false if the point could
// not be computed, which no input is known to cause.
struct EncodedPoint {
  uint8_t bytes[32];
  bool known;
};

// At most this many equations share an inversion.
inline constexpr size_t kMaxEquations = 64;

// Solve encodes the points of 1 to kMaxEquations equations, with the fastest
// engine that this processor has and that tests allow.
void Solve(const Equation* equations, size_t count, EncodedPoint* points);

}  // namespace signet::ed25519

namespace signet {

// Ed25519Engine is a way to verify signatures. All give the same verdicts; each
// is faster than the one before.
enum class Ed25519Engine {
  kBoringSsl,  // no tables
  kPortable,   // wherever BoringSSL has 64-bit field code
  kVector,     // wherever there is AVX512_IFMA
};

// AllowedEd25519Engine is the fastest one that this machine has and that tests
// allow.
Ed25519Engine AllowedEd25519Engine();

// LimitEd25519EngineForTesting forbids all faster engines than `engine` while
// it lives. Do not nest, and do not use beside other threads that verify.
class LimitEd25519EngineForTesting {
 public:
  explicit LimitEd25519EngineForTesting(Ed25519Engine engine);
  // Stands for a scope, which cannot be copied.
  LimitEd25519EngineForTesting(const LimitEd25519EngineForTesting&) = delete;
  LimitEd25519EngineForTesting& operator=(const LimitEd25519EngineForTesting&) =
      delete;
  ~LimitEd25519EngineForTesting();
};

}  // namespace signet

#endif  // SIGNET_CURVES_ED25519_ENGINE_H_
