#ifndef SIGNET_SERVICE_SERVER_SETUP_H_
#define SIGNET_SERVICE_SERVER_SETUP_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "keys/key_preparer.h"
#include "service/access/access_control.h"
#include "service/freshness.h"
#include "service/issued_tokens.h"
#include "service/live_issuers.h"
#include "service/metrics/token_counts.h"
#include "service/rate/sign_rates.h"
#include "service/remote_issuers.h"
#include "service/server_limits.h"
#include "service/state_options.h"
#include "signet/config/v1/config.pb.h"
#include "verifier/jwt_verifier.h"
#include "verifier/revocations.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {

// ServerSetup is a configuration brought to life: policies checked, keys loaded
// from files. Immutable, but for the keys that `issuers` get from the store,
// what `remote`, `revocations`, `freshness`, `issued`, `counts`,
// `sign_rates` and `tokens` know, and what `key_preparer` builds.
struct ServerSetup {
  JwtVerifier verifier;
  absl::flat_hash_map<std::string, ValidationPolicy> policies;  // By name.
  std::shared_ptr<LiveIssuers> issuers;
  // Those of them whose keys are fetched, as far as somebody does.
  std::shared_ptr<RemoteIssuers> remote;
  // What `verifier` refuses although it is good.
  std::shared_ptr<Revocations> revocations;
  // Whether these two are as the store has them.
  std::shared_ptr<Freshness> freshness;
  std::shared_ptr<IssuedTokens> issued;
  // What became of tokens.
  std::shared_ptr<TokenCounts> counts;
  // Where they are kept.
  StateOptions state;
  // Who may call what.
  std::shared_ptr<const AccessControl> access;
  // How much each caller may have signed.
  std::shared_ptr<SignRates> sign_rates;
  // What `verifier` remembers; null if nothing.
  std::shared_ptr<TokenCache> tokens;
  // Has tables for the keys of `verifier`, as far as somebody calls it; null if
  // they get none.
  std::shared_ptr<KeyPreparer> key_preparer;
  size_t max_batch_size;
  // Of those that run at once.
  int64_t max_calls;
  int max_message_bytes;
  ConnectionLimits connections;
  size_t token_cache_bytes;
};

// BuildServerSetup returns InvalidArgument, beginning with the field at fault,
// if the configuration does not hold together. Relative paths are relative to
// `folder`.
absl::StatusOr<ServerSetup> BuildServerSetup(
    const config::v1::ServerConfig& config, const std::string& folder);

// BuildSuccessor returns the setup that is to take the place of `before`, with
// which it shares what outlives a configuration: revocations, freshness, what
// is counted and remembered, and what is prepared for keys that stay. It has
// the keys from files; DurableState::Switch brings the others. Fails as
// BuildServerSetup does.
absl::StatusOr<ServerSetup> BuildSuccessor(
    const config::v1::ServerConfig& config, const std::string& folder,
    const ServerSetup& before);

}  // namespace signet

#endif  // SIGNET_SERVICE_SERVER_SETUP_H_
