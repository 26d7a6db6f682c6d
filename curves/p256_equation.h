#ifndef SIGNET_CURVES_P256_EQUATION_H_
#define SIGNET_CURVES_P256_EQUATION_H_

#include <cstdint>

#include "absl/types/span.h"
#include "curves/p256_table.h"
#include "openssl/ec_key.h"

namespace signet {

// P256Task is a signature to be checked. It views everything it names.
struct P256Task {
  // The table built from `key`, or null if there is none. The table of another
  // key would give that key's verdict.
  const P256Table* table;
  const EC_KEY* key;
  // The SHA-256 of what was signed: 32 bytes.
  absl::Span<const uint8_t> digest;
  // r and s, big endian: 64 bytes (RFC 7518 section 3.4).
  absl::Span<const uint8_t> signature;
};

// P256Verdict is what the equation says about a signature. kExceptional: it
// cannot be evaluated this way, and nothing is said.
// Lengths other than 32 and 64 are invalid.
enum class P256Verdict : uint8_t { kInvalid, kValid, kExceptional };

// EvaluateP256 decides whether x(R) = r mod n for R = u G + v Q, where u =
// digest / s and v = r / s mod n (FIPS 186-5 section 6.4.2). R is a sum of up
// to 74 points of the table, added one after another in Jacobian coordinates.
//
// Exceptional, because additions that assume two points with different x meet
// points with the same x, or infinity. That happens by design of the signature;
// by chance it is as likely as guessing the private key. A task without a table
// is exceptional, too.
P256Verdict EvaluateP256(const P256Task& task);

// kP256BatchSize is how many tasks EvaluateP256Batch takes at most: of more,
// all are exceptional.
inline constexpr size_t kP256BatchSize = 64;

// EvaluateP256Batch does the same for a batch. Points are added in affine
// coordinates, pair by pair: 74 -> 37 -> 19 -> 10 -> 5 -> 3 -> 2. An addition
//   slope = (y2 - y1) / (x2 - x1)
//   x = slope^2 - x1 - x2,  y = slope (x1 - x) - y1
// takes 3 multiplications beside the division, whose inversion is shared by
// all additions of a step in all signatures at 3 multiplications each
// (Montgomery's trick); in Jacobian coordinates it is 11. The last
// addition is not even made:
//   (r + x1 + x2) (x2 - x1)^2 = (y2 - y1)^2
// Uses about 250 KiB that each thread allocates once, on its first batch.
void EvaluateP256Batch(absl::Span<const P256Task> tasks,
                       absl::Span<P256Verdict> verdicts);

}  // namespace signet

#endif  // SIGNET_CURVES_P256_EQUATION_H_
