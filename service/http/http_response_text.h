#ifndef SIGNET_SERVICE_HTTP_HTTP_RESPONSE_TEXT_H_
#define SIGNET_SERVICE_HTTP_HTTP_RESPONSE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/http/http_message.h"

namespace signet {

// AfterResponse says what becomes of the connection.
enum class AfterResponse { kKeep, kClose };

// HttpResponseText writes a response to a request of `method`, sent at `now`,
// as HTTP/1.1 has it (RFC 9112 section 4).
std::string HttpResponseText(const HttpResponse& response,
                             absl::string_view method, AfterResponse after,
                             absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_RESPONSE_TEXT_H_
