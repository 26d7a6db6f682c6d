#include "service/http/http_response_text.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(784'111'777);

const HttpResponse kResponse = {
    .status = 200, .fields = {{"Content-Type", "text/plain"}}, .body = "hello"};

TEST(HttpResponseText, IsAsTheStandardHasIt) {
  EXPECT_EQ(HttpResponseText(kResponse, "GET", AfterResponse::kKeep, kNow),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(HttpResponseText, HasNoBodyForHead) {
  EXPECT_EQ(HttpResponseText(kResponse, "HEAD", AfterResponse::kClose, kNow),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain\r\nContent-Length: 5\r\n"
            "Connection: close\r\n\r\n");
}

TEST(HttpResponseText, HasNoLengthForWhatHasNotChanged) {
  EXPECT_EQ(
      HttpResponseText({.status = 304}, "GET", AfterResponse::kKeep, kNow),
      "HTTP/1.1 304 Not Modified\r\nDate: Sun, 06 Nov 1994 08:49:37 "
      "GMT\r\n\r\n");
}

}  // namespace
}  // namespace signet
