#include "keys/prepared_key.h"

#include <variant>

namespace signet {

std::shared_ptr<PreparedKey> PreparedKey::Create(Algorithm algorithm,
                                                 PublicMaterial material) {
  return std::shared_ptr<PreparedKey>(
      new PreparedKey(algorithm, std::move(material)));
}

PreparedKey::PreparedKey(Algorithm algorithm, PublicMaterial material)
    : algorithm_(algorithm),
      can_have_table_(KeyTable::MaxBytes(algorithm) != 0),
      material_(std::move(material)),
      fingerprint_(FingerprintOf(algorithm, material_)) {
  if (const auto* secret = std::get_if<SecretBytes>(&material_)) {
    hmac_ = std::make_unique<const HmacStates>(algorithm, secret->bytes());
  } else if (const auto* rsa = std::get_if<bssl::UniquePtr<RSA>>(&material_)) {
    rsa_ = PreparedRsa::Create(algorithm, **rsa);
  }
}

PreparedKey::~PreparedKey() {
  // Relaxed: whoever destroys the key has come after all its users.
  delete table_.load(std::memory_order_relaxed);
}

void PreparedKey::DemandTablesFrom(std::shared_ptr<TableDemand> demand) {
  std::call_once(has_demand_, [this, &demand] {
    demand_owner_ = std::move(demand);
    // Release, so that who reads the pointer sees what it leads to.
    demand_.store(demand_owner_.get(), std::memory_order_release);
  });
}

void PreparedKey::CountUses(uint32_t uses) {
  TableDemand* const demand = demand_.load(std::memory_order_acquire);
  if (demand == nullptr) return;
  if (heat_.Add(uses, demand->era()) < TableDemand::kHotEnough) return;
  // Relaxed, all: whoever finds the table or the question a little late asks
  // nothing, or once too often, which KeyPreparer notices.
  if (has_asked_.load(std::memory_order_relaxed)) return;
  if (table_.load(std::memory_order_relaxed) != nullptr) return;
  if (has_asked_.exchange(true, std::memory_order_relaxed)) return;
  demand->Ask(weak_from_this());
}

std::unique_ptr<const KeyTable> PreparedKey::ExchangeTable(
    std::unique_ptr<const KeyTable> table) {
  // Release, so that readers see the table as it was built; and sequentially
  // consistent, as AdvanceEpoch demands.
  return std::unique_ptr<const KeyTable>(
      table_.exchange(table.release(), std::memory_order_seq_cst));
}

}  // namespace signet
