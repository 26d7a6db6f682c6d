#include "service/access/sign_rights.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://a.example";

absl::StatusOr<SignRights> Create(const std::string& config) {
  return SignRights::Create(
      FromText<config::v1::SignRights>(config),
      [](const std::string& issuer) { return issuer == kIssuer; });
}

SignRights Rights() {
  return *Create(R"pb(
    issuers: "https://a.example"
    kinds: TOKEN_KIND_ACCESS_TOKEN
    kinds: TOKEN_KIND_ID_TOKEN
    subjects: "user-*"
    subjects: "billing"
    audiences: "https://api.example/*"
    audiences: "orders"
    scopes: "orders.*"
    scopes: "read"
    client_ids: "shop"
    max_lifetime { seconds: 60 }
  )pb");
}

TokenRequest Request() {
  TokenRequest request;
  request.kind = TokenKind::kAccessToken;
  request.subject = "user-1";
  request.audiences = {"orders", "https://api.example/v1"};
  request.scopes = {"read", "orders.write"};
  request.client_id = "shop";
  request.lifetime = absl::Seconds(60);
  return request;
}

TEST(SignRights, AllowWhatIsNamed) {
  EXPECT_TRUE(Rights().Allow(kIssuer, Request()));
  TokenRequest least;
  least.kind = TokenKind::kIdToken;
  least.audiences = {"orders"};
  EXPECT_TRUE(Rights().Allow(kIssuer, least));
  EXPECT_EQ(Rights().max_lifetime(), absl::Seconds(60));
}

TEST(SignRights, AllowNothingElse) {
  EXPECT_FALSE(Rights().Allow("https://b.example", Request()));
  EXPECT_FALSE(Rights().Allow("", Request()));
  EXPECT_FALSE(Rights().Allow("https://a.example/", Request()));
  using Spoil = void (*)(TokenRequest&);
  const Spoil kSpoils[] = {
      [](TokenRequest& r) { r.kind = TokenKind::kJwt; },
      [](TokenRequest& r) { r.subject = "admin"; },
      [](TokenRequest& r) { r.subject = "billing-2"; },
      [](TokenRequest& r) { r.subject = "User-1"; },
      [](TokenRequest& r) { r.subject = "*"; },
      [](TokenRequest& r) { r.audiences.emplace_back("other"); },
      [](TokenRequest& r) {
        r.audiences = {"orders", ""};
      },
      [](TokenRequest& r) { r.audiences = {"https://api.example"}; },
      [](TokenRequest& r) { r.scopes.emplace_back("write"); },
      [](TokenRequest& r) { r.scopes = {"read orders.write admin"}; },
      [](TokenRequest& r) { r.scopes = {""}; },
      [](TokenRequest& r) { r.client_id = "other"; },
      [](TokenRequest& r) { r.authorized_party = "other"; },
      [](TokenRequest& r) { r.lifetime = absl::Seconds(61); },
      [](TokenRequest& r) { r.custom_claims_json = "{}"; },
      [](TokenRequest& r) { r.authenticated_at = absl::UnixEpoch(); },
      [](TokenRequest& r) { r.authentication_context_class = "gold"; },
      [](TokenRequest& r) { r.authentication_methods = {"pwd"}; },
  };
  for (const Spoil spoil : kSpoils) {
    TokenRequest request = Request();
    spoil(request);
    EXPECT_FALSE(Rights().Allow(kIssuer, request)) << &spoil - kSpoils;
  }
}

TEST(SignRights, AllowClaimsOnlyIfTheySaySo) {
  constexpr char kLeast[] =
      R"pb(
    issuers: "https://a.example" kinds: TOKEN_KIND_JWT audiences: "*"
      )pb";
  TokenRequest request;
  request.audiences = {"any"};
  EXPECT_TRUE(Create(kLeast)->Allow(kIssuer, request));
  request.custom_claims_json = "{}";
  EXPECT_FALSE(Create(kLeast)->Allow(kIssuer, request));
  EXPECT_TRUE(Create(std::string(kLeast) + "custom_claims: true")
                  ->Allow(kIssuer, request));
  request.authentication_methods = {"pwd"};
  EXPECT_TRUE(
      Create(std::string(kLeast) + "custom_claims: true authentication: true")
          ->Allow(kIssuer, request));
}

TEST(SignRights, AreRefusedUnlessTheyCanBeMeant) {
  const std::string good =
      "issuers: 'https://a.example' kinds: TOKEN_KIND_JWT audiences: 'a' ";
  const std::string lifetime =
      "max_lifetime: must be whole seconds, from 1s to 24h";
  const struct {
    std::string config;
    std::string problem;
  } kCases[] = {
      {"", "issuers: name at least one"},
      {"issuers: 'https://a.example' issuers: 'https://a.example*'",
       "issuers[1]: Signet does not sign as it"},
      {"issuers: 'https://a.example'",
       "kinds: name at least one: ACCESS_TOKEN, ID_TOKEN or JWT"},
      {"issuers: 'https://a.example' kinds: TOKEN_KIND_UNSPECIFIED",
       "kinds[0]: must be ACCESS_TOKEN, ID_TOKEN or JWT"},
      {"issuers: 'https://a.example' kinds: TOKEN_KIND_JWT",
       "audiences: name at least one"},
      {good + "audiences: ''", "audiences[1]: is empty"},
      {good + "subjects: 'a' subjects: '*a'",
       "subjects[1]: has a \"*\" that is not its end"},
      {good + "scopes: ''", "scopes[0]: is empty"},
      {good + "client_ids: ''", "client_ids[0]: is empty"},
      {good + "max_lifetime {}", "max_lifetime: must be a positive duration"},
      {good + "max_lifetime { nanos: 1 }", lifetime},
      {good + "max_lifetime { seconds: 86401 }", lifetime},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Create(c.config).status(), absl::InvalidArgumentError(c.problem))
        << c.config;
  }
}

}  // namespace
}  // namespace signet
