#ifndef SIGNET_SERVICE_STATE_OPTIONS_H_
#define SIGNET_SERVICE_STATE_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "keys/key_sealing.h"
#include "service/freshness.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// StateOptions says where the state is that outlives the process.
struct StateOptions {
  // For OpenStore.
  std::string store;
  // Where the key-encryption key is: one of the two.
  std::string key_file;
  std::string key_variable;
  // The data folder, if the store or the key is in it or next to it by default,
  // so that it is made if it is not there; otherwise empty.
  std::string data_folder;
  // Whether a key-encryption key that is not there is generated.
  enum class MissingKey { kIsAnError, kIsGenerated };
  MissingKey missing_key = MissingKey::kIsAnError;
  absl::Duration max_staleness = absl::Minutes(1);
  WhenStale when_stale = WhenStale::kVerify;
};

// ReadStateOptions returns InvalidArgument, beginning with the field at fault,
// if the configuration does not hold together. Relative paths are relative to
// `folder`.
absl::StatusOr<StateOptions> ReadStateOptions(
    const config::v1::ServerConfig& config, const std::string& folder);

// LoadKeyEncryptionKey reads the key-encryption key, or makes one where that is
// allowed, with the data folder (of mode 0700).
absl::StatusOr<KeyEncryptionKey> LoadKeyEncryptionKey(
    const StateOptions& options);

}  // namespace signet

#endif  // SIGNET_SERVICE_STATE_OPTIONS_H_
