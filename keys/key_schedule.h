#ifndef SIGNET_KEYS_KEY_SCHEDULE_H_
#define SIGNET_KEYS_KEY_SCHEDULE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "jose/algorithm.h"
#include "store/records.h"

namespace signet {

// The life of a signing key, per issuer and algorithm:
//
//   (generated) -> pending -> active -> retiring -> retired -> (forgotten)
//
// All of it goes by the store's own time, which no clock can make jump
// (Store::AdvanceTime), and each step is a commit that fails if another replica
// has made one in between. So a key cannot sign before it has been published
// for `publish_ahead`, nor be dropped before the last of its tokens has
// expired, whatever clocks say and whoever does it.

// KeySchedule says how long the signing keys of an issuer stay in each state.
struct KeySchedule {
  // How long a key signs.
  absl::Duration period = absl::Hours(30 * 24);
  // How long a key is published before it may sign.
  absl::Duration publish_ahead = absl::Hours(1);
  // How long a key verifies after it has signed: longer than any token lives.
  // kRetentionMargin comes on top.
  absl::Duration retention = absl::Hours(24);
};

// kRetentionMargin is for what makes tokens outlive their lifetime: the clocks
// of the replica that signed and of the one that verifies, each up to an hour
// off, and one that signs for up to kMaxSigningAge without news of the store.
inline constexpr absl::Duration kRetentionMargin = absl::Hours(3);
inline constexpr absl::Duration kMaxSigningAge = absl::Hours(1);

// How long retired and revoked keys stay on record.
inline constexpr absl::Duration kRecordedAfterwards = absl::Hours(30 * 24);

// CheckKeySchedule returns InvalidArgument, beginning with the field, for a
// schedule that could break a token: one of `longest_lifetime` that outlives
// its key, or one of a key that is not in the set that somebody fetched up to
// `jwks_max_age` ago.
absl::Status CheckKeySchedule(const KeySchedule& schedule,
                              absl::Duration jwks_max_age,
                              absl::Duration longest_lifetime);

// KeyStep is one step in the life of a key.
struct KeyStep {
  // Empty for a key that is yet to be generated.
  std::string key_id;
  Algorithm algorithm;
  // Nothing for a key that is generated.
  std::optional<KeyState> from;
  // Nothing for a key that is forgotten.
  std::optional<KeyState> to;

  friend bool operator==(const KeyStep&, const KeyStep&) = default;
};

// KeyTimeline is the keys of one issuer at one moment of the store's time. It
// views both for its own lifetime.
class KeyTimeline {
 public:
  KeyTimeline(absl::Span<const KeyRecord> keys, const KeySchedule& schedule,
              absl::Duration time)
      : keys_(keys), schedule_(schedule), time_(time) {}

  // DueSteps returns what is to be done now for each of `algorithms`; keys of
  // others are left as they are, but for those whose time as verifiers is over.
  //
  // There is always a pending key, published ahead of the day on which the
  // active one ends or is revoked. An issuer without any key gets an active one
  // at once: nobody has fetched a set of its keys.
  std::vector<KeyStep> DueSteps(AlgorithmSet algorithms) const;

  // RotationSteps returns what it takes to have the pending key of `algorithm`
  // sign in place of the active one. FailedPrecondition, if it has not been
  // published for long enough.
  absl::StatusOr<std::vector<KeyStep>> RotationSteps(Algorithm algorithm) const;

  // RevocationSteps returns what it takes to be rid of a key: the pending one
  // takes the place of an active one if it may. NotFound, if there is no such
  // key; nothing, if it is revoked already.
  absl::StatusOr<std::vector<KeyStep>> RevocationSteps(
      absl::string_view key_id) const;

  // TimeLeft returns how long `key` stays in its state, if nobody intervenes.
  absl::Duration TimeLeft(const KeyRecord& key) const;

 private:
  absl::Duration Age(const KeyRecord& key) const {
    return time_ - key.state_since;
  }
  // The key of `algorithm` that has been in `state` for longest, or null.
  const KeyRecord* Oldest(Algorithm algorithm, KeyState state) const;
  bool MaySign(const KeyRecord& pending) const;
  void AddSigningSteps(Algorithm algorithm, std::vector<KeyStep>& steps) const;
  static void AddSuccession(const KeyRecord* active, const KeyRecord& pending,
                            std::vector<KeyStep>& steps);

  absl::Span<const KeyRecord> keys_;
  const KeySchedule& schedule_;
  absl::Duration time_;
};

// GeneratedKey is a generated key, ready for the store.
struct GeneratedKey {
  std::string key_id;
  std::string sealed_private_key;
};

// TakeSteps returns `keys` after `steps`, at the store's `time`. Keys that
// verify no more lose their private halves. Fails as `generate` does.
absl::StatusOr<std::vector<KeyRecord>> TakeSteps(
    absl::Span<const KeyRecord> keys, absl::Span<const KeyStep> steps,
    absl::Duration time, absl::Time now,
    absl::FunctionRef<absl::StatusOr<GeneratedKey>(Algorithm)> generate);

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_SCHEDULE_H_
