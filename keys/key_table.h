#ifndef SIGNET_KEYS_KEY_TABLE_H_
#define SIGNET_KEYS_KEY_TABLE_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <variant>

#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_table.h"
#include "curves/ed25519_table.h"
#include "curves/p256_table.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"

namespace signet {

// KeyTable is a public key prepared with the table of its curve. Such a table
// takes 1 to 7 ms and 130 to 240 KiB, and verification then a quarter of the
// time or less. Immutable, and may be used from many threads at once.
class KeyTable {
 public:
  // Build returns null where there is no table for the algorithm, this
  // processor or this build, or if the table fails its checks: BoringSSL's
  // ordinary call verifies then.
  static std::unique_ptr<const KeyTable> Build(Algorithm algorithm,
                                               const PublicMaterial& material);

  // MaxBytes is the most that a table for `algorithm` takes; 0, if there is no
  // such table.
  static size_t MaxBytes(Algorithm algorithm);

  // bytes is the memory that this one takes. What all tables of a curve
  // share is not in it: 148 KiB for P-256, 195 for P-384, 236 for P-521, and
  // 374 for Ed25519.
  size_t bytes() const;

  // Visit calls `visitor` with the table of whichever curve it is.
  template <typename Visitor>
  auto Visit(const Visitor& visitor) const {
    return std::visit([&visitor](const auto& table) { return visitor(*table); },
                      table_);
  }

 private:
  using AnyTable = std::variant<std::unique_ptr<const P256Table>,
                                std::unique_ptr<const EcdsaTable<P384>>,
                                std::unique_ptr<const EcdsaTable<P521>>,
                                std::unique_ptr<const Ed25519Table>>;

  explicit KeyTable(AnyTable table) : table_(std::move(table)) {}

  AnyTable table_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_TABLE_H_
