#ifndef SIGNET_SERVICE_SERVER_SETUP_H_
#define SIGNET_SERVICE_SERVER_SETUP_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "keys/key_preparer.h"
#include "signer/jwt_signer.h"
#include "signet/config/v1/config.pb.h"
#include "verifier/jwt_verifier.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {

// ServerSetup is a configuration brought to life: keys loaded, policies
// checked. Immutable, but for what `tokens` remember and `key_preparer` builds.
struct ServerSetup {
  JwtVerifier verifier;
  absl::flat_hash_map<std::string, ValidationPolicy> policies;  // By name.
  absl::flat_hash_map<std::string, JwtSigner> signers;          // By issuer.
  // What `verifier` remembers; null if nothing.
  std::shared_ptr<TokenCache> tokens;
  // Has tables for the keys of `verifier`, as far as somebody calls it; null if
  // they get none.
  std::shared_ptr<KeyPreparer> key_preparer;
  size_t max_batch_size;
  int max_message_bytes;
};

// MissingKeys says what to do about a key that is to be generated.
enum class MissingKeys {
  kGenerateAndSave,
  // Leaves no trace: for checking a configuration.
  kGenerateOnly,
};

// BuildServerSetup returns InvalidArgument, beginning with the field at fault,
// if the configuration does not hold together. Relative paths are relative to
// `folder`.
absl::StatusOr<ServerSetup> BuildServerSetup(
    const config::v1::ServerConfig& config, const std::string& folder,
    MissingKeys missing_keys);

}  // namespace signet

#endif  // SIGNET_SERVICE_SERVER_SETUP_H_
