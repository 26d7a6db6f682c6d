#include "curves/p256_signature.h"

namespace signet::p256 {
namespace {

constexpr size_t kBytes = 32;

bool IsInRange(const Uint256& number) {
  return !IsZero(number) && IsLess(number, kOrder);
}

}  // namespace

std::optional<Signature> Signature::Parse(absl::Span<const uint8_t> signature,
                                          absl::Span<const uint8_t> digest) {
  if (signature.size() != 2 * kBytes || digest.size() != kBytes) {
    return std::nullopt;
  }
  const Uint256 r = LoadBigEndian(signature.data());
  const Uint256 s = LoadBigEndian(signature.data() + kBytes);
  if (!IsInRange(r) || !IsInRange(s)) return std::nullopt;
  // Below 2^256, and so below 2 n.
  const Uint256 number = LoadBigEndian(digest.data());
  return Signature{
      {r},
      {s},
      {IsLess(number, kOrder) ? number : WrappingSubtract(number, kOrder)}};
}

XCandidates::XCandidates(const Scalar& r) : first(r.limbs), second(r.limbs) {
  constexpr Uint256 kPrimeMinusOrder = WrappingSubtract(kPrime, kOrder);
  if (IsLess(r.limbs, kPrimeMinusOrder)) {
    second = WrappingAdd(r.limbs, kOrder);
  }
}

}  // namespace signet::p256
