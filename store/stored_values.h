#ifndef SIGNET_STORE_STORED_VALUES_H_
#define SIGNET_STORE_STORED_VALUES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "store/records.h"

namespace signet {

// How values stand in a database. What is here has been written to disks; it
// can be added to, but not changed.

// KeyStateName returns "pending", "active", "retiring", "retired" or "revoked".
absl::string_view KeyStateName(KeyState state);
std::optional<KeyState> KeyStateFromName(absl::string_view name);

// RevocationTargetName returns "token_id", "content", "subject", "key" or
// "issuer".
absl::string_view RevocationTargetName(RevocationTarget target);
std::optional<RevocationTarget> RevocationTargetFromName(
    absl::string_view name);

// Times are microseconds since 1970, rounded up, so that a revocation never
// covers less than was asked for. InfiniteFuture is the greatest number.
int64_t StoredTime(absl::Time time);
absl::Time TimeFromStored(int64_t microseconds);

// Durations are microseconds, rounded down, so that the store's time never runs
// fast.
int64_t StoredDuration(absl::Duration duration);
absl::Duration DurationFromStored(int64_t microseconds);

}  // namespace signet

#endif  // SIGNET_STORE_STORED_VALUES_H_
