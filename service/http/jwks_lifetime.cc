#include "service/http/jwks_lifetime.h"

#include <algorithm>

#include "keys/key_schedule.h"

namespace signet {
namespace {

// Whether the end of the state that the key is in changes the set. When a
// pending key takes over from an active one, the next one is published with it;
// but not for an algorithm that the configuration names no more.
bool Changes(const KeyRecord& key, const SigningPlan& plan) {
  if (key.state >= KeyState::kRetired) return false;
  return key.state == KeyState::kRetiring ||
         plan.GeneratedSet().Contains(key.algorithm);
}

}  // namespace

absl::Duration JwksLifetime(const SigningPlan& plan,
                            const IssuerKeyRecords& records,
                            absl::Duration time) {
  absl::Duration lifetime = plan.jwks_max_age;
  const KeyTimeline timeline(records.keys, plan.schedule, time);
  for (const KeyRecord& key : records.keys) {
    if (!Changes(key, plan)) continue;
    lifetime = std::min(lifetime, timeline.TimeLeft(key));
  }
  return absl::Floor(std::max(lifetime, absl::ZeroDuration()),
                     absl::Seconds(1));
}

}  // namespace signet
