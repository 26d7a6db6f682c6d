#ifndef SIGNET_CLI_KEY_LISTING_H_
#define SIGNET_CLI_KEY_LISTING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "jose/algorithm.h"
#include "keys/verification_key.h"

namespace signet {

// ListedKey is a key in a file, and whether the file has its private half.
struct ListedKey {
  VerificationKey key;
  bool is_private;
};

// ListKeys reads a JWK, a JWK Set or a PEM file, of private or of public keys;
// which of these it is, is told from what is in it. `key_id` and `algorithm`
// are those of KeyFile. Errors begin with the path.
absl::StatusOr<std::vector<ListedKey>> ListKeys(
    const std::string& path, const std::string& key_id,
    std::optional<Algorithm> algorithm);

}  // namespace signet

#endif  // SIGNET_CLI_KEY_LISTING_H_
