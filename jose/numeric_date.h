#ifndef SIGNET_JOSE_NUMERIC_DATE_H_
#define SIGNET_JOSE_NUMERIC_DATE_H_

#include <optional>

#include "absl/time/time.h"
#include "jose/json.h"

namespace signet {

// ReadNumericDate reads a NumericDate (RFC 7519 section 2): seconds since
// 1970-01-01T00:00:00Z, from 0 to the end of year 9999 (253402300799), with
// any fraction kept. Returns nothing if `value` is anything else.
std::optional<absl::Time> ReadNumericDate(JsonValue value);

}  // namespace signet

#endif  // SIGNET_JOSE_NUMERIC_DATE_H_
