#ifndef SIGNET_KEYS_KEY_FINGERPRINT_H_
#define SIGNET_KEYS_KEY_FINGERPRINT_H_

#include <array>
#include <cstdint>

#include "jose/algorithm.h"
#include "keys/key_material.h"

namespace signet {

// KeyFingerprint is a SHA-256 that is equal for two keys exactly when their
// algorithms and their material are. For an HMAC key it is made of the secret,
// which a short or guessable one could be found from: it stays in memory, out
// of every log, answer and file.
using KeyFingerprint = std::array<uint8_t, 32>;

// FingerprintOf hashes the algorithm's name and the numbers that the key is
// made of, each with its length before it. `material` is sound
// (CheckPublicMaterial).
KeyFingerprint FingerprintOf(Algorithm algorithm,
                             const PublicMaterial& material);

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_FINGERPRINT_H_
