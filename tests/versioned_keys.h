#ifndef SIGNET_TESTS_VERSIONED_KEYS_H_
#define SIGNET_TESTS_VERSIONED_KEYS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/key_set.h"
#include "keys/verification_key.h"

namespace signet {

// VersionedKeys returns HMAC keys of these ids, every byte of whose secrets is
// `version`, so that a test can tell sets apart by their keys.
inline KeySet VersionedKeys(uint8_t version,
                            const std::vector<std::string>& key_ids) {
  std::array<uint8_t, 32> secret;
  secret.fill(version);
  std::vector<VerificationKey> keys;
  keys.reserve(key_ids.size());
  for (const std::string& key_id : key_ids) {
    keys.push_back(*VerificationKey::Create(Algorithm::kHs256, key_id,
                                            SecretBytes(secret), KeyLimits{}));
  }
  return *KeySet::Create(std::move(keys));
}

// VersionOf returns the version that was given to VersionedKeys, or -1 if the
// bytes of the secret disagree.
inline int VersionOf(const VerificationKey& key) {
  const auto bytes = std::get<SecretBytes>(key.material()).bytes();
  const bool agree =
      bytes.size() == 32 &&
      std::all_of(bytes.begin(), bytes.end(),
                  [&bytes](uint8_t byte) { return byte == bytes.front(); });
  return agree ? bytes.front() : -1;
}

}  // namespace signet

#endif  // SIGNET_TESTS_VERSIONED_KEYS_H_
