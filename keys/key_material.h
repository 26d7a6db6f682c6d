#ifndef SIGNET_KEYS_KEY_MATERIAL_H_
#define SIGNET_KEYS_KEY_MATERIAL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "jose/algorithm.h"
#include "openssl/base.h"
#include "openssl/ec_key.h"
#include "openssl/rsa.h"

namespace signet {

// SecretBytes are wiped from memory when they go, and cannot be printed.
class SecretBytes {
 public:
  explicit SecretBytes(absl::Span<const uint8_t> bytes)
      : bytes_(bytes.begin(), bytes.end()) {}
  // Every copy of a secret is made by name, with Copy.
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&&) = default;
  SecretBytes& operator=(SecretBytes&&) = delete;
  ~SecretBytes();

  SecretBytes Copy() const { return SecretBytes(bytes()); }
  absl::Span<const uint8_t> bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }

 private:
  // A vector, because a string may leave a short secret behind when it moves.
  std::vector<uint8_t> bytes_;
};

// Ed25519PublicKey is an encoded point (RFC 8032 section 5.1.5).
struct Ed25519PublicKey {
  std::array<uint8_t, 32> bytes;
};

// Ed25519PrivateKey is a 32-byte seed (RFC 8032 section 5.1.5).
struct Ed25519PrivateKey {
  SecretBytes seed;

  Ed25519PublicKey PublicKey() const;
};

// PublicMaterial is what verifies, and PrivateMaterial what signs. An HMAC
// secret does both.
using PublicMaterial = std::variant<SecretBytes, bssl::UniquePtr<RSA>,
                                    bssl::UniquePtr<EC_KEY>, Ed25519PublicKey>;
using PrivateMaterial =
    std::variant<SecretBytes, bssl::UniquePtr<RSA>, bssl::UniquePtr<EC_KEY>,
                 Ed25519PrivateKey>;

// RSA keys smaller or larger than this are never accepted.
inline constexpr unsigned kMinRsaBits = 2048;
inline constexpr unsigned kMaxRsaBits = 8192;

// KeyLimits bounds what is accepted as a key.
struct KeyLimits {
  // From 4096 to kMaxRsaBits: a larger key costs every verification more. A
  // higher limit is taken for kMaxRsaBits.
  unsigned max_rsa_bits = 4096;
};

// CheckPublicMaterial returns InvalidArgument unless `material` is of the kind
// that `algorithm` uses, and sound:
//   HMAC     at least as long as the hash (RFC 7518 section 3.2)
//   RSA      kMinRsaBits to max_rsa_bits, modulus odd and without the
//            fingerprint of ROCA, exponent odd and >= 3
//   ECDSA    on the curve of the algorithm
//   Ed25519  a canonical encoding of a curve point that is not of low order
absl::Status CheckPublicMaterial(Algorithm algorithm,
                                 const PublicMaterial& material,
                                 const KeyLimits& limits);

// CheckPrivateMaterial demands the same of the public half, and that the two
// halves belong together.
absl::Status CheckPrivateMaterial(Algorithm algorithm,
                                  const PrivateMaterial& material,
                                  const KeyLimits& limits);

// PublicHalf returns what verifies the signatures that `material` makes.
PublicMaterial PublicHalf(const PrivateMaterial& material);

// NistCurve is one of the curves of ECDSA in JOSE (RFC 7518 section 6.2.1.1).
struct NistCurve {
  Algorithm algorithm;
  absl::string_view jwk_name;
  int nid;
  // The length of a coordinate and of a scalar. The two are the same here.
  size_t bytes;
};

// kNistCurves lists all of them.
extern const std::array<NistCurve, 3> kNistCurves;

// CurveOf returns the curve of an algorithm of family kEcdsa.
const NistCurve& CurveOf(Algorithm algorithm);

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_MATERIAL_H_
