#ifndef SIGNET_SERVICE_HTTP_HTTP_ERROR_H_
#define SIGNET_SERVICE_HTTP_HTTP_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/http/http_message.h"

namespace signet {

// ErrorResponse is an error as RFC 6749 section 5.2 writes it. It is not to be
// stored by anyone. `description` is for people, ASCII, and constant: nothing
// that a client sent belongs in it.
HttpResponse ErrorResponse(int status, absl::string_view error,
                           absl::string_view description);

// FailureResponse is the error for a handler's `status`, which is not OK:
// nothing was decided, or the request was wrong.
HttpResponse FailureResponse(const absl::Status& status);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_ERROR_H_
