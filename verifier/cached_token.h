#ifndef SIGNET_VERIFIER_CACHED_TOKEN_H_
#define SIGNET_VERIFIER_CACHED_TOKEN_H_

#include <array>
#include <cstdint>

#include "jose/unverified_jwt.h"

namespace signet {

// KeyFingerprint tells keys apart by what they are, not by what they are
// called: the SHA-256 of an algorithm and its key material.
using KeyFingerprint = std::array<uint8_t, 32>;

// CachedToken is what TokenCache remembers about some bytes: they parse to
// `jwt`, and the signature in them verifies with `key`.
struct CachedToken {
  UnverifiedJwt jwt;
  KeyFingerprint key;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_CACHED_TOKEN_H_
