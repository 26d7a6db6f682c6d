#include "keys/key_schedule.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// A schedule of more than this is a mistake in the unit.
constexpr absl::Duration kLongest = absl::Hours(10 * 366 * 24);

absl::Status CheckLength(absl::string_view field, absl::Duration length) {
  if (length >= absl::Seconds(1) && length <= kLongest) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be from 1s to ten years"));
}

KeyStep Generated(Algorithm algorithm, KeyState state) {
  return {"", algorithm, std::nullopt, state};
}

KeyStep Moved(const KeyRecord& key, KeyState to) {
  return {key.key_id, key.algorithm, key.state, to};
}

// A key in the last two states is but a note that it was there.
bool IsOver(KeyState state) { return state >= KeyState::kRetired; }

}  // namespace

absl::Status CheckKeySchedule(const KeySchedule& schedule,
                              absl::Duration jwks_max_age,
                              absl::Duration longest_lifetime) {
  absl::Status lengths = CheckLength("period", schedule.period);
  lengths.Update(CheckLength("publish_ahead", schedule.publish_ahead));
  lengths.Update(CheckLength("retention", schedule.retention));
  lengths.Update(CheckLength("jwks_max_age", jwks_max_age));
  if (!lengths.ok()) return lengths;
  if (schedule.publish_ahead < jwks_max_age) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish_ahead: is shorter than jwks_max_age, ",
                     absl::FormatDuration(jwks_max_age),
                     "; a key would sign before everybody has fetched it"));
  }
  if (schedule.period < schedule.publish_ahead) {
    return absl::InvalidArgumentError(
        absl::StrCat("period: is shorter than publish_ahead, ",
                     absl::FormatDuration(schedule.publish_ahead),
                     "; the next key could not be published in time"));
  }
  if (schedule.retention < longest_lifetime) {
    return absl::InvalidArgumentError(absl::StrCat(
        "retention: is shorter than the longest lifetime of a token, ",
        absl::FormatDuration(longest_lifetime),
        "; tokens would outlive the key that verifies them"));
  }
  return absl::OkStatus();
}

const KeyRecord* KeyTimeline::Oldest(Algorithm algorithm,
                                     KeyState state) const {
  const KeyRecord* oldest = nullptr;
  for (const KeyRecord& key : keys_) {
    if (key.algorithm != algorithm || key.state != state) continue;
    if (oldest == nullptr || key.state_since < oldest->state_since) {
      oldest = &key;
    }
  }
  return oldest;
}

bool KeyTimeline::MaySign(const KeyRecord& pending) const {
  return Age(pending) >= schedule_.publish_ahead;
}

std::vector<KeyStep> KeyTimeline::DueSteps(AlgorithmSet algorithms) const {
  std::vector<KeyStep> steps;
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (algorithms.Contains(algorithm)) AddSigningSteps(algorithm, steps);
  }
  for (const KeyRecord& key : keys_) {
    if (key.state == KeyState::kRetiring &&
        TimeLeft(key) <= absl::ZeroDuration()) {
      steps.push_back(Moved(key, KeyState::kRetired));
    }
    if (IsOver(key.state) && TimeLeft(key) <= absl::ZeroDuration()) {
      steps.push_back({key.key_id, key.algorithm, key.state, std::nullopt});
    }
  }
  return steps;
}

void KeyTimeline::AddSigningSteps(Algorithm algorithm,
                                  std::vector<KeyStep>& steps) const {
  const KeyRecord* const active = Oldest(algorithm, KeyState::kActive);
  const KeyRecord* const pending = Oldest(algorithm, KeyState::kPending);
  if (pending == nullptr) {
    if (keys_.empty()) {
      steps.push_back(Generated(algorithm, KeyState::kActive));
    }
    steps.push_back(Generated(algorithm, KeyState::kPending));
    return;
  }
  const bool vacant = active == nullptr || Age(*active) >= schedule_.period;
  if (vacant && MaySign(*pending)) AddSuccession(active, *pending, steps);
}

void KeyTimeline::AddSuccession(const KeyRecord* active,
                                const KeyRecord& pending,
                                std::vector<KeyStep>& steps) {
  if (active != nullptr) steps.push_back(Moved(*active, KeyState::kRetiring));
  steps.push_back(Moved(pending, KeyState::kActive));
  steps.push_back(Generated(pending.algorithm, KeyState::kPending));
}

absl::StatusOr<std::vector<KeyStep>> KeyTimeline::RotationSteps(
    Algorithm algorithm) const {
  const KeyRecord* const pending = Oldest(algorithm, KeyState::kPending);
  if (pending == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is no pending key for ", AlgorithmName(algorithm),
                     "; is it one that this issuer generates keys for?"));
  }
  if (!MaySign(*pending)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the pending key has not been published for long enough; try again in ",
        absl::FormatDuration(schedule_.publish_ahead - Age(*pending))));
  }
  std::vector<KeyStep> steps;
  AddSuccession(Oldest(algorithm, KeyState::kActive), *pending, steps);
  return steps;
}

absl::StatusOr<std::vector<KeyStep>> KeyTimeline::RevocationSteps(
    absl::string_view key_id) const {
  const auto key = absl::c_find_if(
      keys_, [&](const KeyRecord& each) { return each.key_id == key_id; });
  if (key == keys_.end()) {
    return absl::NotFoundError("the issuer has no such key on record");
  }
  std::vector<KeyStep> steps;
  if (key->state == KeyState::kRevoked) return steps;
  steps.push_back(Moved(*key, KeyState::kRevoked));
  const KeyRecord* const pending = Oldest(key->algorithm, KeyState::kPending);
  if (key->state == KeyState::kActive && pending != nullptr &&
      MaySign(*pending)) {
    AddSuccession(nullptr, *pending, steps);
  }
  return steps;
}

absl::Duration KeyTimeline::TimeLeft(const KeyRecord& key) const {
  switch (key.state) {
    case KeyState::kPending: {
      const absl::Duration published = schedule_.publish_ahead - Age(key);
      const KeyRecord* const active = Oldest(key.algorithm, KeyState::kActive);
      if (active == nullptr) return published;
      return std::max(published, schedule_.period - Age(*active));
    }
    case KeyState::kActive: {
      const absl::Duration period = schedule_.period - Age(key);
      const KeyRecord* const next = Oldest(key.algorithm, KeyState::kPending);
      if (next == nullptr) return std::max(period, schedule_.publish_ahead);
      return std::max(period, schedule_.publish_ahead - Age(*next));
    }
    case KeyState::kRetiring:
      return schedule_.retention + kRetentionMargin - Age(key);
    case KeyState::kRetired:
    case KeyState::kRevoked:
      return kRecordedAfterwards - Age(key);
  }
  __builtin_unreachable();
}

absl::StatusOr<std::vector<KeyRecord>> TakeSteps(
    absl::Span<const KeyRecord> keys, absl::Span<const KeyStep> steps,
    absl::Duration time, absl::Time now,
    absl::FunctionRef<absl::StatusOr<GeneratedKey>(Algorithm)> generate) {
  std::vector<KeyRecord> after(keys.begin(), keys.end());
  for (const KeyStep& step : steps) {
    if (!step.from) {
      absl::StatusOr<GeneratedKey> key = generate(step.algorithm);
      if (!key.ok()) return key.status();
      after.push_back({std::move(key->key_id), step.algorithm, *step.to, time,
                       now, std::move(key->sealed_private_key)});
      continue;
    }
    const auto key = absl::c_find_if(after, [&](const KeyRecord& each) {
      return each.key_id == step.key_id;
    });
    if (!step.to) {
      after.erase(key);
      continue;
    }
    key->state = *step.to;
    key->state_since = time;
    if (IsOver(key->state)) key->sealed_private_key.clear();
  }
  return after;
}

}  // namespace signet
