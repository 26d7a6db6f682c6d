#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/access/caller.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

using SignAnswer = absl::StatusOr<v1::SignResponse>;

struct RefusedCase {
  void (*spoil)(v1::SignRequest& request);
  const char* message;
};

constexpr char kBadLifetime[] =
    "lifetime: must be whole seconds, from 1s to 1h for this issuer";

const RefusedCase kRefused[] = {
    {[](v1::SignRequest& r) { r.clear_issuer(); },
     "issuer: is required, because this server does not sign as exactly one"},
    {[](v1::SignRequest& r) { r.set_issuer("https://a.example/"); },
     "issuer: this server does not sign as this issuer"},
    {[](v1::SignRequest& r) { r.clear_kind(); }, "kind: is required"},
    {[](v1::SignRequest& r) { r.set_kind(static_cast<v1::TokenKind>(99)); },
     "kind: is required"},
    {[](v1::SignRequest& r) { r.clear_subject(); },
     "subject: required for tokens of this kind"},
    {[](v1::SignRequest& r) { r.clear_audiences(); },
     "audiences: name at least one"},
    {[](v1::SignRequest& r) { r.add_audiences(""); },
     "audiences: one is empty"},
    {[](v1::SignRequest& r) { r.mutable_lifetime(); },
     "lifetime: must be a positive duration"},
    {[](v1::SignRequest& r) { r.mutable_lifetime()->set_seconds(-1); },
     "lifetime: must be a positive duration"},
    {[](v1::SignRequest& r) { r.mutable_lifetime()->set_seconds(3601); },
     kBadLifetime},
    {[](v1::SignRequest& r) {
       r.mutable_lifetime()->set_seconds(60);
       r.mutable_lifetime()->set_nanos(1);
     },
     kBadLifetime},
    {[](v1::SignRequest& r) { r.add_scopes("a b"); },
     "scopes: each must be printable ASCII without space, quote and "
     "backslash"},
    {[](v1::SignRequest& r) { r.clear_client_id(); },
     "client_id: required for access tokens"},
    {[](v1::SignRequest& r) { r.set_nonce("n"); }, "nonce: only for ID tokens"},
    {[](v1::SignRequest& r) { r.set_authorized_party("app"); },
     "authorized_party: only for ID tokens"},
    {[](v1::SignRequest& r) { r.set_access_token("t"); },
     "access_token: only for ID tokens"},
    {[](v1::SignRequest& r) {
       r.mutable_authenticated_at()->set_seconds(1'800'000'001);
     },
     "authenticated_at: lies in the future, or before 1970"},
    {[](v1::SignRequest& r) { r.mutable_authenticated_at()->set_nanos(-1); },
     "authenticated_at: is not a valid timestamp"},
    {[](v1::SignRequest& r) { r.add_authentication_methods(""); },
     "authentication_methods: one is empty"},
    {[](v1::SignRequest& r) { r.set_custom_claims_json("[]"); },
     "custom_claims_json: JSON is not an object"},
    {[](v1::SignRequest& r) { r.set_custom_claims_json(R"({"exp":0})"); },
     "custom_claims_json: exp is a registered claim; use the field for it, if "
     "there is one"},
    {[](v1::SignRequest& r) { r.set_algorithm("none"); },
     "algorithm: not an algorithm that Signet knows; it knows HS, RS, PS and "
     "ES with 256, 384 and 512, and EdDSA"},
    {[](v1::SignRequest& r) { r.set_algorithm("RS256"); },
     "algorithm: the issuer has no signing key for RS256"},
};

TEST(SignHandler, NamesTheFieldThatIsWrong) {
  const TokenHandlers handlers(NewExampleSetup());
  for (const RefusedCase& c : kRefused) {
    v1::SignRequest request = AccessTokenRequest();
    c.spoil(request);
    EXPECT_EQ(handlers.Sign(request, Caller::Anonymous(), kNow).status(),
              absl::InvalidArgumentError(c.message));
  }
}

TEST(SignHandler, NeedsNoIssuerWhereOnlyOneSigns) {
  const auto setup =
      NewSetup("issuers: [{issuer: a, signing: {generate: [EdDSA]}}]");
  const SignAnswer answer = TokenHandlers(setup).Sign(
      FromText<v1::SignRequest>("kind: TOKEN_KIND_JWT audiences: 'x'"),
      Caller::Anonymous(), kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->content().claims().issuer(), "a");
}

// The content of a response, with names for what is random.
v1::VerifiedToken ContentOf(const v1::SignResponse& response) {
  v1::VerifiedToken content = response.content();
  content.mutable_claims()->set_token_id("TOKEN_ID");
  content.mutable_header()->set_key_id("KEY_ID");
  return content;
}

TEST(SignHandler, PutsEveryFieldIntoAnAccessToken) {
  v1::SignRequest request = AccessTokenRequest();
  request.mutable_lifetime()->set_seconds(60);
  request.set_authentication_context_class("phr");
  request.add_authentication_methods("pwd");
  request.add_authentication_methods("otp");
  request.set_custom_claims_json(R"({"tenant": "blue"})");
  request.set_algorithm("ES256");
  const SignAnswer answer =
      TokenHandlers(NewExampleSetup()).Sign(request, Caller::Anonymous(), kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ExpectMessage(
      ContentOf(*answer),
      R"pb(header { algorithm: "ES256" key_id: "KEY_ID" type: "at+jwt" }
           claims {
             issuer: "https://a.example"
             subject: "alice"
             audiences: "https://api.example"
             audiences: "https://other.example"
             expires_at { seconds: 1800000060 }
             not_before { seconds: 1800000000 }
             issued_at { seconds: 1800000000 }
             token_id: "TOKEN_ID"
             scopes: "read"
             scopes: "write"
             client_id: "app"
             authenticated_at { seconds: 1799999700 }
             authentication_context_class: "phr"
             authentication_methods: "pwd"
             authentication_methods: "otp"
             custom_claims_json: "{\"tenant\":\"blue\"}"
           }
           kind: TOKEN_KIND_ACCESS_TOKEN)pb");
}

TEST(SignHandler, PutsEveryFieldIntoAnIdToken) {
  v1::SignRequest request = IdTokenRequest();
  request.set_authorized_party("https://web.example");
  const SignAnswer answer =
      TokenHandlers(NewExampleSetup()).Sign(request, Caller::Anonymous(), kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ExpectMessage(
      ContentOf(*answer),
      R"pb(header { algorithm: "EdDSA" key_id: "KEY_ID" type: "JWT" }
           claims {
             issuer: "https://a.example"
             subject: "alice"
             audiences: "https://web.example"
             expires_at { seconds: 1800000300 }
             not_before { seconds: 1800000000 }
             issued_at { seconds: 1800000000 }
             token_id: "TOKEN_ID"
             nonce: "n-0S6"
             authorized_party: "https://web.example"
             authenticated_at { seconds: 1799999700 }
             custom_claims_json: "{\"at_hash\":\"z0cYnONBc9TdhgRUdlJ3DO6ArL2M-v_70iPj9lnAlnQ\"}"
           }
           kind: TOKEN_KIND_ID_TOKEN)pb");
}

}  // namespace
}  // namespace signet
