#include "keys/key_fingerprint.h"

#include <variant>
#include <vector>

#include "absl/types/span.h"
#include "keys/digest.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "openssl/mem.h"
#include "openssl/sha.h"

namespace signet {
namespace {

// FieldHash hashes a list of fields, which their lengths keep apart.
class FieldHash {
 public:
  FieldHash() { SHA256_Init(&context_); }

  void Add(absl::Span<const uint8_t> field) {
    std::array<uint8_t, 8> size;
    for (size_t i = 0; i < size.size(); ++i) {
      size[i] = static_cast<uint8_t>(uint64_t{field.size()} >> (56 - 8 * i));
    }
    SHA256_Update(&context_, size.data(), size.size());
    SHA256_Update(&context_, field.data(), field.size());
  }

  // Without leading zeros: every number has one spelling.
  void Add(const BIGNUM* number) {
    std::vector<uint8_t> bytes(BN_num_bytes(number));
    BN_bn2bin(number, bytes.data());
    Add(bytes);
  }

  // Wipes what the fields have left behind.
  KeyFingerprint Finish() {
    KeyFingerprint fingerprint;
    SHA256_Final(fingerprint.data(), &context_);
    OPENSSL_cleanse(&context_, sizeof(context_));
    return fingerprint;
  }

 private:
  SHA256_CTX context_;
};

// Adds the fields of each kind of key.
struct FieldAdder {
  FieldHash& hash;

  void operator()(const SecretBytes& secret) const { hash.Add(secret.bytes()); }
  void operator()(const bssl::UniquePtr<RSA>& rsa) const {
    hash.Add(RSA_get0_n(rsa.get()));
    hash.Add(RSA_get0_e(rsa.get()));
  }
  // The algorithm names the curve.
  void operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    const bssl::UniquePtr<BIGNUM> x(BN_new());
    const bssl::UniquePtr<BIGNUM> y(BN_new());
    EC_POINT_get_affine_coordinates_GFp(EC_KEY_get0_group(key.get()),
                                        EC_KEY_get0_public_key(key.get()),
                                        x.get(), y.get(), nullptr);
    hash.Add(x.get());
    hash.Add(y.get());
  }
  void operator()(const Ed25519PublicKey& key) const { hash.Add(key.bytes); }
};

}  // namespace

KeyFingerprint FingerprintOf(Algorithm algorithm,
                             const PublicMaterial& material) {
  FieldHash hash;
  hash.Add(AsBytes(AlgorithmName(algorithm)));
  std::visit(FieldAdder{hash}, material);
  return hash.Finish();
}

}  // namespace signet
