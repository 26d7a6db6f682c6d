#ifndef SIGNET_CURVES_P256_SIGNATURE_H_
#define SIGNET_CURVES_P256_SIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "curves/p256_field.h"

namespace signet::p256 {

// Signature is an ECDSA signature whose r and s are from 1 to n - 1, with the
// digest that it signs modulo n (FIPS 186-5 section 6.4.2: all of its bits, as
// n has 256).
struct Signature {
  Scalar r, s, digest;

  // Parse reads r || s, big endian, of 64 bytes, and a digest of 32.
  static std::optional<Signature> Parse(absl::Span<const uint8_t> signature,
                                        absl::Span<const uint8_t> digest);
};

// XCandidates are the one or two x below the prime with x mod n = r: r, and r +
// n if that is below the prime. `second` is equal to `first` if not.
struct XCandidates {
  Uint256 first, second;

  explicit XCandidates(const Scalar& r);
};

}  // namespace signet::p256

#endif  // SIGNET_CURVES_P256_SIGNATURE_H_
