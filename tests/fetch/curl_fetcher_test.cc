#include "fetch/curl_fetcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/fetch/fetch_now.h"
#include "tests/fetch/hostile_server.h"

namespace signet {
namespace {

constexpr char kBody[] = R"({"keys":[]})";

class CurlFetcherTest : public testing::Test {
 protected:
  absl::StatusOr<FetchAnswer> Fetch(
      const std::string& path, const FetchOptions& options = FetchOptions()) {
    return FetchNow(*fetcher_, RequestFor(server_.UrlOf(path), options));
  }

  HostileServer server_;
  std::unique_ptr<Fetcher> fetcher_ = NewFetcher();
};

TEST_F(CurlFetcherTest, TakesJsonByAnyOfItsNames) {
  for (const char* type :
       {"application/json", "application/json; charset=utf-8",
        "Application/JSON", "application/jwk-set+json",
        "application/vnd.example.keys+json ;v=1"}) {
    server_.On("/", Replies(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: ",
                                         type, "\r\n\r\n", kBody)));
    const absl::StatusOr<FetchAnswer> answer = Fetch("/");
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->document->body, kBody) << type;
  }
}

TEST_F(CurlFetcherTest, TakesAnswersInEveryFormThatIsProper) {
  const std::string json = kBody;
  const std::string replies[] = {
      absl::StrCat("HTTP/1.1 200 OK\r\n\r\n", json),
      absl::StrCat("HTTP/1.0 200 OK\r\n\r\n", json),
      absl::StrCat("HTTP/1.1 200\r\n\r\n", json),
      absl::StrCat("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n",
                   json),
      absl::StrCat("HTTP/1.1 103 Hints\r\nA: b\r\n\r\n", JsonReply(json)),
      // What comes after its length does not belong to it.
      absl::StrCat(JsonReply(json), "HTTP/1.1 500 Smuggled\r\n\r\n"),
      absl::StrCat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                   "b;extension=1\r\n", json, "\r\n0\r\nTrailer: 1\r\n\r\n"),
  };
  for (const std::string& reply : replies) {
    server_.On("/", Replies(reply));
    const absl::StatusOr<FetchAnswer> answer = Fetch("/");
    ASSERT_TRUE(answer.ok()) << reply << answer.status();
    EXPECT_EQ(answer->document->body, json) << reply;
  }
}

TEST_F(CurlFetcherTest, TakesABodyAsLargeAsAllowed) {
  FetchOptions options;
  options.limits.max_body_bytes = 100'000;
  const std::string body(options.limits.max_body_bytes, ' ');
  server_.On("/", Replies(JsonReply(body)));
  const absl::StatusOr<FetchAnswer> answer = Fetch("/", options);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->document->body, body);
}

TEST_F(CurlFetcherTest, AsksForJsonAndSaysNothingOfItself) {
  server_.On("/keys?v=1", Replies(JsonReply(kBody)));
  EXPECT_TRUE(Fetch("/keys?v=1").ok());
  EXPECT_EQ(server_.requests(),
            std::vector<std::string>{absl::StrCat(
                "GET /keys?v=1 HTTP/1.1\r\nHost: 127.0.0.1:", server_.port(),
                "\r\nUser-Agent: signet\r\nAccept: application/json, "
                "application/jwk-set+json\r\n\r\n")});
}

TEST_F(CurlFetcherTest, AsksOnlyForWhatHasChanged) {
  server_.On(
      "/", Replies(JsonReply(kBody,
                             "ETag: W/\"1\"\r\n"
                             "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                             "Cache-Control: public, max-age=600\r\n")));
  const absl::StatusOr<FetchAnswer> first = Fetch("/");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->fresh_for, absl::Seconds(600));

  server_.On("/", Replies("HTTP/1.1 304 Not Modified\r\n"
                          "Cache-Control: max-age=60\r\n\r\n"));
  FetchRequest again = RequestFor(server_.UrlOf("/"));
  again.etag = first->document->etag;
  again.last_modified = first->document->last_modified;
  const absl::StatusOr<FetchAnswer> second = FetchNow(*fetcher_, again);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->document.has_value());
  EXPECT_EQ(second->fresh_for, absl::Seconds(60));
  EXPECT_TRUE(absl::StrContains(
      server_.requests().back(),
      "If-None-Match: W/\"1\"\r\n"
      "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
}

TEST_F(CurlFetcherTest, DoesNotRepeatWhatIsNoEtag) {
  const std::string not_etags[] = {std::string(1025, 'a'), "\"\t\"",
                                   "\"\xff\""};
  for (const std::string& etag : not_etags) {
    server_.On("/",
               Replies(JsonReply(kBody, absl::StrCat("ETag: ", etag, "\r\n"))));
    const absl::StatusOr<FetchAnswer> answer = Fetch("/");
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->document->etag, "");
  }
  FetchRequest request = RequestFor(server_.UrlOf("/"));
  request.etag = "\"1\"\r\nCookie: stolen=1";
  EXPECT_TRUE(FetchNow(*fetcher_, request).ok());
  EXPECT_FALSE(absl::StrContains(server_.requests().back(), "stolen"));
  EXPECT_FALSE(absl::StrContains(server_.requests().back(), "If-None-Match"));
}

TEST_F(CurlFetcherTest, SaysWhenTheServerDoesNotSayHowLong) {
  server_.On("/", Replies(JsonReply(kBody)));
  EXPECT_EQ(Fetch("/")->fresh_for, std::nullopt);
}

TEST_F(CurlFetcherTest, FollowsRedirectsOnTheSameHost) {
  server_.On("/a/1", Replies(RedirectTo("2?x=y")));
  server_.On("/a/2?x=y", Replies(RedirectTo("/3")));
  server_.On("/3", Replies("HTTP/1.1 308 Moved\r\nLocation: " +
                           server_.UrlOf("/4") + "\r\n\r\n"));
  server_.On("/4", Replies(JsonReply(kBody)));
  const absl::StatusOr<FetchAnswer> answer = Fetch("/a/1");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->document->body, kBody);

  server_.On("/0", Replies(RedirectTo("/a/1")));
  EXPECT_EQ(Fetch("/0").status(),
            absl::FailedPreconditionError(absl::StrCat(
                server_.UrlOf("/0"), ": redirects more than 3 times")));
}

TEST_F(CurlFetcherTest, RedirectsGetNoMoreTime) {
  FetchOptions options;
  options.limits.timeout = absl::Milliseconds(500);
  options.limits.max_redirects = 1'000'000;
  server_.On("/", Replies(RedirectTo("/")));
  EXPECT_EQ(Fetch("/", options).status(),
            absl::UnavailableError(absl::StrCat(
                server_.UrlOf("/"),
                ": the answer was not complete within the time limit")));
}

TEST_F(CurlFetcherTest, KeepsNothingBetweenRequests) {
  // The server would go on with the same connection.
  server_.On("/", [](HostileConnection& connection, const std::string&) {
    (void)connection.Send(JsonReply(kBody, "Set-Cookie: session=1\r\n"));
    connection.AwaitEnd();
  });
  EXPECT_TRUE(Fetch("/").ok());
  EXPECT_TRUE(Fetch("/").ok());
  EXPECT_EQ(server_.connections(), 2);
  EXPECT_FALSE(absl::StrContains(server_.requests().back(), "session"));
}

TEST_F(CurlFetcherTest, ClosesItsConnectionAfterTheAnswer) {
  std::promise<void> closed;
  server_.On("/", [&closed](HostileConnection& connection, const std::string&) {
    (void)connection.Send(JsonReply(kBody));
    connection.AwaitEnd();
    closed.set_value();
  });
  EXPECT_TRUE(Fetch("/").ok());
  EXPECT_EQ(closed.get_future().wait_for(std::chrono::minutes(1)),
            std::future_status::ready);
}

TEST_F(CurlFetcherTest, UsesNoProxyOfTheEnvironment) {
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", /*replace=*/1), 0);
  ASSERT_EQ(setenv("ALL_PROXY", "http://127.0.0.1:1", /*replace=*/1), 0);
  server_.On("/", Replies(JsonReply(kBody)));
  EXPECT_TRUE(Fetch("/").ok());
}

TEST_F(CurlFetcherTest, ErrorsDoNotQuoteQueries) {
  const std::string message(Fetch("/keys?token=secret").status().message());
  EXPECT_TRUE(absl::StartsWith(message, server_.UrlOf("/keys: "))) << message;
  EXPECT_FALSE(absl::StrContains(message, "secret"));
}

TEST_F(CurlFetcherTest, ConnectsToNoAddressThatTheRulesRefuse) {
  FetchOptions options;
  options.addresses.private_addresses = PrivateAddresses::kDenied;
  const absl::Status private_address = Fetch("/", options).status();
  EXPECT_EQ(private_address.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(private_address.message(),
                                "the host has a private address"));

  options.addresses = {.families = AddressFamilies::kIpv6Only};
  const absl::Status family = Fetch("/", options).status();
  EXPECT_EQ(family.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(family.message(),
                                "an address of a family that may not be"));
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(CurlFetcherTest, SaysWhenNobodyListens) {
  int port = 0;
  {
    const HostileServer gone;
    port = gone.port();
  }
  const std::string url = absl::StrCat("http://127.0.0.1:", port, "/");
  EXPECT_EQ(FetchNow(*fetcher_, RequestFor(url)).status(),
            absl::UnavailableError(
                absl::StrCat(url, ": nobody accepts connections there")));
}

}  // namespace
}  // namespace signet
