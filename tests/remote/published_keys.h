#ifndef SIGNET_TESTS_REMOTE_PUBLISHED_KEYS_H_
#define SIGNET_TESTS_REMOTE_PUBLISHED_KEYS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fetch/fetcher.h"
#include "keys/key_set.h"
#include "remote/remote_keys.h"

namespace signet {

inline constexpr char kProvider[] = "https://id.example";
inline constexpr char kJwksUrl[] = "https://id.example/keys";

// DiscoveringOptions find the keys of kProvider by its metadata, JwksOptions at
// kJwksUrl.
RemoteOptions DiscoveringOptions();
RemoteOptions JwksOptions();

// PublicJwk is an Ed25519 key with this id, and always the same for one id.
// PublicJwkSet are several.
std::string PublicJwk(const std::string& key_id);
std::string PublicJwkSet(const std::vector<std::string>& key_ids);

// SignedBy is a token of kProvider, good at kTestNow, by the key with this id.
std::string SignedBy(const std::string& key_id);

// Metadata is a provider's, which names its keys.
std::string Metadata(const std::string& issuer, const std::string& jwks_uri);

// Sent is an answer with a document, and Unchanged one without.
absl::StatusOr<FetchAnswer> Sent(
    const std::string& body, const std::string& etag = "",
    std::optional<absl::Duration> fresh_for = std::nullopt);
absl::StatusOr<FetchAnswer> Unchanged();

// KeyIds are those of a set, sorted.
std::vector<std::string> KeyIds(const KeySet& keys);

}  // namespace signet

#endif  // SIGNET_TESTS_REMOTE_PUBLISHED_KEYS_H_
