// What comes of everything that a server may do over plain HTTP. TLS has a test
// of its own.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/fetch/fetch_now.h"
#include "tests/fetch/hostile_server.h"

namespace signet {
namespace {

using namespace std::string_literals;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;
constexpr absl::StatusCode kUnavailable = absl::StatusCode::kUnavailable;

constexpr size_t kMaxBodyBytes = 100'000;
constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr absl::Duration kImpatience = absl::Milliseconds(300);

struct Hostility {
  const char* name;
  HostileBehaviour behaviour;
  absl::StatusCode code;
  const char* reason;
  absl::Duration timeout = kPatience;
};

std::string Reply(absl::string_view status, absl::string_view headers,
                  absl::string_view body = "{}") {
  return absl::StrCat("HTTP/1.1 ", status, "\r\n", headers, "\r\n", body);
}

// Sends `begin`, and then `rest` until the client has had enough.
HostileBehaviour Endless(const std::string& begin, const std::string& rest,
                         absl::Duration pause = absl::ZeroDuration()) {
  return [=](HostileConnection& connection, const std::string&) {
    if (connection.Send(begin)) connection.SendForever(rest, pause);
  };
}

HostileBehaviour SilentAfter(const std::string& begin) {
  return [=](HostileConnection& connection, const std::string&) {
    if (connection.Send(begin)) connection.AwaitEnd();
  };
}

HostileBehaviour ResetAfter(const std::string& begin) {
  return [=](HostileConnection& connection, const std::string&) {
    (void)connection.Send(begin);
    connection.Reset();
  };
}

const std::string kJson = "Content-Type: application/json\r\n";
const std::string kKilobyte(1024, 'x');
constexpr char kNotJson[] = "the answer is not JSON by its Content-Type";
constexpr char kCompressed[] = "the answer is compressed";
constexpr char kNotHttp[] = "the answer is not proper HTTP/1.1";
constexpr char kTooLarge[] = "the answer is larger than 100000 bytes";
constexpr char kHeadTooLarge[] = "the head of the answer is larger than 65536";
constexpr char kTooSlow[] = "the answer was not complete within the time limit";
constexpr char kBrokeOff[] = "the answer broke off before it was complete";
constexpr char kElsewhere[] =
    "a redirect leads to another scheme, host or port";
constexpr char kNoUrl[] =
    "a redirect leads to what may not be fetched: the URL begins with neither";

std::vector<Hostility> WrongContent() {
  return {
      {"html", Replies(Reply("200 OK", "Content-Type: text/html\r\n")),
       kRefused, kNotJson},
      {"plain-text",
       Replies(Reply("200 OK", "Content-Type: text/plain; charset=utf-8\r\n")),
       kRefused, kNotJson},
      {"script-with-json-in-its-name",
       Replies(Reply("200 OK", "Content-Type: text/json+javascript\r\n")),
       kRefused, kNotJson},
      {"json-is-only-a-parameter",
       Replies(
           Reply("200 OK", "Content-Type: text/html; application/json\r\n")),
       kRefused, kNotJson},
      {"endless-html",
       Endless(Reply("200 OK", "Content-Type: text/html\r\n"), kKilobyte),
       kRefused, kNotJson},
      {"gzip", Replies(Reply("200 OK", kJson + "Content-Encoding: gzip\r\n")),
       kRefused, kCompressed},
      {"brotli", Replies(Reply("200 OK", kJson + "Content-Encoding: br\r\n")),
       kRefused, kCompressed},
      {"gzip-as-transfer-encoding",
       Replies(Reply("200 OK", kJson + "Transfer-Encoding: gzip, chunked\r\n",
                     "2\r\n{}\r\n0\r\n\r\n")),
       kUnavailable, kNotHttp},
  };
}

std::vector<Hostility> WrongStatus() {
  std::vector<Hostility> all;
  for (const char* status :
       {"500 Oh", "502 Bad Gateway", "503 Busy", "504 Late", "599 Odd",
        "999 None", "429 Slow down", "408 Timeout", "425 Too Early"}) {
    all.push_back({status, Replies(Reply(status, kJson)), kUnavailable,
                   "the server answered with status "});
  }
  for (const char* status :
       {"201 Created", "202 Accepted", "203 Other", "204 No Content",
        "206 Partial Content", "300 Choose", "304 Not Modified", "305 Proxy",
        "400 Bad", "401 Who", "403 No", "404 Not Found", "407 Proxy",
        "410 Gone"}) {
    all.push_back({status, Replies(Reply(status, kJson)), kRefused,
                   "the server answered with status "});
  }
  all.push_back({"endless-error", Endless(Reply("500 Oh", kJson), kKilobyte),
                 kUnavailable, "the server answered with status 500"});
  all.push_back({"error-that-never-ends",
                 SilentAfter(Reply("500 Oh", "Content-Length: 99\r\n", "")),
                 kUnavailable, "the server answered with status 500"});
  return all;
}

std::vector<Hostility> TooMuch() {
  return {
      {"endless-body", Endless(Reply("200 OK", kJson), kKilobyte), kRefused,
       kTooLarge},
      {"endless-chunks",
       Endless(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n", ""),
               "400\r\n" + kKilobyte + "\r\n"),
       kRefused, kTooLarge},
      {"a-terabyte",
       Endless(Reply("200 OK", kJson + "Content-Length: 1099511627776\r\n"),
               kKilobyte),
       kRefused, kTooLarge},
      {"one-byte-too-many",
       Replies(JsonReply(std::string(kMaxBodyBytes + 1, ' '))), kRefused,
       kTooLarge},
      {"endless-header-fields", Endless("HTTP/1.1 200 OK\r\n", "A: b\r\n"),
       kRefused, kHeadTooLarge},
      {"huge-header-field",
       Replies(Reply("200 OK", "A: " + std::string(70'000, 'a') + "\r\n")),
       kRefused, kHeadTooLarge},
      {"endless-header-field", Endless("HTTP/1.1 200 OK\r\nA: ", kKilobyte),
       kUnavailable, kNotHttp},
      {"endless-interim-responses",
       Endless("", "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"), kRefused,
       kHeadTooLarge},
      {"endless-trailers",
       Endless(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n",
                     "2\r\n{}\r\n0\r\n"),
               "A: b\r\n"),
       kRefused, kHeadTooLarge},
  };
}

std::vector<Hostility> TooSlow() {
  return {
      {"never-answers", SilentAfter(""), kUnavailable, kTooSlow, kImpatience},
      {"half-a-status-line", SilentAfter("HTTP/1."), kUnavailable, kTooSlow,
       kImpatience},
      {"head-without-end", SilentAfter("HTTP/1.1 200 OK\r\n" + kJson),
       kUnavailable, kTooSlow, kImpatience},
      {"half-a-body", SilentAfter(Reply("200 OK", "Content-Length: 99\r\n")),
       kUnavailable, kTooSlow, kImpatience},
      {"body-without-end", SilentAfter(Reply("200 OK", kJson)), kUnavailable,
       kTooSlow, kImpatience},
      {"a-byte-of-head-at-a-time",
       Endless("HTTP/1.1 200 OK\r\nA: ", "a", absl::Milliseconds(5)),
       kUnavailable, kTooSlow, kImpatience},
      {"a-byte-of-body-at-a-time",
       Endless(Reply("200 OK", kJson), " ", absl::Milliseconds(5)),
       kUnavailable, kTooSlow, kImpatience},
      {"a-chunk-at-a-time",
       Endless(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n", ""),
               "1\r\n \r\n", absl::Milliseconds(5)),
       kUnavailable, kTooSlow, kImpatience},
      {"only-hints",
       Endless("", "HTTP/1.1 102 Processing\r\n\r\n", absl::Milliseconds(5)),
       kUnavailable, kTooSlow, kImpatience},
  };
}

std::vector<Hostility> Broken() {
  return {
      {"ends-at-once", Replies(""), kUnavailable, kBrokeOff},
      {"resets-at-once", ResetAfter(""), kUnavailable, kBrokeOff},
      {"resets-within-head", ResetAfter("HTTP/1.1 200 OK\r\n" + kJson),
       kUnavailable, kBrokeOff},
      {"resets-within-body",
       ResetAfter(Reply("200 OK", kJson + "Content-Length: 99\r\n")),
       kUnavailable, kBrokeOff},
      {"less-than-its-length",
       Replies(Reply("200 OK", kJson + "Content-Length: 3\r\n", "{}")),
       kUnavailable, kBrokeOff},
      {"ends-within-a-chunk",
       Replies(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n",
                     "9\r\n{}")),
       kUnavailable, kBrokeOff},
      {"ends-before-the-last-chunk",
       Replies(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n",
                     "2\r\n{}\r\n")),
       kUnavailable, kBrokeOff},
      {"no-size-of-a-chunk",
       Replies(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n",
                     "zz\r\n{}\r\n0\r\n\r\n")),
       kUnavailable, kBrokeOff},
      {"overflowing-size-of-a-chunk",
       Replies(Reply("200 OK", kJson + "Transfer-Encoding: chunked\r\n",
                     "FFFFFFFFFFFFFFFFF2\r\n{}\r\n0\r\n\r\n")),
       kUnavailable, kBrokeOff},
      {"negative-length",
       Replies(Reply("200 OK", kJson + "Content-Length: -2\r\n")), kUnavailable,
       kNotHttp},
      {"length-is-no-number",
       Replies(Reply("200 OK", kJson + "Content-Length: two\r\n")),
       kUnavailable, kNotHttp},
      {"nul-in-head", Replies(Reply("200 OK", "A: \0b\r\n"s)), kUnavailable,
       kNotHttp},
      {"another-protocol", Replies("SSH-2.0-OpenSSH_9.2\r\n"), kUnavailable,
       kNotHttp},
      {"json-without-a-head", Replies("{}"), kUnavailable, kNotHttp},
      {"http-2", Replies("\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x64"s), kUnavailable,
       kNotHttp},
      {"http-of-a-later-version",
       Replies("HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}"), kUnavailable,
       kNotHttp},
      {"switches-protocols",
       SilentAfter("HTTP/1.1 101 Switch\r\nUpgrade: h2c\r\n\r\n"), kUnavailable,
       kTooSlow, kImpatience},
  };
}

std::vector<Hostility> WrongRedirects() {
  const auto redirect = [](const char* name, const std::string& location,
                           const char* reason) {
    return Hostility{name, Replies(RedirectTo(location)), kRefused, reason};
  };
  return {
      redirect("to-a-file", "file:///etc/passwd", kNoUrl),
      redirect("to-gopher", "gopher://127.0.0.1:70/_x", kNoUrl),
      redirect("to-data", "data:application/json,{}", kNoUrl),
      redirect("to-javascript", "javascript:alert(1)", kNoUrl),
      redirect("to-another-host", "http://issuer.example/", kElsewhere),
      redirect("to-https-elsewhere", "https://issuer.example/", kElsewhere),
      redirect("to-another-port", "http://127.0.0.1:1/", kElsewhere),
      redirect("to-another-name-of-it", "http://localhost/", kElsewhere),
      redirect("to-cloud-metadata", "http://169.254.169.254/latest/meta-data/",
               kElsewhere),
      redirect("to-a-host-without-scheme", "//issuer.example/", kElsewhere),
      redirect("to-a-hidden-host", "//127.0.0.1@issuer.example/",
               "the URL has user information"),
      redirect("to-a-host-behind-a-backslash", "/\\issuer.example/",
               "the URL has a character that must be percent-encoded"),
      redirect("to-a-number-for-a-host", "http://2130706433/",
               "the host of the URL is neither a name"),
      redirect("nowhere", "", "a redirect does not say where to"),
      redirect("to-a-fragment", "#top", "the URL has a fragment"),
      redirect("too-far", std::string(5000, 'a'), "the URL is longer than"),
  };
}

class HostileHttpTest
    : public testing::TestWithParam<std::vector<Hostility> (*)()> {
 protected:
  // All at once: no server keeps the answers of others waiting.
  void ExpectEachOutcome(const std::vector<Hostility>& hostilities) {
    std::vector<PendingAnswer> answers;
    answers.reserve(hostilities.size());
    for (const Hostility& hostility : hostilities) {
      const std::string path = absl::StrCat("/", answers.size());
      server_.On(path, hostility.behaviour);
      FetchOptions options;
      options.limits.max_body_bytes = kMaxBodyBytes;
      options.limits.timeout = hostility.timeout;
      answers.emplace_back(*fetcher_, RequestFor(server_.UrlOf(path), options));
    }
    for (size_t i = 0; i < answers.size(); ++i) {
      const absl::Status status = answers[i].Get().status();
      const std::string message(status.message());
      EXPECT_EQ(status.code(), hostilities[i].code)
          << hostilities[i].name << ": " << message;
      EXPECT_TRUE(
          absl::StartsWith(message, server_.UrlOf(absl::StrCat("/", i, ": "))))
          << message;
      EXPECT_TRUE(absl::StrContains(message, hostilities[i].reason))
          << hostilities[i].name << ": " << message;
    }
  }

  HostileServer server_;
  std::unique_ptr<Fetcher> fetcher_ = NewFetcher();
};

TEST_P(HostileHttpTest, EachHostilityHasItsOutcome) {
  ExpectEachOutcome(GetParam()());
}

INSTANTIATE_TEST_SUITE_P(All, HostileHttpTest,
                         testing::Values(WrongContent, WrongStatus, TooMuch,
                                         TooSlow, Broken, WrongRedirects));

}  // namespace
}  // namespace signet
