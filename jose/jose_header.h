#ifndef SIGNET_JOSE_JOSE_HEADER_H_
#define SIGNET_JOSE_JOSE_HEADER_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "jose/json.h"
#include "jose/rejection.h"

namespace signet {

// kMaxKeyIdBytes bounds a `kid`.
inline constexpr size_t kMaxKeyIdBytes = 256;

// JoseHeader is the protected header of a JWS (RFC 7515 section 4), as far as
// it may influence anything. `jwk`, `jku`, `x5c`, `x5u` and `x5t` are not part
// of it: a token does not get to say which key it is to be believed by.
// Views are of the object that was parsed, as JsonObject is.
struct JoseHeader {
  Algorithm algorithm;
  // `kid`, an opaque string of at most kMaxKeyIdBytes.
  std::optional<absl::string_view> key_id;
  // `typ`, as written.
  std::optional<absl::string_view> type;

  // Parse reads a header. Rejects unknown algorithms, and headers with `crit`,
  // `b64`, `zip` or `enc`, which change what a token means.
  static RejectionOr<JoseHeader> Parse(JsonObject object);
};

// SameMediaType compares `typ` values: ASCII case does not matter, nor does
// the prefix "application/" (RFC 7515 section 4.1.9).
bool SameMediaType(absl::string_view a, absl::string_view b);

}  // namespace signet

#endif  // SIGNET_JOSE_JOSE_HEADER_H_
