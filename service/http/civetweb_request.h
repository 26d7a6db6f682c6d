#ifndef SIGNET_SERVICE_HTTP_CIVETWEB_REQUEST_H_
#define SIGNET_SERVICE_HTTP_CIVETWEB_REQUEST_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "civetweb.h"
#include "service/http/http_message.h"
#include "service/http/http_response_text.h"

namespace signet {

// ReadRequest returns the request of a connection, without its body.
HttpRequest ReadRequest(const mg_request_info& info);

// RefuseFraming returns the response to a request of which it is not clear
// where it ends, or for whom it is (RFC 9112 sections 3.2 and 6.3): civetweb
// takes some of them. Nothing, if it is clear.
std::optional<HttpResponse> RefuseFraming(const mg_request_info& info,
                                          const HttpRequest& request);

// ReadBody is a BodyReader for a connection: it takes at most `max_bytes`, and
// not longer than "request_timeout_ms" of civetweb's options.
absl::StatusOr<std::string> ReadBody(mg_connection& connection,
                                     size_t max_bytes);

// WishOf returns what becomes of the connection if nothing is in the way.
AfterResponse WishOf(const mg_request_info& info, const HttpRequest& request);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_CIVETWEB_REQUEST_H_
