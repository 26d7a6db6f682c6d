#include "keys/key_material.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "curves/error_queue.h"
#include "keys/digest.h"
#include "keys/ed25519_point.h"
#include "keys/roca.h"
#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/mem.h"
#include "openssl/nid.h"

namespace signet {
namespace {

absl::Status CheckHmacSecret(Algorithm algorithm, const SecretBytes& secret) {
  const size_t least = EVP_MD_size(HashOf(algorithm));
  if (secret.size() < least) {
    return absl::InvalidArgumentError(
        absl::StrCat("HMAC secret has ", secret.size(), " bytes; ",
                     AlgorithmName(algorithm), " needs at least ", least));
  }
  return absl::OkStatus();
}

absl::Status CheckRsaKey(const RSA& rsa, const KeyLimits& limits) {
  const ErrorQueueCleaner cleaner;
  const unsigned bits = RSA_bits(&rsa);
  // Verification has room on the stack for so many.
  const unsigned most_bits = std::min(limits.max_rsa_bits, kMaxRsaBits);
  if (bits < kMinRsaBits || bits > most_bits) {
    return absl::InvalidArgumentError(
        absl::StrCat("RSA modulus has ", bits, " bits; accepted are ",
                     kMinRsaBits, " to ", most_bits));
  }
  if (BN_is_odd(RSA_get0_n(&rsa)) == 0) {
    return absl::InvalidArgumentError("RSA modulus is even");
  }
  const BIGNUM* e = RSA_get0_e(&rsa);
  if (BN_is_odd(e) == 0 || BN_is_one(e) == 1) {
    return absl::InvalidArgumentError(
        "RSA public exponent must be odd and at least 3");
  }
  if (HasRocaFingerprint(RSA_get0_n(&rsa))) {
    return absl::InvalidArgumentError(
        "RSA modulus has the weakness of CVE-2017-15361 (ROCA): whoever sees "
        "it can compute the private key");
  }
  if (RSA_check_key(&rsa) != 1) {
    return absl::InvalidArgumentError(
        "RSA key is inconsistent, or its public exponent exceeds 33 bits");
  }
  return absl::OkStatus();
}

absl::Status CheckEcKey(Algorithm algorithm, const EC_KEY& key) {
  const ErrorQueueCleaner cleaner;
  const NistCurve& curve = CurveOf(algorithm);
  if (EC_GROUP_get_curve_name(EC_KEY_get0_group(&key)) != curve.nid) {
    return absl::InvalidArgumentError(absl::StrCat(
        AlgorithmName(algorithm), " needs a key on curve ", curve.jwk_name));
  }
  if (EC_KEY_check_key(&key) != 1) {
    return absl::InvalidArgumentError(
        "EC key is not a point on its curve, or its halves do not match");
  }
  return absl::OkStatus();
}

absl::Status WrongKind(Algorithm algorithm) {
  return absl::InvalidArgumentError(absl::StrCat(
      "key is not of the type that ", AlgorithmName(algorithm), " uses"));
}

// Checks any material, public or private, against the algorithm's family.
struct MaterialChecker {
  Algorithm algorithm;
  const KeyLimits& limits;

  absl::Status operator()(const SecretBytes& secret) const {
    if (FamilyOf(algorithm) != AlgorithmFamily::kHmac) {
      return WrongKind(algorithm);
    }
    return CheckHmacSecret(algorithm, secret);
  }
  absl::Status operator()(const bssl::UniquePtr<RSA>& rsa) const {
    const AlgorithmFamily family = FamilyOf(algorithm);
    if (family != AlgorithmFamily::kRsaPkcs1 &&
        family != AlgorithmFamily::kRsaPss) {
      return WrongKind(algorithm);
    }
    return CheckRsaKey(*rsa, limits);
  }
  absl::Status operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    if (FamilyOf(algorithm) != AlgorithmFamily::kEcdsa) {
      return WrongKind(algorithm);
    }
    return CheckEcKey(algorithm, *key);
  }
  absl::Status operator()(const Ed25519PublicKey& key) const {
    if (algorithm != Algorithm::kEdDsa) return WrongKind(algorithm);
    return CheckEd25519Point(key.bytes);
  }
  absl::Status operator()(const Ed25519PrivateKey& key) const {
    return (*this)(key.PublicKey());
  }
};

bssl::UniquePtr<RSA> PublicRsa(const RSA& rsa) {
  bssl::UniquePtr<RSA> result(RSA_new());
  bssl::UniquePtr<BIGNUM> n(BN_dup(RSA_get0_n(&rsa)));
  bssl::UniquePtr<BIGNUM> e(BN_dup(RSA_get0_e(&rsa)));
  if (RSA_set0_key(result.get(), n.get(), e.get(), nullptr) == 1) {
    (void)n.release();
    (void)e.release();
  }
  return result;
}

bssl::UniquePtr<EC_KEY> PublicEc(const EC_KEY& key) {
  bssl::UniquePtr<EC_KEY> result(EC_KEY_new());
  EC_KEY_set_group(result.get(), EC_KEY_get0_group(&key));
  EC_KEY_set_public_key(result.get(), EC_KEY_get0_public_key(&key));
  return result;
}

struct PublicHalfOf {
  PublicMaterial operator()(const SecretBytes& secret) const {
    return secret.Copy();
  }
  PublicMaterial operator()(const bssl::UniquePtr<RSA>& rsa) const {
    return PublicRsa(*rsa);
  }
  PublicMaterial operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    return PublicEc(*key);
  }
  PublicMaterial operator()(const Ed25519PrivateKey& key) const {
    return key.PublicKey();
  }
};

}  // namespace

const std::array<NistCurve, 3> kNistCurves = {{
    {Algorithm::kEs256, "P-256", NID_X9_62_prime256v1, 32},
    {Algorithm::kEs384, "P-384", NID_secp384r1, 48},
    {Algorithm::kEs512, "P-521", NID_secp521r1, 66},
}};

const NistCurve& CurveOf(Algorithm algorithm) {
  for (const NistCurve& curve : kNistCurves) {
    if (curve.algorithm == algorithm) return curve;
  }
  __builtin_unreachable();
}

SecretBytes::~SecretBytes() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Ed25519PublicKey Ed25519PrivateKey::PublicKey() const {
  Ed25519PublicKey key;
  std::array<uint8_t, ED25519_PRIVATE_KEY_LEN> expanded;
  ED25519_keypair_from_seed(key.bytes.data(), expanded.data(),
                            seed.bytes().data());
  OPENSSL_cleanse(expanded.data(), expanded.size());
  return key;
}

absl::Status CheckPublicMaterial(Algorithm algorithm,
                                 const PublicMaterial& material,
                                 const KeyLimits& limits) {
  return std::visit(MaterialChecker{algorithm, limits}, material);
}

absl::Status CheckPrivateMaterial(Algorithm algorithm,
                                  const PrivateMaterial& material,
                                  const KeyLimits& limits) {
  return std::visit(MaterialChecker{algorithm, limits}, material);
}

PublicMaterial PublicHalf(const PrivateMaterial& material) {
  return std::visit(PublicHalfOf{}, material);
}

}  // namespace signet
