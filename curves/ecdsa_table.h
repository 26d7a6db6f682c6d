#ifndef SIGNET_CURVES_ECDSA_TABLE_H_
#define SIGNET_CURVES_ECDSA_TABLE_H_

#include <cstddef>
#include <memory>

#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_multiples.h"
#include "openssl/ec_key.h"

namespace signet {

// EcdsaTable is what verifying ECDSA signatures of one public key needs to know
// in advance: multiples of the key's point. With them u G + v Q is a sum of
// points without a single doubling: 130 with P-384, 210 with P-521.
//
// For public keys only: reading it takes time that depends on the signature.
// Immutable, and may be used from many threads at once.
template <typename Curve>
class EcdsaTable {
 public:
  // Build returns null where the key is not a finite point of the curve: verify
  // with BoringSSL then. It takes 4 ms for P-384, 7 ms for P-521, the first
  // call in a process twice that. No entry is taken on trust: see
  // ecdsa_table.cc.
  static std::unique_ptr<const EcdsaTable> Build(const EC_KEY& key);

  // bytes is the memory that this table takes: 195 KiB for P-384, 236 KiB for
  // P-521. All of a curve share as much again for the generator.
  size_t bytes() const { return sizeof(*this); }

  // of_generator and of_key are the multiples of the generator G and of the
  // key's point Q.
  const ecdsa::Multiples<Curve>& of_generator() const { return *of_generator_; }
  const ecdsa::Multiples<Curve>& of_key() const { return of_key_; }

 private:
  EcdsaTable() = default;

  const ecdsa::Multiples<Curve>* of_generator_ = nullptr;
  ecdsa::Multiples<Curve> of_key_;
};

extern template class EcdsaTable<P384>;
extern template class EcdsaTable<P521>;

}  // namespace signet

#endif  // SIGNET_CURVES_ECDSA_TABLE_H_
