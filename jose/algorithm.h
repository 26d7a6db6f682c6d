#ifndef SIGNET_JOSE_ALGORITHM_H_
#define SIGNET_JOSE_ALGORITHM_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <optional>

#include "absl/strings/string_view.h"

namespace signet {

// Algorithm is a JWS signature algorithm (RFC 7518 section 3.1, RFC 8037,
// RFC 9864). There is no "none", and no way to express it.
enum class Algorithm {
  kHs256,
  kHs384,
  kHs512,
  kRs256,
  kRs384,
  kRs512,
  kPs256,
  kPs384,
  kPs512,
  kEs256,
  kEs384,
  kEs512,
  kEdDsa,  // With Ed25519, the only curve.
};

// kAllAlgorithms lists every Algorithm, in order.
inline constexpr std::array<Algorithm, 13> kAllAlgorithms = {
    Algorithm::kHs256, Algorithm::kHs384, Algorithm::kHs512, Algorithm::kRs256,
    Algorithm::kRs384, Algorithm::kRs512, Algorithm::kPs256, Algorithm::kPs384,
    Algorithm::kPs512, Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512,
    Algorithm::kEdDsa};

// AlgorithmFamily tells what kind of key an algorithm works with.
enum class AlgorithmFamily { kHmac, kRsaPkcs1, kRsaPss, kEcdsa, kEd25519 };

// FamilyOf returns the family that `algorithm` belongs to.
AlgorithmFamily FamilyOf(Algorithm algorithm);

// IsAsymmetric is false for HMAC, where whoever verifies can also sign.
inline bool IsAsymmetric(Algorithm algorithm) {
  return FamilyOf(algorithm) != AlgorithmFamily::kHmac;
}

// AlgorithmName returns the `alg` value that Signet writes: "ES256", "EdDSA".
absl::string_view AlgorithmName(Algorithm algorithm);

// AlgorithmFromName reads an `alg` value, case-sensitively (RFC 7515 section
// 4.1.1). Both "EdDSA" and "Ed25519" (RFC 9864) are kEdDsa.
std::optional<Algorithm> AlgorithmFromName(absl::string_view name);

// AlgorithmSet is a set of algorithms.
class AlgorithmSet {
 public:
  AlgorithmSet() = default;
  AlgorithmSet(std::initializer_list<Algorithm> algorithms) {
    for (const Algorithm algorithm : algorithms) Add(algorithm);
  }

  void Add(Algorithm algorithm) { bits_.set(static_cast<size_t>(algorithm)); }
  bool Contains(Algorithm algorithm) const {
    return bits_.test(static_cast<size_t>(algorithm));
  }
  bool empty() const { return bits_.none(); }

 private:
  std::bitset<kAllAlgorithms.size()> bits_;
};

}  // namespace signet

#endif  // SIGNET_JOSE_ALGORITHM_H_
