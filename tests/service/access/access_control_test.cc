#include "service/access/access_control.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/server_setup.h"
#include "service/token_handlers.h"
#include "service/yaml/yaml_config.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

constexpr char kRest[] = R"(
issuers:
  - issuer: https://a.example
    signing: {generate: [EdDSA], default_lifetime: 5m}
policies:
  - {name: signet, kind: ACCESS_TOKEN, issuers: [https://a.example],
     audiences: [https://signet.example]}
  - {name: anyone, kind: ACCESS_TOKEN, issuers: [https://a.example],
     any_audience: true}
  - {name: id, kind: ID_TOKEN, issuers: [https://a.example], audiences: [a]}
)";

constexpr char kAuthorization[] = R"(
authorization:
  bearer_policy: signet
  grants:
    - roles: [VERIFY]
      callers:
        - anonymous: true
        - spiffe_id: spiffe://a.example/verifier
        - token: {issuer: https://a.example, subject: verifier}
    - roles: [SIGN]
      callers: [dns_name: signer.example]
      sign:
        issuers: [https://a.example]
        kinds: [ACCESS_TOKEN]
        subjects: ["*"]
        audiences: [https://signet.example, https://other.example]
        client_ids: [app]
        max_lifetime: 60s
)";

const absl::Status kDenied =
    absl::PermissionDeniedError("the caller may not do this");
const absl::Status kUnauthenticated =
    absl::UnauthenticatedError("the bearer token is not accepted");

Credentials Certificate(std::vector<absl::string_view> uris,
                        std::vector<absl::string_view> dns_names = {}) {
  return {.has_certificate = true,
          .uris = std::move(uris),
          .dns_names = std::move(dns_names)};
}

absl::StatusOr<Caller> AdmitAt(absl::Time now, const AccessControl& access,
                               Method method, const Credentials& credentials) {
  absl::StatusOr<Caller> caller = access.Identify(credentials, now);
  if (!caller.ok()) return caller;
  const absl::Status permitted = access.Permit(*caller, method);
  if (!permitted.ok()) return permitted;
  return caller;
}

class AccessControlTest : public testing::Test {
 protected:
  absl::StatusOr<Caller> Admit(Method method,
                               const Credentials& credentials) const {
    return AdmitAt(kNow, *setup_->access, method, credentials);
  }

  // A token for Signet, or for another audience.
  std::string Token(const std::string& subject,
                    const std::string& audience = "https://signet.example") {
    auto request = FromText<v1::SignRequest>(
        "kind: TOKEN_KIND_ACCESS_TOKEN client_id: 'app'");
    request.set_subject(subject);
    request.add_audiences(audience);
    const Caller signer = Caller::OfCertificate({}, {"signer.example"});
    return TokenHandlers(setup_).Sign(request, signer, kNow)->token();
  }

  std::shared_ptr<const ServerSetup> setup_ =
      NewSetup(absl::StrCat(kRest, kAuthorization));
};

TEST_F(AccessControlTest, AdmitsWhomTheRoleIsGrantedTo) {
  const Credentials verifier = Certificate({"spiffe://a.example/verifier"});
  for (const Method method :
       {Method::kVerify, Method::kBatchVerify, Method::kStreamVerify}) {
    EXPECT_EQ(Admit(method, {})->name(), "anonymous");
    EXPECT_EQ(Admit(method, verifier)->name(), "spiffe://a.example/verifier");
  }
  for (const Method method :
       {Method::kSign, Method::kIntrospect, Method::kExchange,
        Method::kListKeys, Method::kRotateKey, Method::kRevokeKey,
        Method::kWatchJwks, Method::kRevoke}) {
    EXPECT_EQ(Admit(method, {}).status(), kDenied);
    EXPECT_EQ(Admit(method, verifier).status(), kDenied);
  }
}

TEST_F(AccessControlTest, GivesACertificateThatNamesNobodyNotEvenWhatAllMay) {
  for (const Credentials& nobody :
       {Certificate({}), Certificate({}, {"a", "b"}),
        Certificate({"spiffe://a"}),
        Certificate(
            {"spiffe://a.example/verifier", "spiffe://a.example/verifier"})}) {
    EXPECT_EQ(Admit(Method::kVerify, nobody).status(), kDenied);
  }
}

TEST_F(AccessControlTest, KnowsTheHoldersOfTokens) {
  const std::string token = absl::StrCat("Bearer ", Token("verifier"));
  EXPECT_EQ(Admit(Method::kVerify, {.authorizations = {token}})->name(),
            R"(token:["https://a.example","verifier","app"])");
  const std::string small = absl::StrCat("bearer ", Token("verifier"));
  EXPECT_TRUE(Admit(Method::kVerify, {.authorizations = {small}}).ok());
  const std::string other = absl::StrCat("Bearer ", Token("other"));
  EXPECT_EQ(Admit(Method::kVerify, {.authorizations = {other}}).status(),
            kDenied);
}

TEST_F(AccessControlTest, GoesByTheTokenOfACallThatHasACertificateToo) {
  const std::string other = absl::StrCat("Bearer ", Token("other"));
  Credentials both = Certificate({"spiffe://a.example/verifier"});
  both.authorizations = {other};
  EXPECT_EQ(Admit(Method::kVerify, both).status(), kDenied);
}

TEST_F(AccessControlTest, MakesNobodyOfATokenThatIsNotAccepted) {
  const std::string token = Token("verifier");
  const std::string good = absl::StrCat("Bearer ", token);
  const std::string elsewhere =
      absl::StrCat("Bearer ", Token("verifier", "https://other.example"));
  const std::string kAuthorizations[] = {
      "",
      "Bearer",
      "Bearer ",
      "Bearer x",
      "Basic eDp5",
      token,
      absl::StrCat("Bearer  ", token),
      absl::StrCat("Bearer\t", token),
      absl::StrCat(good, " "),
      absl::StrCat(good, ",", good),
      absl::StrCat(good.substr(0, good.rfind('.')), "."),
      elsewhere,
      std::string(1 << 20U, 'a'),
  };
  Credentials certificate = Certificate({"spiffe://a.example/verifier"});
  for (const std::string& authorization : kAuthorizations) {
    certificate.authorizations = {authorization};
    // Neither of which would be denied without it.
    EXPECT_EQ(Admit(Method::kVerify, certificate).status(), kUnauthenticated)
        << authorization;
    EXPECT_EQ(
        Admit(Method::kVerify, {.authorizations = {authorization}}).status(),
        kUnauthenticated);
  }
  EXPECT_EQ(Admit(Method::kVerify, {.authorizations = {good, good}}).status(),
            kUnauthenticated);
  EXPECT_EQ(AdmitAt(kNow + absl::Minutes(2), *setup_->access, Method::kVerify,
                    {.authorizations = {good}})
                .status(),
            kUnauthenticated);
}

TEST_F(AccessControlTest, TakesNoTokensWithoutAPolicyForThem) {
  const auto setup = NewSetup(absl::StrCat(
      kRest,
      "authorization: {grants: [{roles: [VERIFY], callers: [{anonymous: "
      "true}]}]}"));
  EXPECT_TRUE(AdmitAt(kNow, *setup->access, Method::kVerify, {}).ok());
  EXPECT_EQ(AdmitAt(kNow, *setup->access, Method::kVerify,
                    {.authorizations = {"Bearer x"}})
                .status(),
            kUnauthenticated);
}

TEST_F(AccessControlTest, IsOpenWithoutASection) {
  const auto setup = NewSetup(kRest);
  EXPECT_TRUE(setup->access->is_open());
  EXPECT_EQ(AdmitAt(kNow, *setup->access, Method::kRotateKey,
                    {.authorizations = {"Bearer x"}})
                ->name(),
            "anonymous");
  EXPECT_TRUE(
      AdmitAt(kNow, *NewSetup(absl::StrCat(kRest, "authorization: {}"))->access,
              Method::kVerify, {})
          .status() == kDenied);
}

TEST_F(AccessControlTest, RefusesPoliciesThatCallersTokensCannotHave) {
  const auto problem = [](const std::string& policy) {
    return BuildServerSetup(
               ParseServerConfig(
                   absl::StrCat(kRest,
                                "authorization: {bearer_policy: ", policy, "}"),
                   "signet.yaml")
                   .value(),
               "/nowhere")
        .status()
        .ToString();
  };
  EXPECT_EQ(problem("none"),
            "INVALID_ARGUMENT: authorization.bearer_policy: is not configured");
  EXPECT_EQ(problem("anyone"),
            "INVALID_ARGUMENT: authorization.bearer_policy: must name an "
            "audience: a token that was meant for others is none of a "
            "caller's");
  EXPECT_EQ(problem("id"),
            "INVALID_ARGUMENT: authorization.bearer_policy: must not be for ID "
            "tokens");
}

struct SignCase {
  const char* change;
  absl::Status status;
};

TEST_F(AccessControlTest, SaysNothingToThoseWhoMayNotSign) {
  const Caller signer = Caller::OfCertificate({}, {"signer.example"});
  const TokenHandlers handlers(setup_);
  const SignCase kCases[] = {
      {"", absl::OkStatus()},
      {"issuer: 'https://a.example'", absl::OkStatus()},
      // Whether or not there is such an issuer, key or algorithm.
      {"issuer: 'https://b.example'", kDenied},
      {"issuer: 'https://b.example' algorithm: 'RS256'", kDenied},
      {"custom_claims_json: '{\"iss\":1}'", kDenied},
      {"lifetime { seconds: 61 }", kDenied},
      {"lifetime { seconds: 100000 }", kDenied},
      {"client_id: 'other'", kDenied},
      // What may be asked for gets a reason.
      {"algorithm: 'RS256'",
       absl::InvalidArgumentError(
           "algorithm: the issuer has no signing key for RS256")},
      {"nonce: 'n'", absl::InvalidArgumentError("nonce: only for ID tokens")},
  };
  for (const SignCase& c : kCases) {
    auto request = FromText<v1::SignRequest>(
        "kind: TOKEN_KIND_ACCESS_TOKEN client_id: 'app' subject: 's' "
        "audiences: 'https://other.example'");
    request.MergeFrom(FromText<v1::SignRequest>(c.change));
    EXPECT_EQ(handlers.Sign(request, signer, kNow).status(), c.status)
        << c.change;
    EXPECT_EQ(handlers.Sign(request, Caller::Anonymous(), kNow).status(),
              kDenied);
  }
}

TEST_F(AccessControlTest, CutsTheIssuersDefaultLifetime) {
  auto request = FromText<v1::SignRequest>(
      "kind: TOKEN_KIND_ACCESS_TOKEN client_id: 'app' subject: 's' "
      "audiences: 'https://other.example'");
  const auto token = TokenHandlers(setup_).Sign(
      request, Caller::OfCertificate({}, {"signer.example"}), kNow);
  ASSERT_TRUE(token.ok()) << token.status();
  const v1::Claims& claims = token->content().claims();
  EXPECT_EQ(claims.expires_at().seconds() - claims.issued_at().seconds(), 60);
}

}  // namespace
}  // namespace signet
