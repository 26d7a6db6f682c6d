#ifndef SIGNET_VERIFIER_REVOCATION_HASH_H_
#define SIGNET_VERIFIER_REVOCATION_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace signet {

// RevocationFingerprint stands for an issuer and something of the issuer's. It
// is of use only in the process that made it.
struct RevocationFingerprint {
  uint64_t first;
  uint64_t second;
};

// RevocationHash makes fingerprints. Its key is random and never leaves it, and
// two different pairs of texts, whoever chose them, have the same fingerprint
// with probability 2^-128; the same bits of it, for any n of them, with 2^-n.
//
// It is the multilinear hash (Lemire and Kaser, The Computer Journal, 2014),
// which is strongly universal without any assumption: words of 64 bits, each
// times a secret of its place of 128 bits, summed modulo 2^128, of which the
// upper half is the hash; and that twice. The words are the lengths of the two
// texts, and the bytes of each at places of its own, so that they cannot be
// told apart in another way. Of a text that has more bytes than places, the
// SHA-256 has them.
class RevocationHash {
 public:
  static constexpr size_t kMaxPlacedBytes = 128;

  // With absl::uint128, a fingerprint takes 29 ns instead of 9: it goes through
  // memory.
  __extension__ using Uint128 = unsigned __int128;

  // Key is a secret to begin with, one for the lengths, and one for each word
  // of either text; and all that for each half of a fingerprint.
  using HalfKey = std::array<Uint128, 2 + 2 * (kMaxPlacedBytes / 8)>;
  using Key = std::array<HalfKey, 2>;

  // The constructor draws the key.
  RevocationHash();
  // This one is for tests: with a half of zeros, that half is 0 for all texts.
  explicit RevocationHash(const Key& key) : key_(key) {}

  // Fingerprint takes texts of less than 4 GiB.
  RevocationFingerprint Fingerprint(absl::string_view issuer,
                                    absl::string_view value) const {
    const uint64_t sizes = uint64_t{issuer.size()} << 32 | value.size();
    if (issuer.size() > kMaxPlacedBytes || value.size() > kMaxPlacedBytes) {
      return FingerprintOfLong(issuer, value, sizes);
    }
    return FingerprintOfPlaced(issuer, value, sizes);
  }

 private:
  struct Sums {
    Uint128 first;
    Uint128 second;
  };

  RevocationFingerprint FingerprintOfPlaced(absl::string_view issuer,
                                            absl::string_view value,
                                            uint64_t sizes) const {
    Sums sums = AddWord(sizes, 1, {key_[0][0], key_[1][0]});
    sums = AddText(issuer, 2, sums);
    sums = AddText(value, 2 + kMaxPlacedBytes / 8, sums);
    return {static_cast<uint64_t>(sums.first >> 64),
            static_cast<uint64_t>(sums.second >> 64)};
  }

  RevocationFingerprint FingerprintOfLong(absl::string_view issuer,
                                          absl::string_view value,
                                          uint64_t sizes) const;

  Sums AddWord(uint64_t word, size_t place, Sums sums) const {
    return {sums.first + key_[0][place] * word,
            sums.second + key_[1][place] * word};
  }

  // Adds the text whose first place is `place`.
  Sums AddText(absl::string_view text, size_t place, Sums sums) const {
    if (text.size() < 8) return AddWord(ShortWord(text), place, sums);
    const char* bytes = text.data();
    const char* const last = bytes + text.size() - 8;
    for (; bytes < last; bytes += 8) {
      sums = AddWord(Load<uint64_t>(bytes), place++, sums);
    }
    // It may overlap the one before.
    return AddWord(Load<uint64_t>(last), place, sums);
  }

  // All bytes of a text shorter than a word, some of them twice.
  static uint64_t ShortWord(absl::string_view text) {
    const char* const bytes = text.data();
    const size_t size = text.size();
    if (size >= 4) {
      return uint64_t{Load<uint32_t>(bytes + size - 4)} << 32 |
             Load<uint32_t>(bytes);
    }
    if (size == 0) return 0;
    const auto byte = [bytes](size_t i) -> uint64_t {
      return static_cast<uint8_t>(bytes[i]);
    };
    return byte(size / 2) << 16 | byte(size - 1) << 8 | byte(0);
  }

  template <typename T>
  static T Load(const char* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }

  Key key_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATION_HASH_H_
