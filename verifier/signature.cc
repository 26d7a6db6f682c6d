#include "verifier/signature.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <variant>

#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_table.h"
#include "curves/ecdsa_verifier.h"
#include "curves/ed25519_table.h"
#include "curves/ed25519_verifier.h"
#include "curves/error_queue.h"
#include "curves/p256_table.h"
#include "curves/p256_verifier.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/key_material.h"
#include "keys/key_table.h"
#include "keys/prepared_key.h"
#include "keys/read_section.h"
#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/ecdsa.h"

namespace signet {
namespace {

// OrdinaryCall verifies with BoringSSL's ordinary call for each kind of key.
struct OrdinaryCall {
  const SignatureTask& task;

  bool operator()(const SecretBytes&) const {
    // An HMAC key is prepared from its creation on.
    std::abort();
  }

  bool operator()(const bssl::UniquePtr<RSA>& rsa) const {
    const Algorithm algorithm = task.key->algorithm();
    const auto signature = AsBytes(task.signature);
    if (signature.size() != RSA_size(rsa.get())) return false;
    const EVP_MD* hash = HashOf(algorithm);
    const Digest digest(hash, task.signing_input);
    const absl::Span<const uint8_t> bytes = digest.bytes();
    if (FamilyOf(algorithm) == AlgorithmFamily::kRsaPss) {
      return RSA_verify_pss_mgf1(rsa.get(), bytes.data(), bytes.size(), hash,
                                 hash, /*salt_len=*/-1, signature.data(),
                                 signature.size()) == 1;
    }
    return RSA_verify(EVP_MD_type(hash), bytes.data(), bytes.size(),
                      signature.data(), signature.size(), rsa.get()) == 1;
  }

  bool operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    const Algorithm algorithm = task.key->algorithm();
    const auto signature = AsBytes(task.signature);
    const size_t half = CurveOf(algorithm).bytes;
    if (signature.size() != 2 * half) return false;
    const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
    if (pair == nullptr ||
        ECDSA_SIG_set0(pair.get(), BN_bin2bn(signature.data(), half, nullptr),
                       BN_bin2bn(signature.data() + half, half, nullptr)) !=
            1) {
      return false;
    }
    const Digest digest(HashOf(algorithm), task.signing_input);
    return ECDSA_do_verify(digest.bytes().data(), digest.bytes().size(),
                           pair.get(), key.get()) == 1;
  }

  bool operator()(const Ed25519PublicKey& key) const {
    const auto input = AsBytes(task.signing_input);
    const auto signature = AsBytes(task.signature);
    return signature.size() == ED25519_SIGNATURE_LEN &&
           ED25519_verify(input.data(), input.size(), signature.data(),
                          key.bytes.data()) == 1;
  }
};

// Verifies a signature whose key has no table.
bool VerifyWithoutTable(const SignatureTask& task) {
  PreparedKey& key = task.key->prepared();
  if (key.hmac() != nullptr) {
    return key.hmac()->Verify(task.signing_input, task.signature);
  }
  if (key.rsa() != nullptr) {
    const Digest digest(HashOf(key.algorithm()), task.signing_input);
    return key.rsa()->Verify(digest, AsBytes(task.signature));
  }
  key.CountUse();
  const ErrorQueueCleaner cleaner;
  return std::visit(OrdinaryCall{task}, key.material());
}

const EC_KEY& EcKeyOf(const SignatureTask& task) {
  return *std::get<bssl::UniquePtr<EC_KEY>>(task.key->material());
}

// TableCall verifies with each kind of table.
struct TableCall {
  const SignatureTask& task;

  bool operator()(const P256Table& table) const {
    const Digest digest(HashOf(Algorithm::kEs256), task.signing_input);
    return VerifyP256(table, EcKeyOf(task), digest.bytes(),
                      AsBytes(task.signature));
  }
  template <typename Curve>
  bool operator()(const EcdsaTable<Curve>& table) const {
    const Digest digest(HashOf(task.key->algorithm()), task.signing_input);
    return VerifyEcdsa(table, EcKeyOf(task), digest.bytes(),
                       AsBytes(task.signature));
  }
  bool operator()(const Ed25519Table& table) const {
    return VerifyEd25519(table, task.signing_input, task.signature);
  }
};

// BatchOf gathers tasks for a function that verifies many at once, and calls it
// whenever it is full, and at the end.
template <typename Task,
          void (*kVerify)(absl::Span<const Task>, absl::Span<bool>)>
class BatchOf {
 public:
  // As many as either function shares inversions among.
  static constexpr size_t kCapacity = 64;

  BatchOf() = default;
  // Tasks may view what lies beside them.
  BatchOf(const BatchOf&) = delete;
  BatchOf& operator=(const BatchOf&) = delete;
  ~BatchOf() { Verify(); }

  size_t size() const { return size_; }

  // Add has `verdict` set to that of `task`, now or later.
  void Add(const Task& task, bool& verdict) {
    tasks_[size_] = task;
    verdicts_[size_] = &verdict;
    if (++size_ == kCapacity) Verify();
  }

 private:
  void Verify() {
    std::array<bool, kCapacity> valid;
    kVerify({tasks_.data(), size_}, {valid.data(), size_});
    for (size_t i = 0; i < size_; ++i) *verdicts_[i] = valid[i];
    size_ = 0;
  }

  size_t size_ = 0;
  std::array<Task, kCapacity> tasks_;
  std::array<bool*, kCapacity> verdicts_;
};

// EcdsaBatchOf is BatchOf for a curve of ECDSA, with the digests to be
// verified.
template <typename Table, typename Task,
          void (*kVerify)(absl::Span<const Task>, absl::Span<bool>)>
class EcdsaBatchOf {
 public:
  void Add(const SignatureTask& task, const Table& table, bool& verdict) {
    Digest& digest = digests_[batch_.size()];
    digest = Digest(HashOf(task.key->algorithm()), task.signing_input);
    batch_.Add(
        {&table, &EcKeyOf(task), digest.bytes(), AsBytes(task.signature)},
        verdict);
  }

 private:
  using Batch = BatchOf<Task, kVerify>;

  // Outlive the batch, whose end verifies what is left.
  std::array<Digest, Batch::kCapacity> digests_;
  Batch batch_;
};

// Batches gathers tasks by what verifies them. All of it is on the stack: 32
// KiB.
class Batches {
 public:
  // Add has `verdict` set to that of `task`, whose key has `table`, now or
  // later.
  void Add(const SignatureTask& task, const KeyTable& table, bool& verdict) {
    table.Visit([this, &task, &verdict](const auto& of_curve) {
      this->AddTo(task, of_curve, verdict);
    });
  }

 private:
  template <typename Curve>
  using LargeBatch = EcdsaBatchOf<EcdsaTable<Curve>, EcdsaTask<Curve>,
                                  VerifyEcdsaBatch<Curve>>;

  void AddTo(const SignatureTask& task, const P256Table& table, bool& verdict) {
    p256_.Add(task, table, verdict);
  }
  void AddTo(const SignatureTask& task, const EcdsaTable<P384>& table,
             bool& verdict) {
    p384_.Add(task, table, verdict);
  }
  void AddTo(const SignatureTask& task, const EcdsaTable<P521>& table,
             bool& verdict) {
    p521_.Add(task, table, verdict);
  }
  void AddTo(const SignatureTask& task, const Ed25519Table& table,
             bool& verdict) {
    ed25519_.Add({&table, task.signing_input, task.signature}, verdict);
  }

  EcdsaBatchOf<P256Table, P256Task, VerifyP256Batch> p256_;
  LargeBatch<P384> p384_;
  LargeBatch<P521> p521_;
  BatchOf<Ed25519Task, VerifyEd25519Batch> ed25519_;
};

}  // namespace

bool VerifySignature(const VerificationKey& key,
                     absl::string_view signing_input,
                     absl::string_view signature) {
  const SignatureTask task = {&key, signing_input, signature};
  const ReadSection section;  // Keeps the table.
  const KeyTable* const table = key.prepared().table();
  if (table == nullptr) return VerifyWithoutTable(task);
  key.prepared().CountUseOfTable();
  return table->Visit(TableCall{task});
}

void VerifySignatures(absl::Span<const SignatureTask> tasks,
                      absl::Span<bool> valid) {
  const ReadSection section;  // Keeps tables until the batches are done.
  Batches batches;
  for (size_t i = 0; i < tasks.size(); ++i) {
    PreparedKey& key = tasks[i].key->prepared();
    const KeyTable* const table = key.table();
    if (table == nullptr) {
      valid[i] = VerifyWithoutTable(tasks[i]);
      continue;
    }
    key.CountUseOfTable();
    batches.Add(tasks[i], *table, valid[i]);
  }
}

}  // namespace signet
