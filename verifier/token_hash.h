#ifndef SIGNET_VERIFIER_TOKEN_HASH_H_
#define SIGNET_VERIFIER_TOKEN_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "jose/compact_jws.h"
#include "keys/keyed_hash.h"

namespace signet {

// TokenHash hashes whole tokens, of up to kMaxTokenBytes, with a secret key of
// its own. For any two of them the chance of a collision is about 2^-32, so
// nobody can prepare a flood of tokens that fall upon one place of a table.
//
// Each piece that is short enough for KeyedHash's fast path is hashed by it;
// the sum of the results, each times a secret number of its place, is the hash.
// The pieces do not wait for each other.
class TokenHash {
 public:
  using PlaceKeys =
      std::array<uint64_t, kMaxTokenBytes / KeyedHash::kMaxFastBytes>;

  // The constructor draws the keys.
  TokenHash();
  // This one is for tests: with keys of 0, all tokens collide.
  explicit TokenHash(const PlaceKeys& place_keys) : place_keys_(place_keys) {}

  // Hash returns the hash of at most kMaxTokenBytes.
  uint64_t Hash(absl::string_view compact) const {
    absl::uint128 sum = 0;
    for (const uint64_t place_key : place_keys_) {
      const absl::string_view piece =
          compact.substr(0, KeyedHash::kMaxFastBytes);
      sum += absl::uint128(piece_hash_.Hash(piece)) * place_key;
      compact.remove_prefix(piece.size());
      if (compact.empty()) break;
    }
    return absl::Uint128Low64(sum) ^ absl::Uint128High64(sum);
  }

 private:
  KeyedHash piece_hash_;
  PlaceKeys place_keys_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_TOKEN_HASH_H_
