#ifndef SIGNET_FETCH_HOST_NAME_H_
#define SIGNET_FETCH_HOST_NAME_H_

#include "absl/strings/string_view.h"

namespace signet {

// IsHostName reports whether `host` is a name of a host (RFC 1123 section 2.1),
// underscores allowed, without a dot at its end. What a resolver might take for
// an IPv4 address ("127.1", "0x7f.1", "2130706433") is none.
bool IsHostName(absl::string_view host);

}  // namespace signet

#endif  // SIGNET_FETCH_HOST_NAME_H_
