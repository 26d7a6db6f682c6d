#ifndef SIGNET_KEYS_DIGEST_H_
#define SIGNET_KEYS_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "jose/algorithm.h"
#include "openssl/digest.h"
#include "openssl/sha.h"

namespace signet {

// HashOf returns the hash function of an algorithm (RFC 7518 section 3.1). For
// EdDSA it is SHA-512, which Ed25519 uses inside (RFC 8032 section 5.1).
const EVP_MD* HashOf(Algorithm algorithm);

// Digest is the hash of some bytes. Computing one allocates nothing.
class Digest {
 public:
  // The digest of nothing, of no size.
  Digest() : bytes_() {}

  // `hash` is one that HashOf returns.
  Digest(const EVP_MD* hash, absl::string_view bytes);

  absl::Span<const uint8_t> bytes() const { return {bytes_.data(), size_}; }

 private:
  friend class HashState;

  std::array<uint8_t, EVP_MAX_MD_SIZE> bytes_;
  unsigned size_ = 0;
};

// HashState is a hash function in the middle of its input. A copy goes on from
// there by itself, and is made without the allocation that BoringSSL's own
// EVP_MD_CTX takes.
class HashState {
 public:
  // `hash` is one that HashOf returns.
  explicit HashState(const EVP_MD* hash);

  void Update(absl::Span<const uint8_t> bytes);

  // Finish returns the hash of all input. The state is of no use then.
  Digest Finish();

 private:
  bool IsSha256() const { return size_ == SHA256_DIGEST_LENGTH; }

  unsigned size_;
  union {
    SHA256_CTX sha256_;
    SHA512_CTX sha512_;  // And SHA-384, its relative.
  };
};

// AsBytes views text as the unsigned bytes that BoringSSL takes.
inline absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// AsText views bytes as text.
inline absl::string_view AsText(absl::Span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace signet

#endif  // SIGNET_KEYS_DIGEST_H_
