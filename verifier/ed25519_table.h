#ifndef SIGNET_VERIFIER_ED25519_TABLE_H_
#define SIGNET_VERIFIER_ED25519_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "keys/key_material.h"
#include "verifier/ed25519_comb.h"

namespace signet {

// Ed25519Table is a public key prepared for many verifications (see
// verifier/ed25519_verifier.h). Immutable, and may be used from many threads
// at once. Holds public data only.
class Ed25519Table {
 public:
  // Build computes the table of `key`, which must have passed
  // CheckPublicMaterial. Null where tables are not supported or a self-check
  // fails: then verify with VerifySignature, which gives the same verdicts.
  //
  // The first call also builds the base point's table, which is shared.
  static std::unique_ptr<const Ed25519Table> Build(const Ed25519PublicKey& key);

  // What this table holds, without the base point's.
  size_t bytes() const { return sizeof(*this) + minus_key_->bytes(); }

  const std::array<uint8_t, 32>& key() const { return key_; }
  const ed25519::Comb& minus_key() const { return *minus_key_; }
  const ed25519::Comb& base() const { return *base_; }

 private:
  Ed25519Table(const std::array<uint8_t, 32>& key, const ed25519::Comb* base,
               std::unique_ptr<const ed25519::Comb> minus_key);

  std::array<uint8_t, 32> key_;
  const ed25519::Comb* base_;  // lives as long as the process
  std::unique_ptr<const ed25519::Comb> minus_key_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_ED25519_TABLE_H_
