#include "verifier/revocation_hash.h"

#include "keys/digest.h"
#include "openssl/rand.h"
#include "openssl/sha.h"

namespace signet {

RevocationHash::RevocationHash() {
  // RAND_bytes aborts rather than fail.
  RAND_bytes(reinterpret_cast<uint8_t*>(key_.data()), sizeof(key_));
}

RevocationFingerprint RevocationHash::FingerprintOfLong(
    absl::string_view issuer, absl::string_view value, uint64_t sizes) const {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digests[2];
  const auto placed = [&](absl::string_view text, int number) {
    if (text.size() <= kMaxPlacedBytes) return text;
    SHA256(AsBytes(text).data(), text.size(), digests[number].data());
    return AsText(digests[number]);
  };
  return FingerprintOfPlaced(placed(issuer, 0), placed(value, 1), sizes);
}

}  // namespace signet
