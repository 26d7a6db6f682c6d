#ifndef SIGNET_KEYS_ACCESS_TOKEN_HASH_H_
#define SIGNET_KEYS_ACCESS_TOKEN_HASH_H_

#include <string>

#include "absl/strings/string_view.h"
#include "jose/algorithm.h"

namespace signet {

// AccessTokenHash returns the `at_hash` that an ID token signed with
// `algorithm` carries for `access_token`: the left half of its hash,
// base64url-encoded (OpenID Connect Core section 3.1.3.6).
std::string AccessTokenHash(Algorithm algorithm,
                            absl::string_view access_token);

}  // namespace signet

#endif  // SIGNET_KEYS_ACCESS_TOKEN_HASH_H_
