#include "keys/pem.h"

#include <array>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "curves/error_queue.h"
#include "openssl/bio.h"
#include "openssl/bytestring.h"
#include "openssl/evp.h"
#include "openssl/mem.h"
#include "openssl/pem.h"

namespace signet {
namespace {

// The contents of a PEM block.
struct PemBlock {
  std::string label;
  SecretBytes der;
};

absl::StatusOr<PemBlock> ReadBlock(BIO* input) {
  char* name = nullptr;
  char* header = nullptr;
  uint8_t* data = nullptr;
  long size = 0;  // NOLINT(google-runtime-int): BoringSSL's type.
  if (PEM_read_bio(input, &name, &header, &data, &size) != 1) {
    return absl::InvalidArgumentError("not a PEM file, or a damaged one");
  }
  const bool encrypted = header[0] != '\0';
  PemBlock block{
      name, SecretBytes(absl::MakeConstSpan(data, static_cast<size_t>(size)))};
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);  // Wipes it.
  if (encrypted || block.label == "ENCRYPTED PRIVATE KEY") {
    return absl::InvalidArgumentError(
        "the PEM key is encrypted; decrypt it first, and keep the file "
        "private");
  }
  if (absl::EndsWith(block.label, "CERTIFICATE")) {
    return absl::InvalidArgumentError(
        "the PEM file is a certificate; extract its public key with \"openssl "
        "x509 -pubkey -noout\"");
  }
  return block;
}

// Counts blocks by how they begin, so that a second one is noticed even if it
// is damaged, or of a kind that would be refused.
bool HasSeveralBlocks(absl::string_view pem) {
  constexpr absl::string_view kBegin = "-----BEGIN ";
  const size_t first = pem.find(kBegin);
  return first != absl::string_view::npos &&
         absl::StrContains(pem.substr(first + kBegin.size()), kBegin);
}

absl::StatusOr<PemBlock> ReadOnlyBlock(absl::string_view pem) {
  const bssl::UniquePtr<BIO> input(
      BIO_new_mem_buf(pem.data(), static_cast<ossl_ssize_t>(pem.size())));
  absl::StatusOr<PemBlock> block = ReadBlock(input.get());
  if (block.ok() && HasSeveralBlocks(pem)) {
    return absl::InvalidArgumentError("the PEM file has more than one block");
  }
  return block;
}

// Takes what is inside an EVP_PKEY, which is what SPKI and PKCS #8 decode to.
bssl::UniquePtr<RSA> RsaOf(const EVP_PKEY& key) {
  return bssl::UniquePtr<RSA>(EVP_PKEY_get1_RSA(&key));
}

bssl::UniquePtr<EC_KEY> EcOf(const EVP_PKEY& key) {
  return bssl::UniquePtr<EC_KEY>(EVP_PKEY_get1_EC_KEY(&key));
}

absl::Status UnsupportedKey() {
  return absl::InvalidArgumentError(
      "the PEM block does not hold an RSA, P-256, P-384, P-521 or Ed25519 key "
      "(an RSA key must be marked rsaEncryption, not RSASSA-PSS)");
}

absl::StatusOr<PublicMaterial> PublicMaterialOf(const EVP_PKEY& key) {
  switch (EVP_PKEY_id(&key)) {
    case EVP_PKEY_RSA:
      return PublicMaterial(RsaOf(key));
    case EVP_PKEY_EC:
      return PublicMaterial(EcOf(key));
    case EVP_PKEY_ED25519: {
      Ed25519PublicKey point;
      size_t size = point.bytes.size();
      EVP_PKEY_get_raw_public_key(&key, point.bytes.data(), &size);
      return PublicMaterial(point);
    }
    default:
      return UnsupportedKey();
  }
}

absl::StatusOr<PrivateMaterial> PrivateMaterialOf(const EVP_PKEY& key) {
  switch (EVP_PKEY_id(&key)) {
    case EVP_PKEY_RSA:
      return PrivateMaterial(RsaOf(key));
    case EVP_PKEY_EC:
      return PrivateMaterial(EcOf(key));
    case EVP_PKEY_ED25519: {
      std::array<uint8_t, 32> seed;
      size_t size = seed.size();
      EVP_PKEY_get_raw_private_key(&key, seed.data(), &size);
      PrivateMaterial material(Ed25519PrivateKey{SecretBytes(seed)});
      OPENSSL_cleanse(seed.data(), seed.size());
      return material;
    }
    default:
      return UnsupportedKey();
  }
}

absl::StatusOr<PublicMaterial> DecodePublic(const PemBlock& block) {
  CBS der;
  CBS_init(&der, block.der.bytes().data(), block.der.size());
  if (block.label == "PUBLIC KEY") {
    const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&der));
    if (key == nullptr || CBS_len(&der) != 0) return UnsupportedKey();
    return PublicMaterialOf(*key);
  }
  if (block.label == "RSA PUBLIC KEY") {
    bssl::UniquePtr<RSA> rsa(RSA_parse_public_key(&der));
    if (rsa == nullptr || CBS_len(&der) != 0) return UnsupportedKey();
    return PublicMaterial(std::move(rsa));
  }
  if (absl::EndsWith(block.label, "PRIVATE KEY")) {
    return absl::InvalidArgumentError(
        "the PEM file holds a private key, where a public one is expected; "
        "extract it with \"openssl pkey -pubout\"");
  }
  return absl::InvalidArgumentError("the PEM block is not a public key");
}

absl::StatusOr<PrivateMaterial> DecodePrivate(const PemBlock& block) {
  CBS der;
  CBS_init(&der, block.der.bytes().data(), block.der.size());
  if (block.label == "PRIVATE KEY") {
    const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_private_key(&der));
    if (key == nullptr || CBS_len(&der) != 0) return UnsupportedKey();
    return PrivateMaterialOf(*key);
  }
  if (block.label == "RSA PRIVATE KEY") {
    bssl::UniquePtr<RSA> rsa(RSA_parse_private_key(&der));
    if (rsa == nullptr || CBS_len(&der) != 0) return UnsupportedKey();
    return PrivateMaterial(std::move(rsa));
  }
  if (block.label == "EC PRIVATE KEY") {
    bssl::UniquePtr<EC_KEY> key(EC_KEY_parse_private_key(&der, nullptr));
    if (key == nullptr || CBS_len(&der) != 0) return UnsupportedKey();
    return PrivateMaterial(std::move(key));
  }
  return absl::InvalidArgumentError("the PEM block is not a private key");
}

std::optional<Algorithm> AlgorithmOfCurve(const EC_KEY& key) {
  const int nid = EC_GROUP_get_curve_name(EC_KEY_get0_group(&key));
  for (const NistCurve& curve : kNistCurves) {
    if (curve.nid == nid) return curve.algorithm;
  }
  return std::nullopt;
}

// The algorithm in the options, or else the one that the key determines.
template <typename Material>
absl::StatusOr<Algorithm> ChooseAlgorithm(const Material& material,
                                          const PemOptions& options) {
  if (options.algorithm) return *options.algorithm;
  if (std::holds_alternative<bssl::UniquePtr<RSA>>(material)) {
    return absl::InvalidArgumentError(
        "an RSA key in PEM does not say which algorithm it is for; name one, "
        "for example RS256");
  }
  if (const auto* key = std::get_if<bssl::UniquePtr<EC_KEY>>(&material)) {
    const std::optional<Algorithm> algorithm = AlgorithmOfCurve(**key);
    if (!algorithm) return UnsupportedKey();
    return *algorithm;
  }
  return Algorithm::kEdDsa;
}

}  // namespace

absl::StatusOr<VerificationKey> ParsePublicPem(absl::string_view pem,
                                               const PemOptions& options) {
  const ErrorQueueCleaner cleaner;
  const absl::StatusOr<PemBlock> block = ReadOnlyBlock(pem);
  if (!block.ok()) return block.status();
  absl::StatusOr<PublicMaterial> material = DecodePublic(*block);
  if (!material.ok()) return material.status();
  const absl::StatusOr<Algorithm> algorithm =
      ChooseAlgorithm(*material, options);
  if (!algorithm.ok()) return algorithm.status();
  return VerificationKey::Create(*algorithm, options.key_id,
                                 *std::move(material), options.limits);
}

absl::StatusOr<SigningKey> ParsePrivatePem(absl::string_view pem,
                                           const PemOptions& options) {
  const ErrorQueueCleaner cleaner;
  const absl::StatusOr<PemBlock> block = ReadOnlyBlock(pem);
  if (!block.ok()) return block.status();
  absl::StatusOr<PrivateMaterial> material = DecodePrivate(*block);
  if (!material.ok()) return material.status();
  const absl::StatusOr<Algorithm> algorithm =
      ChooseAlgorithm(*material, options);
  if (!algorithm.ok()) return algorithm.status();
  return SigningKey::Create(*algorithm, options.key_id, *std::move(material),
                            options.limits);
}

}  // namespace signet
