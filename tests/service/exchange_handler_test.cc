#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "jose/algorithm.h"
#include "keys/jwk.h"
#include "keys/signing_key.h"
#include "service/access/caller.h"
#include "service/token_handlers.h"
#include "signet/v1/rejection.pb.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"
#include "tests/service/mint.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

// Users' tokens come from users.example, with a key that the test has.
constexpr char kConfig[] = R"(
issuers:
  - issuer: https://signet.example
    signing: {generate: [EdDSA]}
  - issuer: https://users.example
    keys: [jwk_file: $0]
policies:
  - {name: users, kind: JWT, issuers: [https://users.example],
     audiences: [https://orders.example], clock_skew: 30s,
     allow_missing_expiration: true}
  - {name: delegated, kind: ACCESS_TOKEN, issuers: [https://signet.example],
     audiences: [https://stock.example]}
  - {name: other, kind: JWT, issuers: [https://users.example],
     any_audience: true}
authorization:
  bearer_policy: delegated
  grants:
    - roles: [EXCHANGE]
      callers: [spiffe_id: spiffe://prod.example/orders]
      exchange:
        subject_policies: [users]
        tokens:
          issuers: [https://signet.example]
          kinds: [ACCESS_TOKEN, JWT]
          subjects: [alice, "u:*"]
          audiences: [https://stock.example]
          client_ids: [orders]
          scopes: ["stock:*"]
          max_lifetime: 120s
    - roles: [EXCHANGE]
      callers: [token: {issuer: https://users.example, client_id: stock}]
      exchange:
        subject_policies: [delegated]
        tokens: {issuers: [https://signet.example], kinds: [JWT],
                 subjects: ["*"], audiences: ["*"]}
)";

const absl::Status kDenied =
    absl::PermissionDeniedError("the caller may not do this");

class ExchangeHandler : public testing::Test {
 protected:
  // A token of users.example: these claims, and those that the policy wants.
  std::string UserToken(absl::string_view claims) const {
    return Mint(
        key_, "JWT",
        absl::StrCat(R"({"iss":"https://users.example",)",
                     R"("aud":"https://orders.example",)", claims, "}"));
  }

  static v1::ExchangeRequest RequestFor(const std::string& token) {
    auto request = FromText<v1::ExchangeRequest>(R"pb(
      subject_policy: "users"
      kind: TOKEN_KIND_ACCESS_TOKEN
      audiences: "https://stock.example"
      scopes: "stock:read"
      client_id: "orders"
    )pb");
    request.set_subject_token(token);
    return request;
  }

  absl::StatusOr<v1::ExchangeResponse> Exchange(
      const v1::ExchangeRequest& request) const {
    return handlers_.Exchange(request, orders_, kNow);
  }

  // What became of a token with these claims: "issued", the reason and the
  // claim, or the status.
  std::string OutcomeFor(absl::string_view claims) const {
    const auto answer = Exchange(RequestFor(UserToken(claims)));
    if (!answer.ok()) return answer.status().ToString();
    if (answer->has_issued()) return "issued";
    const v1::Rejection& rejection = answer->rejection();
    EXPECT_FALSE(rejection.detail().empty());
    return absl::StrCat(v1::RejectionReason_Name(rejection.reason()), " ",
                        rejection.claim());
  }

  const TestFolder folder_;
  const SigningKey key_ = SigningKey::Generate(Algorithm::kEs256, "k").value();
  const Caller orders_ =
      Caller::OfCertificate({"spiffe://prod.example/orders"}, {});
  const TokenHandlers handlers_{NewSetup([this] {
    folder_.Write("users.jwk", *ToPublicJwk(key_.verification_key()));
    return absl::Substitute(kConfig, folder_.PathTo("users.jwk"));
  }())};
};

// Alice's, for one minute.
constexpr char kAlice[] =
    R"("sub":"alice","exp":1800000060,"scope":"stock:read stock:write x")";

TEST_F(ExchangeHandler, SignsATokenWithWhichTheCallerActsForTheSubject) {
  const auto answer = Exchange(RequestFor(UserToken(
      absl::StrCat(kAlice, R"(,"jti":"old","email":"alice@users.example")"))));
  ASSERT_TRUE(answer.ok()) << answer.status();
  v1::Claims claims = answer->issued().content().claims();
  EXPECT_NE(claims.token_id(), "");
  EXPECT_NE(claims.token_id(), "old");
  claims.clear_token_id();
  ExpectMessage(claims, R"pb(
    issuer: "https://signet.example"
    subject: "alice"
    audiences: "https://stock.example"
    expires_at { seconds: 1800000060 }
    not_before { seconds: 1800000000 }
    issued_at { seconds: 1800000000 }
    scopes: "stock:read"
    client_id: "orders"
    custom_claims_json: '{"act":{"sub":"spiffe://prod.example/orders"}}'
  )pb");

  v1::VerifyRequest verify;
  verify.set_token(answer->issued().token());
  verify.set_policy("delegated");
  EXPECT_TRUE(handlers_.Verify(verify, kNow)->has_verified());
}

TEST_F(ExchangeHandler, TellsOfAllWhoActed) {
  const auto first = Exchange(RequestFor(
      UserToken(absl::StrCat(kAlice, R"(,"act":{"sub":"web","iss":"x"})"))));
  ASSERT_TRUE(first.ok()) << first.status();
  auto request = FromText<v1::ExchangeRequest>(R"pb(
    subject_policy: "delegated"
    kind: TOKEN_KIND_JWT
    audiences: "anywhere"
  )pb");
  request.set_subject_token(first->issued().token());
  const auto second = handlers_.Exchange(
      request, Caller::OfToken("https://users.example", "s", "stock"), kNow);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->issued().content().claims().custom_claims_json(),
            R"({"act":{"iss":"https://users.example","sub":"s",)"
            R"("client_id":"stock",)"
            R"("act":{"sub":"spiffe://prod.example/orders",)"
            R"("act":{"sub":"web","iss":"x"}}}})");
}

TEST_F(ExchangeHandler, SignsNothingThatOutlivesTheOldToken) {
  const struct {
    const char* expiration;  // Of the old token.
    int64_t lifetime;        // That is asked for; 0 if none is.
    int64_t expected;
  } kCases[] = {
      {R"("exp":1800000060)", 0, 60},  {R"("exp":1800000060)", 30, 30},
      {R"("exp":1800000060)", 90, 60}, {R"("exp":1800000060.9)", 90, 60},
      {R"("exp":1800009999)", 0, 120}, {R"("exp":1800009999)", 119, 119},
      {R"("exp":1800000001)", 0, 1},   {R"("nbf":1800000000)", 0, 120},
      {R"("nbf":1800000000)", 30, 30},
  };
  for (const auto& c : kCases) {
    v1::ExchangeRequest request = RequestFor(UserToken(
        absl::StrCat(R"("sub":"alice","scope":"stock:read",)", c.expiration)));
    if (c.lifetime) request.mutable_lifetime()->set_seconds(c.lifetime);
    const auto answer = Exchange(request);
    ASSERT_TRUE(answer.ok()) << c.expiration << answer.status();
    EXPECT_EQ(answer->issued().content().claims().expires_at().seconds(),
              1'800'000'000 + c.expected)
        << c.expiration << " " << c.lifetime;
  }
}

TEST_F(ExchangeHandler, RefusesTokensThatNobodyElseCanActWith) {
  const struct {
    const char* claims;
    const char* outcome;
  } kCases[] = {
      {R"("x":1)", "issued"},
      {R"("act":"web")", "REJECTION_REASON_CLAIM_INVALID act"},
      {R"("act":{})", "REJECTION_REASON_CLAIM_INVALID act"},
      {R"("act":null)", "REJECTION_REASON_CLAIM_INVALID act"},
      {R"("may_act":[])", "REJECTION_REASON_CLAIM_INVALID may_act"},
      {R"("may_act":{})", "REJECTION_REASON_CLAIM_INVALID may_act"},
      {R"("cnf":{"jkt":"x"})", "REJECTION_REASON_CLAIM_INVALID cnf"},
      {R"("cnf":null)", "REJECTION_REASON_CLAIM_INVALID cnf"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(OutcomeFor(absl::StrCat(kAlice, ",", c.claims)), c.outcome);
  }
  EXPECT_EQ(OutcomeFor(R"("exp":1800000060,"scope":"stock:read")"),
            "REJECTION_REASON_CLAIM_MISSING sub");
  EXPECT_EQ(OutcomeFor(R"("sub":"","exp":1800000060,"scope":"stock:read")"),
            "REJECTION_REASON_CLAIM_MISSING sub");
  // The policy would still take it.
  EXPECT_EQ(
      OutcomeFor(R"("sub":"alice","exp":1799999990,"scope":"stock:read")"),
      "REJECTION_REASON_EXPIRED exp");
  EXPECT_EQ(OutcomeFor(R"("sub":"alice","exp":1800000060,"scope":"stock")"),
            "REJECTION_REASON_SCOPE_INSUFFICIENT scope");
  EXPECT_EQ(OutcomeFor(R"("sub":"alice","exp":1799999960)"),
            "REJECTION_REASON_EXPIRED exp");
}

TEST_F(ExchangeHandler, LetsATokenSayWhoMayAct) {
  const std::string denied = kDenied.ToString();
  const struct {
    const char* may_act;
    std::string outcome;
  } kCases[] = {
      {R"({"sub":"spiffe://prod.example/orders"})", "issued"},
      {R"({"sub":"spiffe://prod.example/stock"})", denied},
      {R"({"sub":["spiffe://prod.example/orders"]})", denied},
      {R"({"iss":"x","sub":"spiffe://prod.example/orders"})", denied},
      {R"({"sub":"spiffe://prod.example/orders","from":"office"})", denied},
      {R"({"client_id":"orders"})", denied},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(OutcomeFor(absl::StrCat(kAlice, R"(,"may_act":)", c.may_act)),
              c.outcome)
        << c.may_act;
  }
}

TEST_F(ExchangeHandler, DeniesWhatIsNotGrantedBeforeItLooksAtTheToken) {
  const struct {
    void (*change)(v1::ExchangeRequest& request);
    absl::Status status;
  } kCases[] = {
      {[](v1::ExchangeRequest& r) { r.clear_subject_policy(); }, kDenied},
      {[](v1::ExchangeRequest& r) { r.set_subject_policy("other"); }, kDenied},
      {[](v1::ExchangeRequest& r) { r.set_subject_policy("none"); }, kDenied},
      {[](v1::ExchangeRequest& r) { r.set_issuer("https://users.example"); },
       kDenied},
      {[](v1::ExchangeRequest& r) { r.add_audiences("https://a.example"); },
       kDenied},
      {[](v1::ExchangeRequest& r) { r.add_scopes("x"); }, kDenied},
      {[](v1::ExchangeRequest& r) { r.set_client_id("stock"); }, kDenied},
      {[](v1::ExchangeRequest& r) { r.mutable_lifetime()->set_seconds(121); },
       kDenied},
      {[](v1::ExchangeRequest& r) { r.clear_kind(); },
       absl::InvalidArgumentError("kind: is required")},
      {[](v1::ExchangeRequest& r) { r.set_kind(v1::TOKEN_KIND_ID_TOKEN); },
       absl::InvalidArgumentError("kind: must be ACCESS_TOKEN or JWT")},
  };
  for (const std::string& token : {UserToken(kAlice), std::string("x")}) {
    for (const auto& c : kCases) {
      v1::ExchangeRequest request = RequestFor(token);
      c.change(request);
      EXPECT_EQ(Exchange(request).status(), c.status) << request.DebugString();
    }
  }
  const v1::ExchangeRequest request = RequestFor(UserToken(kAlice));
  EXPECT_TRUE(Exchange(request).ok());
  EXPECT_EQ(handlers_.Exchange(request, Caller::Anonymous(), kNow).status(),
            kDenied);
  EXPECT_EQ(OutcomeFor(R"("sub":"bob","exp":1800000060,"scope":"stock:read")"),
            kDenied.ToString());
}

TEST_F(ExchangeHandler, LetsNoMoreThanSixteenAct) {
  const auto outcome = [&](int actors) {
    std::string act = R"({"sub":"a"})";
    for (int i = 1; i < actors; ++i) {
      act = absl::StrCat(R"({"sub":"a","act":)", act, "}");
    }
    return OutcomeFor(absl::StrCat(kAlice, R"(,"act":)", act));
  };
  EXPECT_EQ(outcome(15), "issued");
  EXPECT_EQ(outcome(16), "REJECTION_REASON_CLAIM_INVALID act");
}

TEST(OpenExchangeHandler, SignsNothingForCallersThatNobodyKnows) {
  const TokenHandlers handlers(NewExampleSetup());
  EXPECT_EQ(
      handlers.Exchange(v1::ExchangeRequest(), Caller::Anonymous(), kNow)
          .status(),
      absl::FailedPreconditionError(
          "the new token would say who acts, and this server asks nobody who "
          "they are; it must be configured with authorization"));
}

}  // namespace
}  // namespace signet
