#include "jose/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace signet {
namespace {

constexpr absl::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// A value that no six bits have. Its high bits survive OR-ing with others.
constexpr uint32_t kInvalid = 0xFF000000;

constexpr std::array<uint32_t, 256> MakeSextets() {
  std::array<uint32_t, 256> sextets{};
  for (uint32_t& sextet : sextets) sextet = kInvalid;
  for (uint32_t value = 0; value < 64; ++value) {
    sextets[static_cast<unsigned char>(kAlphabet[value])] = value;
  }
  return sextets;
}

constexpr std::array<uint32_t, 256> kSextets = MakeSextets();

// Returns the `count` characters at `encoded` as 6 * count bits, with high
// bits set if one of them is not in the alphabet.
uint32_t DecodeGroup(const char* encoded, size_t count) {
  uint32_t bits = 0;
  uint32_t invalid = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t sextet = kSextets[static_cast<unsigned char>(encoded[i])];
    invalid |= sextet & kInvalid;
    bits = bits << 6 | (sextet & 63);
  }
  return bits | invalid;
}

#if defined(__x86_64__)

// kBlock characters are decoded at once. The result is stored with eight bytes
// of nothing behind it, so there must be room.
constexpr size_t kBlock = 32;
constexpr size_t kRoomBehindBlock = 16;

__attribute__((target("avx2"))) __m256i Twice(__m128i half) {
  return _mm256_broadcastsi128_si256(half);
}

// Replaces each character by its six bits. False if one has none.
__attribute__((target("avx2"))) bool ToSextets(__m256i& block) {
  // The alphabet by the halves of a character: bit h of entry l is set if h *
  // 16
  // + l is in it. There is no character with h >= 8.
  const __m256i members_by_low = Twice(_mm_setr_epi8(
      static_cast<char>(0xA8), static_cast<char>(0xF8), static_cast<char>(0xF8),
      static_cast<char>(0xF8), static_cast<char>(0xF8), static_cast<char>(0xF8),
      static_cast<char>(0xF8), static_cast<char>(0xF8), static_cast<char>(0xF8),
      static_cast<char>(0xF8), static_cast<char>(0xF0), 0x50, 0x50, 0x54, 0x50,
      0x70));
  const __m256i bit_of_high =
      Twice(_mm_setr_epi8(0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40,
                          static_cast<char>(0x80), 0, 0, 0, 0, 0, 0, 0, 0));
  // What to add: '-' is 62, '0' is 52, 'A' is 0, 'a' is 26.
  const __m256i distance_by_high =
      Twice(_mm_setr_epi8(0, 0, 62 - '-', 52 - '0', -'A', -'A', 26 - 'a',
                          26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i low_half = _mm256_set1_epi8(0x0F);

  const __m256i low = _mm256_and_si256(block, low_half);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi32(block, 4), low_half);
  const __m256i foreign = _mm256_cmpeq_epi8(
      _mm256_and_si256(_mm256_shuffle_epi8(members_by_low, low),
                       _mm256_shuffle_epi8(bit_of_high, high)),
      _mm256_setzero_si256());
  if (_mm256_testz_si256(foreign, foreign) == 0) return false;
  // '_' is 63, though it stands among the capital letters.
  const __m256i underscore =
      _mm256_and_si256(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('_')),
                       _mm256_set1_epi8(63 - '_' + 'A'));
  block = _mm256_add_epi8(
      _mm256_add_epi8(block, _mm256_shuffle_epi8(distance_by_high, high)),
      underscore);
  return true;
}

// Joins 32 times six bits to 24 bytes, with zeros behind.
__attribute__((target("avx2"))) __m256i JoinSextets(__m256i sextets) {
  const __m256i pairs =
      _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
  const __m256i groups =
      _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  const __m256i halves = _mm256_shuffle_epi8(
      groups, Twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1,
                                  -1, -1, -1)));
  return _mm256_permutevar8x32_epi32(halves,
                                     _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

__attribute__((target("avx2"))) size_t DecodeBlocksAvx2(
    absl::string_view encoded, char* bytes) {
  size_t i = 0;
  for (; encoded.size() - i >= kBlock + kRoomBehindBlock; i += kBlock) {
    __m256i block = _mm256_loadu_si256(
        reinterpret_cast<const __m256i*>(encoded.data() + i));
    if (!ToSextets(block)) return i;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(bytes + i / 4 * 3),
                        JoinSextets(block));
  }
  return i;
}

// Decodes what it can do fast, and returns how many characters that were: a
// multiple of four, up to a block in which something is wrong.
size_t DecodeBlocks(absl::string_view encoded, char* bytes) {
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  return has_avx2 ? DecodeBlocksAvx2(encoded, bytes) : 0;
}

#else

size_t DecodeBlocks(absl::string_view, char*) { return 0; }

#endif

}  // namespace

std::string Base64UrlEncode(absl::string_view bytes) {
  std::string encoded;
  encoded.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  int available = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (available += 8; available >= 6;) {
      available -= 6;
      encoded.push_back(kAlphabet[bits >> available & 63]);
    }
  }
  if (available > 0) {
    encoded.push_back(kAlphabet[bits << (6 - available) & 63]);
  }
  return encoded;
}

bool Base64UrlDecodeTo(absl::string_view encoded, char* bytes) {
  const size_t tail = encoded.size() % 4;
  if (tail == 1) return false;
  const size_t whole = encoded.size() - tail;

  uint32_t invalid = 0;
  size_t i = DecodeBlocks(encoded, bytes);
  char* out = bytes + i / 4 * 3;
  for (; i < whole; i += 4) {
    const uint32_t bits = DecodeGroup(encoded.data() + i, 4);
    invalid |= bits;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8);
    *out++ = static_cast<char>(bits);
  }
  if (tail != 0) {
    const uint32_t bits = DecodeGroup(encoded.data() + whole, tail);
    const uint32_t spare_bits = tail == 2 ? 4 : 2;
    if ((bits & ((1U << spare_bits) - 1)) != 0) return false;
    invalid |= bits;
    const uint32_t data = bits >> spare_bits;
    if (tail == 3) *out++ = static_cast<char>(data >> 8);
    *out++ = static_cast<char>(data);
  }
  return (invalid & kInvalid) == 0;
}

std::optional<std::string> Base64UrlDecode(absl::string_view encoded) {
  std::string bytes(Base64UrlDecodedSize(encoded.size()), '\0');
  if (!Base64UrlDecodeTo(encoded, bytes.data())) return std::nullopt;
  return bytes;
}

}  // namespace signet
