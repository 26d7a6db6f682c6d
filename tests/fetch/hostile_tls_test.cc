// What comes of everything that may be wrong with a server's TLS.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/fetch/fetch_now.h"
#include "tests/fetch/hostile_server.h"
#include "tests/service/test_certificate.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;
constexpr absl::StatusCode kUnavailable = absl::StatusCode::kUnavailable;
constexpr char kBody[] = R"({"keys":[]})";
constexpr char kUntrusted[] = "does not come from an authority that is trusted";
constexpr char kOtherHost[] = "the server's certificate is for another host";
constexpr char kNoTls[] = "no TLS connection could be made";
constexpr char kTooSlow[] = "not complete within the time limit";
constexpr char kBrokeOff[] = "the answer broke off before it was complete";

class HostileTlsTest : public testing::Test {
 protected:
  HostileTlsTest() { folder_.Write("ca.pem", ca_.CertificatePem()); }

  FetchOptions TrustingTheCa() const {
    FetchOptions options;
    options.ca_file = folder_.PathTo("ca.pem");
    return options;
  }

  absl::StatusOr<FetchAnswer> Fetch(const std::string& url,
                                    const FetchOptions& options) {
    return FetchNow(*fetcher_, RequestFor(url, options));
  }

  void ExpectFailure(const std::string& url, const FetchOptions& options,
                     absl::StatusCode code, const std::string& reason) {
    const absl::Status status = Fetch(url, options).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), reason)) << status;
  }

  // What comes of fetching from a server with this certificate.
  void ExpectFailure(const TestCertificate& certificate, absl::StatusCode code,
                     const std::string& reason) {
    HostileServer server(HostileServer::Tls{.certificate = certificate});
    server.On("/", Replies(JsonReply(kBody)));
    ExpectFailure(server.UrlOf("/"), TrustingTheCa(), code, reason);
    EXPECT_TRUE(server.requests().empty());
  }

  // What comes of fetching with TLS from whoever does this.
  void ExpectUnavailable(const HostileBehaviour& behaviour,
                         const std::string& reason) {
    const HostileServer server(behaviour);
    FetchOptions options = TrustingTheCa();
    options.limits.timeout = absl::Milliseconds(300);
    ExpectFailure(absl::StrCat("https://127.0.0.1:", server.port(), "/"),
                  options, kUnavailable, reason);
  }

  const TestFolder folder_;
  const TestCertificate ca_{"CA"};
  const TestCertificate certificate_{"server", ca_};
  std::unique_ptr<Fetcher> fetcher_ = NewFetcher();
};

TEST_F(HostileTlsTest, FetchesFromAServerThatTheCaFileVouchesFor) {
  HostileServer server(HostileServer::Tls{.certificate = certificate_});
  server.On("/", Replies(JsonReply(kBody)));
  const std::string by_name =
      absl::StrCat("https://localhost:", server.port(), "/");
  for (const std::string& url : {server.UrlOf("/"), by_name}) {
    const absl::StatusOr<FetchAnswer> answer = Fetch(url, TrustingTheCa());
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->document->body, kBody);
  }
}

TEST_F(HostileTlsTest, ResumesNoSession) {
  HostileServer server(HostileServer::Tls{.certificate = certificate_});
  server.On("/", Replies(JsonReply(kBody)));
  EXPECT_TRUE(Fetch(server.UrlOf("/"), TrustingTheCa()).ok());
  EXPECT_TRUE(Fetch(server.UrlOf("/"), TrustingTheCa()).ok());
  EXPECT_EQ(server.resumptions(), 0);
}

TEST_F(HostileTlsTest, RefusesCertificatesThatAreNotGood) {
  using Validity = TestCertificate::Validity;
  const TestCertificate stranger("another CA");
  const TestCertificate impostor("CA");
  const TestCertificate no_authority("server", ca_);
  const std::pair<TestCertificate, const char*> refused[] = {
      {TestCertificate("server", stranger), kUntrusted},
      {TestCertificate("server", no_authority), kUntrusted},
      {TestCertificate("self-signed"), kUntrusted},
      {TestCertificate("server", ca_, Validity{.end = "20010101000000Z"}),
       "a certificate of the server has expired"},
      {TestCertificate("server", ca_, Validity{.begin = "20980101000000Z"}),
       "a certificate of the server is not valid yet"},
  };
  for (const auto& [certificate, reason] : refused) {
    ExpectFailure(certificate, kRefused, reason);
  }
  // The signature is not what it should be.
  ExpectFailure(TestCertificate("server", impostor), kUnavailable, kNoTls);
}

TEST_F(HostileTlsTest, RefusesCertificatesForOthers) {
  for (const char* names :
       {"DNS:issuer.example", "IP:127.0.0.2", "DNS:127.0.0.1", "DNS:*",
        "DNS:127.0.0.1.issuer.example", "DNS:*.0.0.1", "URI:https://127.0.0.1/",
        "IP:0:0:0:0:0:FFFF:127.0.0.1"}) {
    ExpectFailure(TestCertificate("server", ca_,
                                  TestCertificate::Validity{.names = names}),
                  kRefused, kOtherHost);
  }
}

TEST_F(HostileTlsTest, TrustsNobodyElseThanTheCaFileSays) {
  HostileServer server(HostileServer::Tls{.certificate = certificate_});
  server.On("/", Replies(JsonReply(kBody)));
  const std::string url = server.UrlOf("/");
  const TestCertificate other_ca("another CA");
  folder_.Write("other.pem", other_ca.CertificatePem());
  FetchOptions other = TrustingTheCa();
  other.ca_file = folder_.PathTo("other.pem");
  // Neither what was established with other options, nor what the system
  // trusts, counts.
  EXPECT_TRUE(Fetch(url, TrustingTheCa()).ok());
  ExpectFailure(url, other, kRefused, kUntrusted);
  ExpectFailure(url, FetchOptions(), kRefused, kUntrusted);
  EXPECT_TRUE(Fetch(url, TrustingTheCa()).ok());
}

TEST_F(HostileTlsTest, RefusesACaFileThatIsOfNoUse) {
  HostileServer server(HostileServer::Tls{.certificate = certificate_});
  server.On("/", Replies(JsonReply(kBody)));
  folder_.Write("empty.pem", "");
  for (const char* name : {"missing.pem", "empty.pem"}) {
    FetchOptions options;
    options.ca_file = folder_.PathTo(name);
    ExpectFailure(server.UrlOf("/"), options, kRefused,
                  "the CA file cannot be read, or has no certificate");
  }
}

TEST_F(HostileTlsTest, RefusesOldTls) {
  for (const uint16_t version : {TLS1_VERSION, TLS1_1_VERSION}) {
    HostileServer server(HostileServer::Tls{.certificate = certificate_,
                                            .max_version = version});
    server.On("/", Replies(JsonReply(kBody)));
    ExpectFailure(server.UrlOf("/"), TrustingTheCa(), kUnavailable, kNoTls);
  }
  HostileServer server(
      {.certificate = certificate_, .max_version = TLS1_2_VERSION});
  server.On("/", Replies(JsonReply(kBody)));
  EXPECT_TRUE(Fetch(server.UrlOf("/"), TrustingTheCa()).ok());
}

TEST_F(HostileTlsTest, FailsWhereThereIsNoHandshake) {
  ExpectUnavailable(Replies("HTTP/1.1 200 OK\r\n\r\n{}"), kNoTls);
  ExpectUnavailable(Replies(""), kNoTls);
  ExpectUnavailable(
      [](HostileConnection& connection, const std::string&) {
        if (connection.AwaitBytes()) connection.Reset();
      },
      kNoTls);
  // The beginning of a record that never ends.
  ExpectUnavailable(
      [](HostileConnection& connection, const std::string&) {
        if (connection.Send("\x16\x03\x03\x40")) connection.AwaitEnd();
      },
      kTooSlow);
  ExpectUnavailable([](HostileConnection& connection,
                       const std::string&) { connection.AwaitEnd(); },
                    kTooSlow);
}

// Without a length, libcurl takes any end for the end of the document; a JSON
// object that has been cut short is none.
TEST_F(HostileTlsTest, NoticesAnEarlyEndThatTheServerDidNotSign) {
  HostileServer server(HostileServer::Tls{.certificate = certificate_});
  for (const char* headers :
       {"Content-Length: 9", "Transfer-Encoding: chunked"}) {
    server.On("/", [=](HostileConnection& connection, const std::string&) {
      (void)connection.Send(
          absl::StrCat("HTTP/1.1 200 OK\r\n", headers, "\r\n\r\n"));
      connection.CutOff();
    });
    ExpectFailure(server.UrlOf("/"), TrustingTheCa(), kUnavailable, kBrokeOff);
  }
}

TEST_F(HostileTlsTest, IsNotRedirectedOutOfTls) {
  HostileServer plain;
  plain.On("/", Replies(JsonReply(kBody)));
  HostileServer server(HostileServer::Tls{.certificate = certificate_});
  const std::string same_port =
      absl::StrCat("http://127.0.0.1:", server.port(), "/");
  for (const std::string& location : {plain.UrlOf("/"), same_port}) {
    server.On("/", Replies(RedirectTo(location)));
    ExpectFailure(server.UrlOf("/"), TrustingTheCa(), kRefused,
                  "leads to another scheme, host or port");
  }
  EXPECT_EQ(plain.connections(), 0);
}

}  // namespace
}  // namespace signet
