#ifndef SIGNET_FETCH_HTTP_DATE_H_
#define SIGNET_FETCH_HTTP_DATE_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace signet {

// ParseHttpDate reads a date of HTTP (RFC 9110 section 5.6.7), in the form of
// today or in the two old ones, of which the one with two digits for the year
// is read as absl does (69 is 1969, 68 is 2068).
std::optional<absl::Time> ParseHttpDate(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_FETCH_HTTP_DATE_H_
