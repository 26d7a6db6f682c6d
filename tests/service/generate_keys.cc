#include "tests/service/generate_keys.h"

#include "gtest/gtest.h"
#include "keys/key_schedule.h"
#include "keys/key_sealing.h"
#include "keys/signing_key.h"

namespace signet {

void GenerateKeys(LiveIssuers& issuers) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Generate();
  for (const IssuerPlan* plan : issuers.Plans()) {
    const KeyTimeline timeline({}, plan->signing.schedule, {});
    const auto keys = TakeSteps(
        {}, timeline.DueSteps(plan->signing.GeneratedSet()), {}, {},
        [&](Algorithm algorithm) -> absl::StatusOr<GeneratedKey> {
          const SigningKey key = SigningKey::Generate(algorithm).value();
          return GeneratedKey{key.key_id(), sealer.Seal(plan->issuer, key)};
        });
    const absl::Status applied =
        issuers.Apply({plan->issuer, 1, keys.value()}, sealer);
    EXPECT_TRUE(applied.ok()) << applied;
  }
}

}  // namespace signet
