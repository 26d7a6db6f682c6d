#ifndef SIGNET_TESTS_STORE_RECORD_EXAMPLES_H_
#define SIGNET_TESTS_STORE_RECORD_EXAMPLES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "store/records.h"
#include "store/store.h"

namespace signet {

inline constexpr char kIssuer[] = "https://issuer.example";
inline constexpr absl::Time kExpires = absl::FromUnixSeconds(1'900'000'000);

// ManyBytes has every byte once.
inline std::string ManyBytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

inline KeyRecord ExampleKey(const std::string& key_id) {
  return {.key_id = key_id,
          .algorithm = Algorithm::kEs256,
          .state = KeyState::kActive,
          .state_since = absl::Hours(5),
          .created = absl::FromUnixSeconds(1'700'000'000),
          .sealed_private_key = "sealed"};
}

inline RevocationRecord ExampleRevocation(const std::string& token_id) {
  return {.target = RevocationTarget::kTokenId,
          .issuer = kIssuer,
          .value = token_id,
          .expires = kExpires};
}

inline JwkSetRecord ExampleJwkSet(const std::string& issuer) {
  return {.issuer = issuer,
          .url = issuer + "/jwks.json",
          .body = R"({"keys":[]})",
          .etag = "\"1\"",
          .last_modified = "Mon, 23 Nov 2026 18:00:00 GMT",
          .fetched = absl::FromUnixSeconds(1'800'000'000)};
}

inline StoreChange Keys(const std::string& issuer, int64_t seen_revision,
                        std::vector<KeyRecord> keys) {
  return {.issuer_keys = {{.issuer = issuer,
                           .seen_revision = seen_revision,
                           .keys = std::move(keys)}}};
}

inline StoreChange Revocation(const std::string& token_id) {
  return {.revocations = {ExampleRevocation(token_id)}};
}

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_RECORD_EXAMPLES_H_
