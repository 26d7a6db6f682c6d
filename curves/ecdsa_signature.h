#ifndef SIGNET_CURVES_ECDSA_SIGNATURE_H_
#define SIGNET_CURVES_ECDSA_SIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "curves/ecdsa_curve.h"
#include "curves/wide_integer.h"

namespace signet::ecdsa {

// LoadBigEndian reads as many bytes as a number of the curve has, or fewer.
template <typename Curve>
Number<Curve> LoadBigEndian(absl::Span<const uint8_t> bytes) {
  Number<Curve> number = {};
  for (size_t i = 0; i < bytes.size(); ++i) {
    number[i / 8] |= uint64_t{bytes[bytes.size() - 1 - i]} << 8 * (i % 8);
  }
  return number;
}

// Signature is an ECDSA signature whose r and s are from 1 to n - 1, with the
// digest that it signs modulo n (FIPS 186-5 section 6.4.2: all of its bits, as
// n has no fewer).
template <typename Curve>
struct Signature {
  Number<Curve> r, s, digest;

  // Parse reads r || s, big endian, of kBytes each, and a digest of
  // kDigestBytes.
  static std::optional<Signature> Parse(absl::Span<const uint8_t> signature,
                                        absl::Span<const uint8_t> digest) {
    constexpr size_t kBytes = Curve::kBytes;
    if (signature.size() != 2 * kBytes ||
        digest.size() != Curve::kDigestBytes) {
      return std::nullopt;
    }
    const auto is_in_range = [](const Number<Curve>& number) {
      return !IsZero(number) && IsLess(number, Curve::kOrder);
    };
    const auto r = LoadBigEndian<Curve>(signature.subspan(0, kBytes));
    const auto s = LoadBigEndian<Curve>(signature.subspan(kBytes));
    if (!is_in_range(r) || !is_in_range(s)) return std::nullopt;
    // Below 2^kBits, and so below 2 n.
    static_assert(8 * Curve::kDigestBytes <= Curve::kBits);
    const auto number = LoadBigEndian<Curve>(digest);
    return Signature{r, s,
                     IsLess(number, Curve::kOrder)
                         ? number
                         : WrappingSubtract(number, Curve::kOrder)};
  }
};

// XCandidates are the one or two x below the prime with x mod n = r: r, and r +
// n if that is below the prime. `second` is equal to `first` if not.
template <typename Curve>
struct XCandidates {
  Number<Curve> first, second;

  explicit XCandidates(const Number<Curve>& r) : first(r), second(r) {
    constexpr Number<Curve> kPrimeMinusOrder =
        WrappingSubtract(Curve::kPrime, Curve::kOrder);
    if (IsLess(r, kPrimeMinusOrder)) second = WrappingAdd(r, Curve::kOrder);
  }
};

}  // namespace signet::ecdsa

#endif  // SIGNET_CURVES_ECDSA_SIGNATURE_H_
