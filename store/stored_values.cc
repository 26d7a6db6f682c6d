#include "store/stored_values.h"

#include <array>
#include <limits>

namespace signet {
namespace {

constexpr int64_t kInfinite = std::numeric_limits<int64_t>::max();

constexpr std::array<KeyState, 5> kKeyStates = {
    KeyState::kPending, KeyState::kActive, KeyState::kRetiring,
    KeyState::kRetired, KeyState::kRevoked};

constexpr std::array<RevocationTarget, 5> kRevocationTargets = {
    RevocationTarget::kTokenId, RevocationTarget::kContent,
    RevocationTarget::kSubject, RevocationTarget::kKey,
    RevocationTarget::kIssuer};

}  // namespace

absl::string_view KeyStateName(KeyState state) {
  switch (state) {
    case KeyState::kPending:
      return "pending";
    case KeyState::kActive:
      return "active";
    case KeyState::kRetiring:
      return "retiring";
    case KeyState::kRetired:
      return "retired";
    case KeyState::kRevoked:
      return "revoked";
  }
  return "";
}

std::optional<KeyState> KeyStateFromName(absl::string_view name) {
  for (const KeyState state : kKeyStates) {
    if (KeyStateName(state) == name) return state;
  }
  return std::nullopt;
}

absl::string_view RevocationTargetName(RevocationTarget target) {
  switch (target) {
    case RevocationTarget::kTokenId:
      return "token_id";
    case RevocationTarget::kContent:
      return "content";
    case RevocationTarget::kSubject:
      return "subject";
    case RevocationTarget::kKey:
      return "key";
    case RevocationTarget::kIssuer:
      return "issuer";
  }
  return "";
}

std::optional<RevocationTarget> RevocationTargetFromName(
    absl::string_view name) {
  for (const RevocationTarget target : kRevocationTargets) {
    if (RevocationTargetName(target) == name) return target;
  }
  return std::nullopt;
}

int64_t StoredTime(absl::Time time) {
  // Saturates where a number of microseconds ends.
  return absl::ToInt64Microseconds(
      absl::Ceil(time - absl::UnixEpoch(), absl::Microseconds(1)));
}

absl::Time TimeFromStored(int64_t microseconds) {
  if (microseconds == kInfinite) return absl::InfiniteFuture();
  if (microseconds == std::numeric_limits<int64_t>::min()) {
    return absl::InfinitePast();
  }
  return absl::FromUnixMicros(microseconds);
}

int64_t StoredDuration(absl::Duration duration) {
  return absl::ToInt64Microseconds(
      absl::Floor(duration, absl::Microseconds(1)));
}

absl::Duration DurationFromStored(int64_t microseconds) {
  return absl::Microseconds(microseconds);
}

}  // namespace signet
