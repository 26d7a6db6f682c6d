#include "service/http/http_response_text.h"

#include "absl/strings/str_cat.h"

namespace signet {
namespace {

constexpr int kNotModified = 304;

absl::string_view ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case kNotModified:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";  // Is for people only, and may be left out.
  }
}

// RFC 9110 section 5.6.7.
std::string HttpDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", time,
                          absl::UTCTimeZone());
}

}  // namespace

std::string HttpResponseText(const HttpResponse& response,
                             absl::string_view method, AfterResponse after,
                             absl::Time now) {
  std::string text =
      absl::StrCat("HTTP/1.1 ", response.status, " ", ReasonOf(response.status),
                   "\r\nDate: ", HttpDate(now), "\r\n");
  for (const HttpField& field : response.fields) {
    absl::StrAppend(&text, field.name, ": ", field.value, "\r\n");
  }
  // Of what has not changed the length would be another's.
  if (response.status != kNotModified) {
    absl::StrAppend(&text, "Content-Length: ", response.body.size(), "\r\n");
  }
  if (after == AfterResponse::kClose) {
    absl::StrAppend(&text, "Connection: close\r\n");
  }
  absl::StrAppend(&text, "\r\n");
  if (method != "HEAD") absl::StrAppend(&text, response.body);
  return text;
}

}  // namespace signet
