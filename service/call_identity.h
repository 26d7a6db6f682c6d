#ifndef SIGNET_SERVICE_CALL_IDENTITY_H_
#define SIGNET_SERVICE_CALL_IDENTITY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace signet {

// kRequestIdKey and kTraceparentKey are metadata in which a caller says what
// its call is part of, and is told.
inline constexpr char kRequestIdKey[] = "x-request-id";
inline constexpr char kTraceparentKey[] = "traceparent";

// IsRequestId says whether a caller may name a call so: 1 to 64 letters,
// digits,
// "-" and "_". So it fits into logs, and cannot be a token, which has dots.
bool IsRequestId(absl::string_view text);

// NewRequestId returns a random one, of 32 hexadecimal digits.
std::string NewRequestId();

// IsTraceparent says whether `text` is well-formed (W3C Trace Context section
// 3.2), of version 00 or with no more than that version has.
bool IsTraceparent(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_CALL_IDENTITY_H_
