#ifndef SIGNET_SERVICE_ISSUER_KEYS_H_
#define SIGNET_SERVICE_ISSUER_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// KeyPlace says where the keys that a configuration names are found.
struct KeyPlace {
  // Relative paths are relative to it.
  std::string folder;
  KeyLimits limits;
};

// LoadIssuerVerificationKeys loads the keys in `issuer.keys`, and
// LoadIssuerSigningKeys those in `issuer.signing.keys`. Errors begin with the
// field at fault.
absl::StatusOr<std::vector<VerificationKey>> LoadIssuerVerificationKeys(
    const config::v1::Issuer& issuer, const KeyPlace& place);
absl::StatusOr<std::vector<SigningKey>> LoadIssuerSigningKeys(
    const config::v1::Issuer& issuer, const KeyPlace& place);

}  // namespace signet

#endif  // SIGNET_SERVICE_ISSUER_KEYS_H_
