#include "keys/key_table.h"

#include <utility>

#include "openssl/ec_key.h"

namespace signet {
namespace {

// 43 times 32 points of 96 bytes, and a little.
constexpr size_t kMaxEd25519TableBytes = 133000;

}  // namespace

std::unique_ptr<const KeyTable> KeyTable::Build(
    Algorithm algorithm, const PublicMaterial& material) {
  const auto wrap = [](auto table) -> std::unique_ptr<const KeyTable> {
    if (table == nullptr) return nullptr;
    return std::unique_ptr<const KeyTable>(new KeyTable(std::move(table)));
  };
  const auto ec_key = [&material]() -> const EC_KEY& {
    return *std::get<bssl::UniquePtr<EC_KEY>>(material);
  };
  switch (algorithm) {
    case Algorithm::kEs256:
      return wrap(P256Table::Build(ec_key()));
    case Algorithm::kEs384:
      return wrap(EcdsaTable<P384>::Build(ec_key()));
    case Algorithm::kEs512:
      return wrap(EcdsaTable<P521>::Build(ec_key()));
    case Algorithm::kEdDsa:
      return wrap(
          Ed25519Table::Build(std::get<Ed25519PublicKey>(material).bytes));
    default:
      return nullptr;
  }
}

size_t KeyTable::MaxBytes(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256:
      return sizeof(P256Table);
    case Algorithm::kEs384:
      return sizeof(EcdsaTable<P384>);
    case Algorithm::kEs512:
      return sizeof(EcdsaTable<P521>);
    case Algorithm::kEdDsa:
      return kMaxEd25519TableBytes;
    default:
      return 0;
  }
}

size_t KeyTable::bytes() const {
  return std::visit([](const auto& table) { return table->bytes(); }, table_);
}

}  // namespace signet
