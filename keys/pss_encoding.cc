#include "keys/pss_encoding.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "keys/key_material.h"

namespace signet {
namespace {

// Adds MGF1 of `seed` to `block` (RFC 8017 section B.2.1): the hashes of the
// seed and a counter, one after the other.
void Unmask(absl::Span<const uint8_t> seed, const EVP_MD* hash,
            absl::Span<uint8_t> block) {
  HashState seeded(hash);
  seeded.Update(seed);
  for (uint8_t counter = 0; !block.empty(); ++counter) {
    HashState state = seeded;
    const std::array<uint8_t, 4> counter_bytes = {0, 0, 0, counter};
    state.Update(counter_bytes);
    const Digest mask = state.Finish();
    const size_t size = std::min(block.size(), mask.bytes().size());
    for (size_t i = 0; i < size; ++i) block[i] ^= mask.bytes()[i];
    block.remove_prefix(size);
  }
}

// Zeros, and a one at the end.
bool IsPadding(absl::Span<const uint8_t> padding) {
  return padding.back() == 1 &&
         std::all_of(padding.begin(), padding.end() - 1,
                     [](uint8_t byte) { return byte == 0; });
}

}  // namespace

bool IsPssEncoding(absl::Span<const uint8_t> encoded, unsigned modulus_bits,
                   const Digest& digest, const EVP_MD* hash) {
  constexpr uint8_t kTrailer = 0xbc;
  const size_t hash_size = digest.bytes().size();
  // The encoding has one bit less than the modulus, and may have a byte less.
  const unsigned top_bits = (modulus_bits - 1) % 8;
  const unsigned unused_bits = 0xffU << top_bits;
  if ((encoded.front() & unused_bits) != 0) return false;
  if (top_bits == 0) encoded.remove_prefix(1);
  if (encoded.size() < 2 * hash_size + 2) return false;
  if (encoded.back() != kTrailer) return false;

  std::array<uint8_t, kMaxRsaBits / 8> unmasked;
  const auto block =
      absl::MakeSpan(unmasked).subspan(0, encoded.size() - hash_size - 1);
  std::copy_n(encoded.begin(), block.size(), block.begin());
  const auto seed = encoded.subspan(block.size(), hash_size);
  Unmask(seed, hash, block);
  if (top_bits != 0) block[0] &= ~unused_bits;
  if (!IsPadding(block.subspan(0, block.size() - hash_size))) return false;

  constexpr std::array<uint8_t, 8> kZeros = {};
  HashState state(hash);
  state.Update(kZeros);
  state.Update(digest.bytes());
  state.Update(block.subspan(block.size() - hash_size));
  return state.Finish().bytes() == seed;
}

}  // namespace signet
