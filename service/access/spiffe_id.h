#ifndef SIGNET_SERVICE_ACCESS_SPIFFE_ID_H_
#define SIGNET_SERVICE_ACCESS_SPIFFE_ID_H_

#include "absl/strings/string_view.h"

namespace signet {

// kSpiffeScheme is what every SPIFFE ID begins with.
inline constexpr absl::string_view kSpiffeScheme = "spiffe://";

// IsSpiffeId reports whether `text` is a SPIFFE ID (SPIFFE-ID sections 2.1 to
// 2.3): a trust domain in small letters, and a path, perhaps an empty one,
// whose segments are letters, digits, ".", "-" and "_" but not "." or "..".
// There is exactly one spelling of each; nothing is decoded or folded.
bool IsSpiffeId(absl::string_view text);

// IsWorkloadSpiffeId reports whether `text` is a SPIFFE ID with a path. Without
// one it names the trust domain, which calls nobody.
bool IsWorkloadSpiffeId(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_SPIFFE_ID_H_
