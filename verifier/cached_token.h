#ifndef SIGNET_VERIFIER_CACHED_TOKEN_H_
#define SIGNET_VERIFIER_CACHED_TOKEN_H_

#include "jose/unverified_jwt.h"
#include "keys/key_fingerprint.h"

namespace signet {

// CachedToken is what TokenCache remembers about some bytes: they parse to
// `jwt`, and the signature in them verifies with `key`.
struct CachedToken {
  UnverifiedJwt jwt;
  KeyFingerprint key;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_CACHED_TOKEN_H_
