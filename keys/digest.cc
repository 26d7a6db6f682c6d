#include "keys/digest.h"

namespace signet {

const EVP_MD* HashOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
    case Algorithm::kRs256:
    case Algorithm::kPs256:
    case Algorithm::kEs256:
      return EVP_sha256();
    case Algorithm::kHs384:
    case Algorithm::kRs384:
    case Algorithm::kPs384:
    case Algorithm::kEs384:
      return EVP_sha384();
    case Algorithm::kHs512:
    case Algorithm::kRs512:
    case Algorithm::kPs512:
    case Algorithm::kEs512:
    case Algorithm::kEdDsa:
      return EVP_sha512();
  }
  __builtin_unreachable();
}

Digest::Digest(const EVP_MD* hash, absl::string_view bytes) : bytes_() {
  // Fails only for an unknown hash function.
  EVP_Digest(bytes.data(), bytes.size(), bytes_.data(), &size_, hash, nullptr);
}

}  // namespace signet
