#include "keys/access_token_hash.h"

#include "jose/base64url.h"
#include "keys/digest.h"

namespace signet {

std::string AccessTokenHash(Algorithm algorithm,
                            absl::string_view access_token) {
  const Digest digest(HashOf(algorithm), access_token);
  const absl::string_view bytes = AsText(digest.bytes());
  return Base64UrlEncode(bytes.substr(0, bytes.size() / 2));
}

}  // namespace signet
