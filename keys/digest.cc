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
  HashState state(hash);
  state.Update(AsBytes(bytes));
  *this = state.Finish();
}

HashState::HashState(const EVP_MD* hash)
    : size_(static_cast<unsigned>(EVP_MD_size(hash))), sha512_() {
  if (IsSha256()) {
    SHA256_Init(&sha256_);
  } else if (size_ == SHA384_DIGEST_LENGTH) {
    SHA384_Init(&sha512_);
  } else {
    SHA512_Init(&sha512_);
  }
}

void HashState::Update(absl::Span<const uint8_t> bytes) {
  if (IsSha256()) {
    SHA256_Update(&sha256_, bytes.data(), bytes.size());
  } else {
    SHA512_Update(&sha512_, bytes.data(), bytes.size());
  }
}

Digest HashState::Finish() {
  Digest digest;
  digest.size_ = size_;
  if (IsSha256()) {
    SHA256_Final(digest.bytes_.data(), &sha256_);
  } else if (size_ == SHA384_DIGEST_LENGTH) {
    SHA384_Final(digest.bytes_.data(), &sha512_);
  } else {
    SHA512_Final(digest.bytes_.data(), &sha512_);
  }
  return digest;
}

}  // namespace signet
