#ifndef SIGNET_SERVICE_ISSUER_PLAN_H_
#define SIGNET_SERVICE_ISSUER_PLAN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "keys/key_schedule.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"
#include "remote/remote_keys.h"
#include "service/issuer_keys.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// SigningPlan says how Signet signs as an issuer.
struct SigningPlan {
  // From files: they stay what they are.
  SigningKeys keys;
  // Algorithms whose keys are generated and kept in the store, in the order of
  // choice, after `keys`.
  std::vector<Algorithm> generated;
  KeySchedule schedule;
  absl::Duration jwks_max_age = absl::Minutes(5);
  absl::Duration default_lifetime = absl::Minutes(5);
  absl::Duration max_lifetime = absl::Hours(1);

  AlgorithmSet GeneratedSet() const;
};

// IssuerPlan is what the configuration says about an issuer.
struct IssuerPlan {
  std::string issuer;
  // Of other makers.
  std::vector<VerificationKey> verification_keys;
  // Signs nothing if there is neither a key nor an algorithm in it.
  SigningPlan signing;
  // Set, if its keys are fetched: then there are no others.
  std::optional<RemoteOptions> remote;

  bool Signs() const {
    return !signing.keys.empty() || !signing.generated.empty();
  }
};

// ReadIssuerPlan returns InvalidArgument, beginning with the field at fault, if
// the configuration of the issuer does not hold together.
absl::StatusOr<IssuerPlan> ReadIssuerPlan(const config::v1::Issuer& config,
                                          const KeyPlace& place);

}  // namespace signet

#endif  // SIGNET_SERVICE_ISSUER_PLAN_H_
