#include "service/http/http_face.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "service/http/http_options.h"
#include "tests/service/example_setup.h"
#include "tests/service/http/face_fixture.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr char kIntrospect[] = "/oauth2/introspect";
constexpr char kRevoke[] = "/oauth2/revoke";
constexpr char kInactive[] = R"({"active":false})";

std::string FieldOf(const HttpResponse& response, absl::string_view name) {
  const std::string* const value = FindField(response.fields, name);
  return value == nullptr ? "(none)" : *value;
}

std::string FileText(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class HttpFaceTest : public testing::Test {
 protected:
  bool IsActive(const std::string& token) const {
    return Introspect(token) != kInactive;
  }
  std::string Introspect(const std::string& token) const {
    return fixture_
        .Post(kIntrospect, kShopCredentials, absl::StrCat("token=", token))
        .body;
  }

  FaceFixture fixture_;
};

TEST_F(HttpFaceTest, FindsDocumentsByTheHostWhereIssuersShareAPath) {
  struct Row {
    std::string path;
    std::string host;
    std::string issuer;  // Empty: not found.
  };
  const std::string openid = "/.well-known/openid-configuration";
  const std::string oauth = "/.well-known/oauth-authorization-server";
  for (const Row& row : {
           Row{openid, "a.example", "https://a.example"},
           Row{openid, "A.Example:443", "https://a.example"},
           Row{openid, "b.example", "https://b.example"},
           Row{oauth, "b.example", "https://b.example"},
           Row{openid, "c.example", ""},
           Row{openid, "", ""},
           // There is only one who could be meant.
           Row{"/tenant" + openid, "c.example", "https://a.example/tenant"},
           Row{oauth + "/tenant", "", "https://a.example/tenant"},
           Row{"/tenant" + oauth, "a.example", ""},
           Row{openid + "/tenant", "a.example", ""},
       }) {
    std::vector<HttpField> fields;
    if (!row.host.empty()) fields.push_back({"Host", row.host});
    const HttpResponse response = fixture_.Get(row.path, fields);
    if (row.issuer.empty()) {
      EXPECT_EQ(response.status, 404) << row.path << " " << row.host;
      continue;
    }
    EXPECT_EQ(response.status, 200) << row.path << " " << row.host;
    EXPECT_THAT(response.body,
                HasSubstr(absl::StrCat("{\"issuer\":\"", row.issuer,
                                       "\",\"jwks_uri\":\"", row.issuer,
                                       "/jwks.json\",")));
  }
}

TEST_F(HttpFaceTest, TellsWhetherADocumentIsTheOneThatIsKnown) {
  const HttpResponse first = fixture_.Get("/tenant/jwks.json");
  const std::string etag = FieldOf(first, "ETag");
  ASSERT_EQ(first.status, 200);
  struct Row {
    std::string known;
    int status;
  };
  for (const Row& row :
       {Row{etag, 304}, Row{"W/" + etag, 304}, Row{"\"x\" , " + etag, 304},
        Row{"*", 304}, Row{"\"x\"", 200}, Row{"", 200},
        Row{etag.substr(1), 200}, Row{etag + "x", 200}}) {
    const HttpResponse response =
        fixture_.Get("/tenant/jwks.json", {{"If-None-Match", row.known}});
    EXPECT_EQ(response.status, row.status) << row.known;
    EXPECT_EQ(response.body, row.status == 304 ? "" : first.body);
    EXPECT_EQ(FieldOf(response, "ETag"), etag);
    EXPECT_EQ(FieldOf(response, "Cache-Control"), "public, max-age=300");
  }
}

TEST_F(HttpFaceTest, ReadsNoBodyOfWhoMayNotAsk) {
  const auto none = []() -> absl::StatusOr<std::string> {
    ADD_FAILURE() << "was read";
    return "";
  };
  struct Row {
    HttpRequest request;
    int status;
    std::string error;
  };
  for (const Row& row : {
           Row{{"GET", "/nowhere"}, 404, "not_found"},
           Row{{"PUT", "/readyz"}, 405, "invalid_request"},
           Row{{"GET", kIntrospect}, 405, "invalid_request"},
           Row{{"POST", kIntrospect}, 401, "invalid_client"},
           Row{{"POST", kRevoke, "", {{"Authorization", "Basic eDp5"}}},
               401,
               "invalid_client"},
           Row{{"POST", kRevoke, "", {{"Authorization", "Bearer x"}}},
               401,
               "invalid_token"},
           // It is known, but for something else.
           Row{{"POST", kIntrospect, "", {{"Authorization", kGateCredentials}}},
               400,
               "unauthorized_client"},
           Row{{"POST",
                kRevoke,
                "",
                {{"Authorization", "x"}, {"authorization", kGateCredentials}}},
               400,
               "invalid_request"},
       }) {
    const HttpResponse response =
        fixture_.face().Answer(row.request, none, absl::Now());
    EXPECT_EQ(response.status, row.status) << row.request.path;
    EXPECT_THAT(response.body,
                HasSubstr(absl::StrCat("{\"error\":\"", row.error, "\",")));
  }
}

TEST_F(HttpFaceTest, SaysWhyABodyCannotBeHad) {
  const HttpRequest request{
      "POST",
      kRevoke,
      "",
      {{"Authorization", kGateCredentials},
       {"Content-Type", "application/x-www-form-urlencoded"}}};
  const auto status_for = [&](const absl::Status& status) {
    return fixture_.face()
        .Answer(
            request, [&]() -> absl::StatusOr<std::string> { return status; },
            absl::Now())
        .status;
  };
  EXPECT_EQ(status_for(absl::OutOfRangeError("large")), 413);
  EXPECT_EQ(status_for(absl::CancelledError("slow")), 408);
}

TEST_F(HttpFaceTest, IntrospectsByThePolicyOfTheClient) {
  const std::string token = fixture_.AccessToken();
  EXPECT_THAT(Introspect(token),
              HasSubstr(R"({"active":true,"iss":"https://a.example",)"));
  // Good, but not for this client.
  EXPECT_EQ(Introspect(fixture_.AccessToken("https://b.example")), kInactive);
  EXPECT_EQ(Introspect("x"), kInactive);
  EXPECT_EQ(Introspect(std::string(20'000, 'x')), kInactive);
}

TEST_F(HttpFaceTest, SignsAnswersForWhoAsksForIt) {
  const std::string jwt = "application/token-introspection+jwt";
  for (const auto& [accept, type] :
       std::vector<std::pair<std::string, std::string>>{
           {jwt, jwt},
           {"text/html, Application/Token-Introspection+JWT;q=0.5", jwt},
           {"application/json", "application/json"},
           {"*/*", "application/json"}}) {
    const HttpResponse response = fixture_.Post(
        kIntrospect, kShopCredentials, "token=x", {{"Accept", accept}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(FieldOf(response, "Content-Type"), type) << accept;
    EXPECT_EQ(FieldOf(response, "Cache-Control"), "no-store");
    EXPECT_EQ(FieldOf(response, "Vary"), "Accept");
  }
}

TEST_F(HttpFaceTest, RevokesWhatTheClientMayRevoke) {
  const auto revoke = [&](const std::string& credentials,
                          const std::string& token) {
    return fixture_.Post(kRevoke, credentials, absl::StrCat("token=", token))
        .status;
  };
  const std::string own = fixture_.AccessToken();
  const std::string other = fixture_.AccessToken("https://a.example", "other");
  EXPECT_EQ(revoke(kShopCredentials, other), 400);
  EXPECT_TRUE(IsActive(other));
  EXPECT_EQ(revoke(kShopCredentials, own), 200);
  EXPECT_FALSE(IsActive(own));
  EXPECT_EQ(revoke(kGateCredentials, other), 200);
  EXPECT_FALSE(IsActive(other));
}

TEST_F(HttpFaceTest, RevokesNoTokenThatItCannotAttribute) {
  const std::string token = fixture_.AccessToken();
  const std::string forged =
      absl::StrCat(token.substr(0, token.rfind('.') + 1), std::string(86, 'A'));
  for (const std::string& worthless : {forged, std::string("x")}) {
    const HttpResponse response = fixture_.Post(
        kRevoke, kGateCredentials, absl::StrCat("token=", worthless));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "");
  }
  EXPECT_TRUE(IsActive(token));
}

TEST_F(HttpFaceTest, AsksToComeAgainWithTokensWhoseKeysAreNotAtHand) {
  const SigningKey key = MakeTestKey(Algorithm::kEdDsa, "key");
  const HttpResponse response = fixture_.Post(
      kRevoke, kGateCredentials,
      "token=" + SignCompact(key, R"({"alg":"EdDSA","kid":"key"})",
                             R"({"iss":"https://remote.example","jti":"1"})"));
  EXPECT_EQ(response.status, 503) << response.body;
  EXPECT_NE(FindField(response.fields, "Retry-After"), nullptr);
}

TEST_F(HttpFaceTest, AsksToComeAgainWhenTheStoreIsAway) {
  const std::string token = fixture_.AccessToken();
  fixture_.store().SetAway(true);
  const HttpResponse response =
      fixture_.Post(kRevoke, kGateCredentials, absl::StrCat("token=", token));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(FieldOf(response, "Retry-After"), "5");
  EXPECT_THAT(response.body, HasSubstr("\"temporarily_unavailable\""));
  EXPECT_TRUE(IsActive(token));
}

TEST(ImpatientHttpFace, DoesNotWaitForTheStoreForEver) {
  FaceFixture fixture(absl::Milliseconds(100));
  const std::string body = absl::StrCat("token=", fixture.AccessToken());
  fixture.store().Block();
  const HttpResponse response = fixture.Post(kRevoke, kGateCredentials, body);
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("takes too long"));
  // What was asked for still happens.
  fixture.store().Unblock();
  while (fixture.Post(kIntrospect, kShopCredentials, body).body != kInactive) {
  }
}

TEST_F(HttpFaceTest, DecidesNothingWhenItIsStale) {
  const std::string token = fixture_.AccessToken();
  EXPECT_EQ(fixture_.Get("/readyz").status, 200);
  fixture_.MakeStale();
  EXPECT_EQ(fixture_.Get("/readyz").status, 503);
  EXPECT_EQ(fixture_.Get("/healthz").status, 200);
  EXPECT_EQ(fixture_.Get("/tenant/jwks.json").status, 200);
  const std::string body = absl::StrCat("token=", token);
  EXPECT_EQ(fixture_.Post(kIntrospect, kShopCredentials, body).status, 503);
  EXPECT_EQ(fixture_.Post(kRevoke, kGateCredentials, body).status, 503);
  // Its key may be one that this server has not heard of.
  EXPECT_EQ(fixture_.Post(kRevoke, kGateCredentials, "token=x").status, 503);
}

TEST_F(HttpFaceTest, ShowsMetricsToWhoMayReadThem) {
  const auto get = [&](const std::string& credentials) {
    return fixture_.Get("/metrics", {{"Authorization", credentials}});
  };
  const HttpResponse shown = get(kScraperCredentials);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(FieldOf(shown, "Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(shown.body, HasSubstr("signet_verify_batch_tokens_count 0\n"));

  EXPECT_EQ(get(kGateCredentials).status, 400);
  EXPECT_EQ(get("Bearer 0011223344556678").status, 401);
  const HttpResponse stranger = fixture_.Get("/metrics");
  EXPECT_EQ(stranger.status, 401);
  EXPECT_THAT(stranger.body, Not(HasSubstr("signet_")));
  EXPECT_EQ(fixture_.Post("/metrics", kScraperCredentials, "").status, 405);
}

TEST(AnonymousMetricsTest, AreShownToEveryoneIfTheConfigurationSaysSo) {
  config::v1::Http config;
  config.set_address("127.0.0.1:0");
  const auto readers = [&] {
    return ReadHttpOptions(config, *NewExampleSetup(), "/nowhere", absl::Now())
        .value()
        .metrics_readers;
  };
  EXPECT_EQ(readers(), MetricsReaders::kClients);
  config.set_anonymous_metrics(true);
  EXPECT_EQ(readers(), MetricsReaders::kEveryone);
}

TEST_F(HttpFaceTest, WritesDownWhatItRevokesAndRefuses) {
  const std::string token = fixture_.AccessToken();
  IsActive(token);
  EXPECT_EQ(FileText(fixture_.AuditFile()), "") << "looking changes nothing";
  fixture_.Post(kRevoke, kGateCredentials, absl::StrCat("token=", token));
  fixture_.Post(kRevoke, "Basic x", absl::StrCat("token=", token));
  fixture_.Post(kIntrospect, kGateCredentials, absl::StrCat("token=", token));
  fixture_.Get("/metrics");
  const std::vector<std::string> lines =
      absl::StrSplit(FileText(fixture_.AuditFile()), '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 4);
  EXPECT_THAT(
      lines[0],
      HasSubstr(R"("caller":"http:gate","action":"POST /oauth2/revoke",)"
                R"("outcome":"OK","issuer":"https://a.example","jti":")"));
  EXPECT_THAT(lines[1], EndsWith(R"(Z","action":"POST /oauth2/revoke",)"
                                 R"("outcome":"UNAUTHENTICATED"})"));
  EXPECT_THAT(lines[2], EndsWith(R"("caller":"http:gate",)"
                                 R"("action":"POST /oauth2/introspect",)"
                                 R"("outcome":"PERMISSION_DENIED"})"));
  EXPECT_THAT(lines[3], EndsWith(R"("action":"GET /metrics",)"
                                 R"("outcome":"UNAUTHENTICATED"})"));
  EXPECT_THAT(absl::StrJoin(lines, ""), Not(HasSubstr("eyJ")));
}

}  // namespace
}  // namespace signet
