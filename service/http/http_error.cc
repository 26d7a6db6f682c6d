#include "service/http/http_error.h"

#include <utility>

#include "jose/json_writer.h"

namespace signet {
namespace {

// When to come again, in seconds: about as long as a store takes to be back.
constexpr char kRetryAfter[] = "5";

}  // namespace

HttpResponse ErrorResponse(int status, absl::string_view error,
                           absl::string_view description) {
  JsonObjectWriter body;
  body.AddString("error", error);
  body.AddString("error_description", description);
  return {.status = status,
          .fields = {{"Content-Type", "application/json"},
                     {"Cache-Control", "no-store"}},
          .body = std::move(body).Finish()};
}

HttpResponse FailureResponse(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return ErrorResponse(400, "invalid_request", status.message());
    case absl::StatusCode::kOutOfRange:
      return ErrorResponse(413, "invalid_request", status.message());
    case absl::StatusCode::kCancelled:
      return ErrorResponse(408, "invalid_request", status.message());
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded: {
      HttpResponse response =
          ErrorResponse(503, "temporarily_unavailable", status.message());
      response.fields.push_back({"Retry-After", kRetryAfter});
      return response;
    }
    default:
      return ErrorResponse(500, "server_error", "a fault of the server's own");
  }
}

}  // namespace signet
