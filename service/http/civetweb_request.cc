#include "service/http/civetweb_request.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/http/http_error.h"

namespace signet {
namespace {

absl::string_view TextOf(const char* text) {
  return text == nullptr ? absl::string_view() : absl::string_view(text);
}

}  // namespace

HttpRequest ReadRequest(const mg_request_info& info) {
  HttpRequest request;
  request.method = std::string(TextOf(info.request_method));
  request.path = std::string(TextOf(info.local_uri_raw));
  request.query = std::string(TextOf(info.query_string));
  request.fields.reserve(static_cast<size_t>(info.num_headers));
  for (int i = 0; i < info.num_headers; ++i) {
    const mg_header& header = info.http_headers[i];
    request.fields.push_back(
        {std::string(TextOf(header.name)), std::string(TextOf(header.value))});
  }
  return request;
}

std::optional<HttpResponse> RefuseFraming(const mg_request_info& info,
                                          const HttpRequest& request) {
  // civetweb does not read further.
  if (info.num_headers >= MG_MAX_HEADERS) {
    return ErrorResponse(431, "invalid_request", "too many header fields");
  }
  if (TextOf(info.http_version) == "1.1" &&
      CountFields(request.fields, "Host") == 0) {
    return ErrorResponse(400, "invalid_request", "there is no Host");
  }
  // RFC 9110 section 15.5.12: as much as to say, not in chunks.
  if (CountFields(request.fields, "Transfer-Encoding") > 0) {
    return ErrorResponse(411, "invalid_request", "Content-Length is required");
  }
  const std::string* const length = FindField(request.fields, "Content-Length");
  if (length != nullptr &&
      (length->empty() || !absl::c_all_of(*length, absl::ascii_isdigit))) {
    return ErrorResponse(400, "invalid_request", "Content-Length is no number");
  }
  return std::nullopt;
}

absl::StatusOr<std::string> ReadBody(mg_connection& connection,
                                     size_t max_bytes) {
  // -1, if there is none.
  const auto size = static_cast<size_t>(
      std::max(mg_get_request_info(&connection)->content_length, 0LL));
  if (size > max_bytes) {
    return absl::OutOfRangeError(
        absl::StrCat("a body has at most ", max_bytes, " bytes here"));
  }
  std::string body(size, '\0');
  // Less comes if the client has gone, or its time is over.
  if (mg_read(&connection, body.data(), size) != static_cast<int>(size)) {
    return absl::CancelledError("the body does not come in time");
  }
  return body;
}

AfterResponse WishOf(const mg_request_info& info, const HttpRequest& request) {
  if (TextOf(info.http_version) != "1.1") return AfterResponse::kClose;
  const std::string* const wish = FindField(request.fields, "Connection");
  return wish == nullptr || absl::EqualsIgnoreCase(*wish, "keep-alive")
             ? AfterResponse::kKeep
             : AfterResponse::kClose;
}

}  // namespace signet
