#ifndef SIGNET_VERIFIER_REVOCATION_SLOT_H_
#define SIGNET_VERIFIER_REVOCATION_SLOT_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

#include "absl/time/time.h"
#include "verifier/revocation_hash.h"

namespace signet {

// RevocationTerms are what is said about whatever is revoked.
struct RevocationTerms {
  absl::Time expires;
  // Only tokens that were issued before this are revoked.
  absl::Time issued_before = absl::InfiniteFuture();
};

// RevocationSlot is a place for the fingerprint of something that is revoked,
// and until when. One thread at a time writes, and any number read meanwhile. A
// reader that does not see it filled sees it empty. Once filled, it is never
// emptied, and is about the same thing forever.
//
// Of a fingerprint it keeps 96 bits: all of `first`, and the upper half of
// `second`. In the lower half it keeps when the revocation expires, in seconds,
// rounded up; from 2106 on, that is never.
class RevocationSlot {
 public:
  // PlaceOf returns the number that decides where a fingerprint's slot is;
  // never 0.
  static uint64_t PlaceOf(const RevocationFingerprint& fingerprint) {
    return fingerprint.first + (fingerprint.first == 0 ? 1 : 0);
  }

  // place is PlaceOf of the fingerprint, or 0 if the slot is empty.
  uint64_t place() const {
    // Acquire, to read what was written before.
    return place_.load(std::memory_order_acquire);
  }

  // rest is the upper half of the fingerprint's `second`, and the expiry.
  uint64_t rest() const {
    // Relaxed: place() is read before it.
    return rest_.load(std::memory_order_relaxed);
  }

  // Holds says whether the slot, whose place is that of `fingerprint`, is the
  // one for it.
  bool Holds(const RevocationFingerprint& fingerprint) const {
    return ((rest() ^ fingerprint.second) & kFingerprintBits) == 0;
  }

  absl::Time expires() const {
    const uint64_t seconds = rest() & kExpiryBits;
    if (seconds == kNever) return absl::InfiniteFuture();
    return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
  }

  RevocationTerms terms() const { return {expires()}; }

  // Fill fills the slot, which is empty.
  void Fill(const RevocationFingerprint& fingerprint,
            const RevocationTerms& terms) {
    // Relaxed: readers come to it after the next.
    rest_.store(
        (fingerprint.second & kFingerprintBits) | ExpiryBits(terms.expires),
        std::memory_order_relaxed);
    // Release: what was written before, is seen by those who see this.
    place_.store(PlaceOf(fingerprint), std::memory_order_release);
  }

  // Join makes the slot's terms cover what `terms` cover.
  void Join(const RevocationTerms& terms) {
    const uint64_t now = rest();
    const uint64_t expiry =
        std::max(now & kExpiryBits, ExpiryBits(terms.expires));
    // Relaxed: it depends on nothing else.
    rest_.store((now & kFingerprintBits) | expiry, std::memory_order_relaxed);
  }

  // CopyFrom fills the slot, which no reader can see yet, like `other`.
  void CopyFrom(const RevocationSlot& other) {
    // Relaxed: whoever publishes the slot does so with a release.
    rest_.store(other.rest(), std::memory_order_relaxed);
    place_.store(other.place(), std::memory_order_relaxed);
  }

 private:
  static constexpr uint64_t kExpiryBits = 0xffffffff;
  static constexpr uint64_t kFingerprintBits = ~kExpiryBits;
  static constexpr uint64_t kNever = kExpiryBits;

  static uint64_t ExpiryBits(absl::Time expires) {
    const int64_t seconds =
        absl::ToUnixSeconds(expires + absl::Seconds(1) - absl::Nanoseconds(1));
    return static_cast<uint64_t>(
        std::clamp(seconds, int64_t{0}, static_cast<int64_t>(kNever)));
  }

  std::atomic<uint64_t> place_{0};
  std::atomic<uint64_t> rest_{0};
};

// DatedRevocationSlot is one with a moment before which tokens must have been
// issued to be revoked: exact to the microsecond, to which it is rounded up.
class DatedRevocationSlot : public RevocationSlot {
 public:
  RevocationTerms terms() const {
    // Relaxed: place() is read before it.
    const int64_t micros = issued_before_.load(std::memory_order_relaxed);
    return {expires(), absl::FromUnixMicros(micros)};
  }

  void Fill(const RevocationFingerprint& fingerprint,
            const RevocationTerms& terms) {
    // Relaxed: as for the rest of what Fill writes.
    issued_before_.store(MicrosOf(terms.issued_before),
                         std::memory_order_relaxed);
    RevocationSlot::Fill(fingerprint, terms);
  }

  void Join(const RevocationTerms& terms) {
    // Relaxed: a reader that sees one of the two joined, sees terms that lie
    // between those before and those after.
    issued_before_.store(
        std::max(issued_before_.load(std::memory_order_relaxed),
                 MicrosOf(terms.issued_before)),
        std::memory_order_relaxed);
    RevocationSlot::Join(terms);
  }

  void CopyFrom(const DatedRevocationSlot& other) {
    // Relaxed: as for the rest of what CopyFrom writes.
    issued_before_.store(other.issued_before_.load(std::memory_order_relaxed),
                         std::memory_order_relaxed);
    RevocationSlot::CopyFrom(other);
  }

 private:
  static int64_t MicrosOf(absl::Time moment) {
    return absl::ToUnixMicros(moment + absl::Microseconds(1) -
                              absl::Nanoseconds(1));
  }

  std::atomic<int64_t> issued_before_{0};
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATION_SLOT_H_
