#include "service/freshness.h"

#include "keys/key_schedule.h"

namespace signet {

void Freshness::HeardAll() {
  // Relaxed: it is but a time, and orders nothing.
  heard_.store(absl::ToInt64Nanoseconds(elapsed_()), std::memory_order_relaxed);
}

absl::Duration Freshness::Age() const {
  return elapsed_() - absl::Nanoseconds(heard_.load(std::memory_order_relaxed));
}

void Freshness::SetListener(std::function<void()> changed) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(changed);
}

void Freshness::Observe() {
  const std::lock_guard lock(mutex_);
  const bool stale = IsStale();
  if (stale == observed_stale_) return;
  observed_stale_ = stale;
  if (listener_) listener_();
}

absl::Status Freshness::CheckVerifying() const {
  // Only who refuses has to ask the time.
  if (when_stale_ == WhenStale::kVerify || !IsStale()) return absl::OkStatus();
  return absl::UnavailableError(
      "the store has been out of reach for too long; tokens may have been "
      "revoked meanwhile");
}

absl::Status Freshness::CheckSigning() const {
  const absl::Duration age = Age();
  const bool may_sign =
      age <= kMaxSigningAge &&
      (when_stale_ == WhenStale::kVerify || age <= max_staleness_);
  if (may_sign) return absl::OkStatus();
  return absl::UnavailableError(
      "the store has been out of reach for too long; the signing key may have "
      "been replaced meanwhile");
}

}  // namespace signet
