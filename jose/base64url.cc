#include "jose/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

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

std::optional<std::string> Base64UrlDecode(absl::string_view encoded) {
  const size_t tail = encoded.size() % 4;
  if (tail == 1) return std::nullopt;
  const size_t whole = encoded.size() - tail;
  std::string bytes(whole / 4 * 3 + tail * 3 / 4, '\0');

  uint32_t invalid = 0;
  char* out = bytes.data();
  for (size_t i = 0; i < whole; i += 4) {
    const uint32_t bits = DecodeGroup(encoded.data() + i, 4);
    invalid |= bits;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8);
    *out++ = static_cast<char>(bits);
  }
  if (tail != 0) {
    const uint32_t bits = DecodeGroup(encoded.data() + whole, tail);
    const uint32_t spare_bits = tail == 2 ? 4 : 2;
    if ((bits & ((1U << spare_bits) - 1)) != 0) return std::nullopt;
    invalid |= bits;
    const uint32_t data = bits >> spare_bits;
    if (tail == 3) *out++ = static_cast<char>(data >> 8);
    *out++ = static_cast<char>(data);
  }
  if ((invalid & kInvalid) != 0) return std::nullopt;
  return bytes;
}

}  // namespace signet
