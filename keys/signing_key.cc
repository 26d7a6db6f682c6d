#include "keys/signing_key.h"

#include <cstdint>
#include <vector>

#include "curves/error_queue.h"
#include "keys/digest.h"
#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/ecdsa.h"
#include "openssl/hmac.h"
#include "openssl/mem.h"
#include "openssl/rand.h"

namespace signet {
namespace {

constexpr int kGeneratedRsaBits = 2048;

uint8_t* MutableBytes(std::string& text) {
  return reinterpret_cast<uint8_t*>(text.data());
}

// Computes the signature with each kind of key, or an empty string on failure.
struct Signer {
  Algorithm algorithm;
  absl::string_view signing_input;

  std::string operator()(const SecretBytes& secret) const {
    std::string mac(EVP_MD_size(HashOf(algorithm)), '\0');
    const absl::Span<const uint8_t> input = AsBytes(signing_input);
    const uint8_t* written =
        HMAC(HashOf(algorithm), secret.bytes().data(), secret.size(),
             input.data(), input.size(), MutableBytes(mac), nullptr);
    return written == nullptr ? std::string() : mac;
  }

  std::string operator()(const bssl::UniquePtr<RSA>& rsa) const {
    const EVP_MD* hash = HashOf(algorithm);
    const Digest digest(hash, signing_input);
    const absl::Span<const uint8_t> bytes = digest.bytes();
    std::string signature(RSA_size(rsa.get()), '\0');
    if (FamilyOf(algorithm) == AlgorithmFamily::kRsaPss) {
      // The salt is as long as the hash (RFC 7518 section 3.5).
      size_t size = 0;
      const int done = RSA_sign_pss_mgf1(
          rsa.get(), &size, MutableBytes(signature), signature.size(),
          bytes.data(), bytes.size(), hash, hash, /*salt_len=*/-1);
      return done == 1 ? signature : std::string();
    }
    unsigned size = 0;
    const int done = RSA_sign(EVP_MD_type(hash), bytes.data(), bytes.size(),
                              MutableBytes(signature), &size, rsa.get());
    return done == 1 ? signature : std::string();
  }

  std::string operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    const Digest digest(HashOf(algorithm), signing_input);
    const bssl::UniquePtr<ECDSA_SIG> pair(
        ECDSA_do_sign(digest.bytes().data(), digest.bytes().size(), key.get()));
    const size_t half = CurveOf(algorithm).bytes;
    std::string signature(2 * half, '\0');
    uint8_t* out = MutableBytes(signature);
    if (pair == nullptr ||
        BN_bn2bin_padded(out, half, ECDSA_SIG_get0_r(pair.get())) != 1 ||
        BN_bn2bin_padded(out + half, half, ECDSA_SIG_get0_s(pair.get())) != 1) {
      return {};
    }
    return signature;
  }

  std::string operator()(const Ed25519PrivateKey& key) const {
    std::array<uint8_t, ED25519_PUBLIC_KEY_LEN> public_key;
    std::array<uint8_t, ED25519_PRIVATE_KEY_LEN> expanded;
    ED25519_keypair_from_seed(public_key.data(), expanded.data(),
                              key.seed.bytes().data());
    std::string signature(ED25519_SIGNATURE_LEN, '\0');
    const absl::Span<const uint8_t> input = AsBytes(signing_input);
    const int done = ED25519_sign(MutableBytes(signature), input.data(),
                                  input.size(), expanded.data());
    OPENSSL_cleanse(expanded.data(), expanded.size());
    return done == 1 ? signature : std::string();
  }
};

SecretBytes RandomSecret(size_t size) {
  std::vector<uint8_t> bytes(size);
  RAND_bytes(bytes.data(), bytes.size());  // Aborts rather than fail.
  SecretBytes secret(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return secret;
}

absl::StatusOr<PrivateMaterial> GenerateRsa() {
  bssl::UniquePtr<RSA> rsa(RSA_new());
  const bssl::UniquePtr<BIGNUM> e(BN_new());
  if (BN_set_word(e.get(), RSA_F4) != 1 ||
      RSA_generate_key_ex(rsa.get(), kGeneratedRsaBits, e.get(), nullptr) !=
          1) {
    return absl::InternalError("cannot generate an RSA key");
  }
  return PrivateMaterial(std::move(rsa));
}

absl::StatusOr<PrivateMaterial> GenerateEc(Algorithm algorithm) {
  bssl::UniquePtr<EC_KEY> key(EC_KEY_new_by_curve_name(CurveOf(algorithm).nid));
  if (key == nullptr || EC_KEY_generate_key(key.get()) != 1) {
    return absl::InternalError("cannot generate an EC key");
  }
  return PrivateMaterial(std::move(key));
}

absl::StatusOr<PrivateMaterial> GenerateMaterial(Algorithm algorithm) {
  switch (FamilyOf(algorithm)) {
    case AlgorithmFamily::kHmac:
      return PrivateMaterial(RandomSecret(EVP_MD_size(HashOf(algorithm))));
    case AlgorithmFamily::kRsaPkcs1:
    case AlgorithmFamily::kRsaPss:
      return GenerateRsa();
    case AlgorithmFamily::kEcdsa:
      return GenerateEc(algorithm);
    case AlgorithmFamily::kEd25519:
      return PrivateMaterial(Ed25519PrivateKey{RandomSecret(32)});
  }
  __builtin_unreachable();
}

}  // namespace

absl::StatusOr<SigningKey> SigningKey::Create(Algorithm algorithm,
                                              absl::string_view key_id,
                                              PrivateMaterial material,
                                              const KeyLimits& limits) {
  const absl::Status sound = CheckPrivateMaterial(algorithm, material, limits);
  if (!sound.ok()) return sound;
  absl::StatusOr<VerificationKey> verification_key =
      VerificationKey::Create(algorithm, key_id, PublicHalf(material), limits);
  if (!verification_key.ok()) return verification_key.status();
  return SigningKey(std::move(material), *std::move(verification_key));
}

absl::StatusOr<SigningKey> SigningKey::Generate(Algorithm algorithm,
                                                absl::string_view key_id) {
  const ErrorQueueCleaner cleaner;
  absl::StatusOr<PrivateMaterial> material = GenerateMaterial(algorithm);
  if (!material.ok()) return material.status();
  return Create(algorithm, key_id, *std::move(material), KeyLimits{});
}

absl::StatusOr<std::string> SigningKey::Sign(
    absl::string_view signing_input) const {
  const ErrorQueueCleaner cleaner;
  std::string signature =
      std::visit(Signer{algorithm(), signing_input}, material_);
  if (signature.empty()) return absl::InternalError("cannot sign");
  return signature;
}

}  // namespace signet
