#ifndef SIGNET_CURVES_ED25519_TABLE_H_
#define SIGNET_CURVES_ED25519_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "curves/ed25519_multiples.h"

namespace signet {

// Ed25519Table is a public key A prepared for many verifications (see
// curves/ed25519_verifier.h). Immutable, and may be used from many threads
// at once. Holds public data only, and is used in variable time.
//
// BoringSSL computes R' = S B - k A, where k is SHA-512(R || A || M) modulo the
// group order L, and compares its encoding with R. So do we. But S and k are
// read in windows of 8 and of 6 bits, and what each window contributes is an
// entry of a table of multiples of B, which all keys share, or of -A. That
// leaves 74 additions and no doubling, then one inversion to encode R', which
// a batch shares. As k is not reduced any further than BoringSSL does, keys of
// mixed order get the same verdicts too.
//
// Measured on an AMD EPYC (Zen 5), 700-byte messages, one core, against
// ED25519_verify in the same run (benchmarks/signature_benchmark.cc):
//
//                      one    batch of 4    of 16    of 64
//   portable engine    4.1           4.5      4.7      4.8  times as fast
//   AVX512_IFMA        8.9            11       14       15
//
// What remains of the last is half SHA-512; of one signature alone, a third
// each is SHA-512, the sum and the inversion. A table takes 132 KB and 0.9 ms,
// B's 383 KB. Windows of 7 bits
// for keys would save 4 % of the time of a batch and take 227 KB; of 9 bits for
// B, 2 % and 688 KB.
class Ed25519Table {
 public:
  // Build computes the table of `key`, an encoded point. Null where tables are
  // not supported, if BoringSSL cannot decode the key, or if a check of the
  // table fails: then verify with VerifySignature, which gives the same
  // verdicts.
  //
  // The first call also builds the base point's table, which is shared.
  static std::unique_ptr<const Ed25519Table> Build(
      const std::array<uint8_t, 32>& key);

  // What this table holds, without the base point's.
  size_t bytes() const { return sizeof(*this) + minus_key_->bytes(); }

  const std::array<uint8_t, 32>& key() const { return key_; }
  const ed25519::Multiples& minus_key() const { return *minus_key_; }
  const ed25519::Multiples& base() const { return *base_; }

 private:
  Ed25519Table(const std::array<uint8_t, 32>& key,
               const ed25519::Multiples* base,
               std::unique_ptr<const ed25519::Multiples> minus_key);

  std::array<uint8_t, 32> key_;
  const ed25519::Multiples* base_;  // lives as long as the process
  std::unique_ptr<const ed25519::Multiples> minus_key_;
};

}  // namespace signet

#endif  // SIGNET_CURVES_ED25519_TABLE_H_
