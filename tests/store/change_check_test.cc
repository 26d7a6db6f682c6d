#include "store/change_check.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "store/records.h"
#include "store/store.h"
#include "tests/store/record_examples.h"

namespace signet {
namespace {

TEST(ChangeCheckTest, RefusesChangesThatNoStoreTakes) {
  const std::string too_long(kMaxNameBytes + 1, 'x');
  const KeyRecord key = ExampleKey("key");
  StoreChange twice = Keys(kIssuer, 0, {key});
  twice.issuer_keys.push_back(twice.issuer_keys[0]);
  RevocationRecord revocation = ExampleRevocation("token");
  revocation.issuer = too_long;
  const std::vector<std::pair<StoreChange, std::string>> cases = {
      {Keys(too_long, 0, {}), "an issuer is too long to store"},
      {Keys(kIssuer, 0, {ExampleKey(too_long)}),
       "a key id is too long to store"},
      {Keys(kIssuer, 0, {key, key}), "two keys of an issuer have the same id"},
      {twice, "a change has the keys of an issuer twice"},
      {Revocation(too_long),
       "what is revoked, or its issuer, is too long to store"},
      {{.revocations = {revocation}},
       "what is revoked, or its issuer, is too long to store"},
      {{.jwk_sets = {ExampleJwkSet(too_long)}},
       "an issuer is too long to store"},
  };
  for (const auto& [change, reason] : cases) {
    EXPECT_EQ(CheckChange(change), absl::InvalidArgumentError(reason));
  }
}

TEST(ChangeCheckTest, TakesTheRest) {
  const std::string longest(kMaxNameBytes, 'x');
  StoreChange change = Keys(longest, 0, {ExampleKey(longest)});
  change.issuer_keys.push_back({kIssuer, 0, {ExampleKey(longest)}});
  // Revocations of the same target join, and JWK Sets replace each other.
  change.revocations = {ExampleRevocation(longest), ExampleRevocation(longest)};
  change.jwk_sets = {ExampleJwkSet(longest), ExampleJwkSet(longest)};
  EXPECT_EQ(CheckChange(change), absl::OkStatus());
  EXPECT_EQ(CheckChange({}), absl::OkStatus());
}

}  // namespace
}  // namespace signet
