#ifndef SIGNET_TESTS_SERVICE_EXAMPLE_SETUP_H_
#define SIGNET_TESTS_SERVICE_EXAMPLE_SETUP_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "service/server_setup.h"
#include "signet/v1/token_service.pb.h"

namespace signet {

// kNow is when all of these tests take place: 2027-01-15T08:00:00Z.
inline const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// NewSetup brings a configuration in YAML to life, with keys that are kept
// nowhere. Two setups have different keys.
std::shared_ptr<const ServerSetup> NewSetup(const std::string& yaml);

// NewExampleSetup has two issuers that sign, https://a.example with EdDSA,
// ES256 and HS256, and https://b.example with EdDSA; and these policies:
//   access   access tokens of a for https://api.example
//   id       ID tokens of a for https://web.example
//   jwt      other JWTs of a, for anyone
//   skewed   access, with a clock skew of 30s
//   strict   access, with scope read, a token age of at most 60s and an
//            authentication age of at most 10m
// It takes batches of at most 4.
std::shared_ptr<const ServerSetup> NewExampleSetup();

// AccessTokenRequest asks for a token that the policy access accepts; its
// scopes are read and write, and the authentication is 5 minutes old.
// IdTokenRequest is the same for the policy id; its nonce is n-0S6, and it
// belongs to the access token SlAV32hkKG.
v1::SignRequest AccessTokenRequest();
v1::SignRequest IdTokenRequest();

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_EXAMPLE_SETUP_H_
