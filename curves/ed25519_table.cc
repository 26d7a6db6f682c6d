#include "curves/ed25519_table.h"

#include <utility>

#include "curves/ed25519_engine.h"

namespace signet {
namespace {

// B, whose y is 4/5 (RFC 8032 section 5.1).
constexpr std::array<uint8_t, 32> kBasePoint = {
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

// Null if it cannot be built. Never destroyed, so that it outlives all users.
const ed25519::Multiples* BaseMultiples() {
  static const ed25519::Multiples* const multiples =
      ed25519::Multiples::Build(kBasePoint, ed25519::kBaseWindowBits).release();
  return multiples;
}

}  // namespace

Ed25519Table::Ed25519Table(const std::array<uint8_t, 32>& key,
                           const ed25519::Multiples* base,
                           std::unique_ptr<const ed25519::Multiples> minus_key)
    : key_(key), base_(base), minus_key_(std::move(minus_key)) {}

std::unique_ptr<const Ed25519Table> Ed25519Table::Build(
    const std::array<uint8_t, 32>& key) {
  if (AllowedEd25519Engine() == Ed25519Engine::kBoringSsl) return nullptr;
  const ed25519::Multiples* base = BaseMultiples();
  if (base == nullptr) return nullptr;
  // -(x, y) = (-x, y): only the sign bit differs. A point with x = 0 has none,
  // but is of low order, and so no key.
  std::array<uint8_t, 32> minus_key = key;
  minus_key[31] ^= 0x80;
  auto multiples =
      ed25519::Multiples::Build(minus_key, ed25519::kKeyWindowBits);
  if (multiples == nullptr) return nullptr;
  return std::unique_ptr<const Ed25519Table>(
      new Ed25519Table(key, base, std::move(multiples)));
}

}  // namespace signet
