#ifndef SIGNET_CURVES_P256_TABLE_H_
#define SIGNET_CURVES_P256_TABLE_H_

#include <cstddef>
#include <memory>

#include "curves/p256_multiples.h"
#include "openssl/ec_key.h"

namespace signet {

// P256Table is what verifying ECDSA P-256 signatures of one public key needs to
// know in advance: multiples of the key's point. With them u G + v Q is a sum
// of 74 points without a single doubling, where BoringSSL doubles 255 times.
//
// For public keys only: reading it takes time that depends on the signature.
// Immutable, and may be used from many threads at once.
class P256Table {
 public:
  // Build returns null where the key is not a finite point of P-256, or the CPU
  // or the build lacks the assembly that makes a table worth it: verify with
  // BoringSSL then. It takes 0.9 ms, the first call in a process twice that. No
  // entry is taken on trust: see p256_table.cc.
  static std::unique_ptr<const P256Table> Build(const EC_KEY& key);

  // bytes is the memory that this table takes: 148 KiB. All of them share
  // another 148 KiB for the generator.
  size_t bytes() const { return sizeof(*this); }

  // of_generator and of_key are the multiples of the generator G and of the
  // key's point Q.
  const p256::Multiples& of_generator() const { return *of_generator_; }
  const p256::Multiples& of_key() const { return of_key_; }

 private:
  P256Table() = default;

  const p256::Multiples* of_generator_ = nullptr;
  p256::Multiples of_key_;
};

}  // namespace signet

#endif  // SIGNET_CURVES_P256_TABLE_H_
