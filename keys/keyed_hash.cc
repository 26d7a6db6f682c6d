#include "keys/keyed_hash.h"

#include "keys/digest.h"
#include "openssl/rand.h"
#include "openssl/siphash.h"

namespace signet {
namespace {

// RAND_bytes aborts rather than fail.
template <size_t kSize>
void FillWithRandom(std::array<uint64_t, kSize>& words) {
  RAND_bytes(reinterpret_cast<uint8_t*>(words.data()), sizeof(words));
}

}  // namespace

KeyedHash::KeyedHash() {
  FillWithRandom(nh_key_);
  FillWithRandom(spreading_key_);
  FillWithRandom(long_key_);
}

uint64_t KeyedHash::HashLong(absl::string_view text) const {
  const absl::Span<const uint8_t> bytes = AsBytes(text);
  return SIPHASH_24(long_key_.data(), bytes.data(), bytes.size()) | 1;
}

}  // namespace signet
