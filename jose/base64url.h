#ifndef SIGNET_JOSE_BASE64URL_H_
#define SIGNET_JOSE_BASE64URL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace signet {

// Base64UrlEncode encodes `bytes` as base64url without padding (RFC 7515
// section 2).
std::string Base64UrlEncode(absl::string_view bytes);

// Base64UrlDecode reverses Base64UrlEncode, and accepts nothing that it could
// not have produced: no padding, white space or line breaks, none of the other
// base64 alphabet, and no bit set that carries no data (RFC 4648 section 3.5).
// So every byte string has exactly one encoding.
std::optional<std::string> Base64UrlDecode(absl::string_view encoded);

}  // namespace signet

#endif  // SIGNET_JOSE_BASE64URL_H_
