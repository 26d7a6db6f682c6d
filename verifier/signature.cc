#include "verifier/signature.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/types/span.h"
#include "curves/error_queue.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/key_material.h"
#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/ecdsa.h"
#include "openssl/hmac.h"
#include "openssl/mem.h"

namespace signet {
namespace {

// Verifies with each kind of key.
struct SignatureVerifier {
  Algorithm algorithm;
  absl::Span<const uint8_t> input;
  absl::Span<const uint8_t> signature;

  bool operator()(const SecretBytes& secret) const {
    std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
    unsigned size = 0;
    if (HMAC(HashOf(algorithm), secret.bytes().data(), secret.size(),
             input.data(), input.size(), mac.data(), &size) == nullptr) {
      return false;
    }
    return size == signature.size() &&
           CRYPTO_memcmp(mac.data(), signature.data(), size) == 0;
  }

  bool operator()(const bssl::UniquePtr<RSA>& rsa) const {
    if (signature.size() != RSA_size(rsa.get())) return false;
    const EVP_MD* hash = HashOf(algorithm);
    const Digest digest(hash, AsText(input));
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
    const size_t half = CurveOf(algorithm).bytes;
    if (signature.size() != 2 * half) return false;
    const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
    if (pair == nullptr ||
        ECDSA_SIG_set0(pair.get(), BN_bin2bn(signature.data(), half, nullptr),
                       BN_bin2bn(signature.data() + half, half, nullptr)) !=
            1) {
      return false;
    }
    const Digest digest(HashOf(algorithm), AsText(input));
    return ECDSA_do_verify(digest.bytes().data(), digest.bytes().size(),
                           pair.get(), key.get()) == 1;
  }

  bool operator()(const Ed25519PublicKey& key) const {
    return signature.size() == ED25519_SIGNATURE_LEN &&
           ED25519_verify(input.data(), input.size(), signature.data(),
                          key.bytes.data()) == 1;
  }
};

}  // namespace

bool VerifySignature(const VerificationKey& key,
                     absl::string_view signing_input,
                     absl::string_view signature) {
  const ErrorQueueCleaner cleaner;
  return std::visit(SignatureVerifier{key.algorithm(), AsBytes(signing_input),
                                      AsBytes(signature)},
                    key.material());
}

void VerifySignatures(absl::Span<const SignatureTask> tasks,
                      absl::Span<bool> valid) {
  std::transform(tasks.begin(), tasks.end(), valid.begin(),
                 [](const SignatureTask& task) {
                   return VerifySignature(*task.key, task.signing_input,
                                          task.signature);
                 });
}

}  // namespace signet
