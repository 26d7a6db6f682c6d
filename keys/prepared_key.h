#ifndef SIGNET_KEYS_PREPARED_KEY_H_
#define SIGNET_KEYS_PREPARED_KEY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "jose/algorithm.h"
#include "keys/hmac_states.h"
#include "keys/key_fingerprint.h"
#include "keys/key_heat.h"
#include "keys/key_material.h"
#include "keys/key_table.h"
#include "keys/prepared_rsa.h"
#include "keys/table_demand.h"

namespace signet {

// PreparedKey is the material of a key with all that was computed from it in
// advance. HMAC states and RSA contexts are small, and there from the start. A
// table for a curve is large: it comes while the key is hot, and goes
// (KeyPreparer). Until then BoringSSL's ordinary calls serve.
//
// All copies of a VerificationKey share one of these. May be used from many
// threads at once.
class PreparedKey : public std::enable_shared_from_this<PreparedKey> {
 public:
  // Create takes sound material (CheckPublicMaterial).
  static std::shared_ptr<PreparedKey> Create(Algorithm algorithm,
                                             PublicMaterial material);

  // Threads hold its address.
  PreparedKey(const PreparedKey&) = delete;
  PreparedKey& operator=(const PreparedKey&) = delete;
  ~PreparedKey();

  Algorithm algorithm() const { return algorithm_; }
  const PublicMaterial& material() const { return material_; }
  const KeyFingerprint& fingerprint() const { return fingerprint_; }

  // hmac is there for HMAC keys, and null for others.
  const HmacStates* hmac() const { return hmac_.get(); }

  // rsa is there for RSA keys where PreparedRsa is supported; null otherwise.
  const PreparedRsa* rsa() const { return rsa_.get(); }

  // table is null if there is none at the moment. It stays valid as long as
  // the ReadSection in which it was asked for.
  const KeyTable* table() const {
    // Acquire, to read the table as it was built; and sequentially consistent,
    // as ReadSection demands.
    return table_.load(std::memory_order_seq_cst);
  }

  // DemandTablesFrom says where to ask for a table. The first call counts: a
  // key has one demand for life, and before it none.
  void DemandTablesFrom(std::shared_ptr<TableDemand> demand);

  // CountUse counts a verification without a table. One that makes the key hot
  // enough asks for a table.
  void CountUse() {
    if (can_have_table_) CountUses(1);
  }

  // CountUseOfTable counts a verification with the table; for all keys
  // together one in kSample of each thread, in the name of as many, so that
  // threads seldom write what others read.
  void CountUseOfTable() {
    static thread_local uint32_t uses = 0;
    if (++uses % kSample == 0) CountUses(kSample);
  }

 private:
  friend class KeyPreparer;

  static constexpr uint32_t kSample = 64;

  PreparedKey(Algorithm algorithm, PublicMaterial material);

  void CountUses(uint32_t uses);

  // Puts `table`, or null, in place, and returns what was there.
  std::unique_ptr<const KeyTable> ExchangeTable(
      std::unique_ptr<const KeyTable> table);

  const Algorithm algorithm_;
  const bool can_have_table_;
  const PublicMaterial material_;
  const KeyFingerprint fingerprint_;
  std::unique_ptr<const HmacStates> hmac_;
  std::unique_ptr<const PreparedRsa> rsa_;
  // Owned.
  std::atomic<const KeyTable*> table_{nullptr};
  std::once_flag has_demand_;
  std::shared_ptr<TableDemand> demand_owner_;
  // What demand_owner_ points to, once it does.
  std::atomic<TableDemand*> demand_{nullptr};

  // On lines of their own, because every use may write them.
  alignas(64) KeyHeat heat_;
  // From asking on until the table is there, or for good if it never can be.
  std::atomic<bool> has_asked_{false};
};

}  // namespace signet

#endif  // SIGNET_KEYS_PREPARED_KEY_H_
