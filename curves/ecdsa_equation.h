#ifndef SIGNET_CURVES_ECDSA_EQUATION_H_
#define SIGNET_CURVES_ECDSA_EQUATION_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_table.h"
#include "openssl/ec_key.h"

namespace signet {

// EcdsaTask is a signature to be checked. It views everything it names.
template <typename Curve>
struct EcdsaTask {
  // The table built from `key`, or null if there is none. The table of another
  // key would give that key's verdict.
  const EcdsaTable<Curve>* table;
  const EC_KEY* key;
  // The hash of what was signed: 48 bytes of SHA-384 for P-384, 64 of SHA-512
  // for P-521.
  absl::Span<const uint8_t> digest;
  // r and s, big endian: 96 bytes, or 132 (RFC 7518 section 3.4).
  absl::Span<const uint8_t> signature;
};

// EcdsaVerdict is what the equation says about a signature. kExceptional: it
// cannot be evaluated this way, and nothing is said. Other lengths are invalid.
enum class EcdsaVerdict : uint8_t { kInvalid, kValid, kExceptional };

// kEcdsaBatchSize is how many tasks EvaluateEcdsa takes at most: of more, all
// are exceptional. Twice as many would not be faster.
inline constexpr size_t kEcdsaBatchSize = 16;

// EvaluateEcdsa decides for every task whether x(R) = r mod n for R = u G + v
// Q, where u = digest / s and v = r / s mod n (FIPS 186-5 section 6.4.2).
// Points of the tables are added in affine coordinates, pair by pair, until two
// are left. An addition
//   slope = (y2 - y1) / (x2 - x1)
//   x = slope^2 - x1 - x2,  y = slope (x1 - x) - y1
// takes 3 multiplications beside the division, whose inversion is shared by
// all additions of a step in all signatures at 3 multiplications each
// (Montgomery's trick); in Jacobian coordinates it is 11, so that this takes a
// fifth less time even for one signature. The last addition is not even made:
//   (r + x1 + x2) (x2 - x1)^2 = (y2 - y1)^2
//
// Exceptional, because additions that assume two points with different x meet
// points with the same x, or infinity. That happens by design of the signature;
// by chance it is as likely as guessing the private key. A task without a table
// is exceptional, too.
//
// Uses 160 KiB for P-384, 370 KiB for P-521, that each thread allocates once,
// on its first call.
template <typename Curve>
void EvaluateEcdsa(absl::Span<const EcdsaTask<Curve>> tasks,
                   absl::Span<EcdsaVerdict> verdicts);

extern template void EvaluateEcdsa(absl::Span<const EcdsaTask<P384>>,
                                   absl::Span<EcdsaVerdict>);
extern template void EvaluateEcdsa(absl::Span<const EcdsaTask<P521>>,
                                   absl::Span<EcdsaVerdict>);

}  // namespace signet

#endif  // SIGNET_CURVES_ECDSA_EQUATION_H_
