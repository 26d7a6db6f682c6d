#include "signer/token_request.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/signer/request_examples.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

constexpr TokenKind kAccess = TokenKind::kAccessToken;
constexpr TokenKind kId = TokenKind::kIdToken;
constexpr TokenKind kJwt = TokenKind::kJwt;

TEST(TokenRequest, IsGoodWithTheLeastAndWithTheMostOfItsKind) {
  for (const TokenKind kind : kAllKinds) {
    EXPECT_EQ(CheckTokenRequest(LeastRequest(kind), kNow), absl::OkStatus());
    EXPECT_EQ(CheckTokenRequest(FullRequest(kind), kNow), absl::OkStatus());
  }
}

struct RefusedCase {
  TokenKind kind;
  void (*spoil)(TokenRequest& request);
  const char* message;
};

constexpr char kBadScope[] =
    "scopes: each must be printable ASCII without space, quote and backslash";
constexpr char kAuthenticationOfJwt[] =
    "authenticated_at, authentication_context_class, authentication_methods: "
    "only for access tokens and ID tokens";
constexpr char kBadAuthenticationTime[] =
    "authenticated_at: lies in the future, or before 1970";

const RefusedCase kRefused[] = {
    {kAccess, [](TokenRequest& r) { r.subject = ""; },
     "subject: required for tokens of this kind"},
    {kId, [](TokenRequest& r) { r.subject = ""; },
     "subject: required for tokens of this kind"},

    {kAccess, [](TokenRequest& r) { r.audiences = {}; },
     "audiences: name at least one"},
    {kId, [](TokenRequest& r) { r.audiences = {}; },
     "audiences: name at least one"},
    {kJwt, [](TokenRequest& r) { r.audiences = {}; },
     "audiences: name at least one"},
    {kJwt,
     [](TokenRequest& r) {
       r.audiences = {"https://api.example", ""};
     },
     "audiences: one is empty"},

    {kAccess, [](TokenRequest& r) { r.scopes = {""}; }, kBadScope},
    {kAccess,
     [](TokenRequest& r) {
       r.scopes = {"read", "a b"};
     },
     kBadScope},
    {kJwt, [](TokenRequest& r) { r.scopes = {"a\"b"}; }, kBadScope},
    {kJwt, [](TokenRequest& r) { r.scopes = {"a\\b"}; }, kBadScope},
    {kJwt, [](TokenRequest& r) { r.scopes = {"a\nb"}; }, kBadScope},
    {kJwt, [](TokenRequest& r) { r.scopes = {"a\x7f"}; }, kBadScope},
    {kJwt, [](TokenRequest& r) { r.scopes = {"caf\xC3\xA9"}; }, kBadScope},
    {kJwt, [](TokenRequest& r) { r.scopes = {std::string("a\0b", 3)}; },
     kBadScope},
    {kId, [](TokenRequest& r) { r.scopes = {"read"}; },
     "scopes: ID tokens have none"},

    {kAccess, [](TokenRequest& r) { r.client_id = ""; },
     "client_id: required for access tokens"},
    {kId, [](TokenRequest& r) { r.client_id = "app"; },
     "client_id: only for access tokens"},
    {kJwt, [](TokenRequest& r) { r.client_id = "app"; },
     "client_id: only for access tokens"},

    {kAccess, [](TokenRequest& r) { r.nonce = "n"; },
     "nonce: only for ID tokens"},
    {kJwt, [](TokenRequest& r) { r.nonce = "n"; }, "nonce: only for ID tokens"},
    {kAccess, [](TokenRequest& r) { r.authorized_party = "app"; },
     "authorized_party: only for ID tokens"},
    {kJwt, [](TokenRequest& r) { r.authorized_party = "app"; },
     "authorized_party: only for ID tokens"},
    {kId,
     [](TokenRequest& r) {
       r.audiences = {"a", "b"};
     },
     "authorized_party: required with several audiences"},
    {kAccess, [](TokenRequest& r) { r.access_token = "t"; },
     "access_token: only for ID tokens"},
    {kJwt, [](TokenRequest& r) { r.access_token = "t"; },
     "access_token: only for ID tokens"},

    {kJwt, [](TokenRequest& r) { r.authenticated_at = kNow; },
     kAuthenticationOfJwt},
    {kJwt, [](TokenRequest& r) { r.authentication_context_class = "phr"; },
     kAuthenticationOfJwt},
    {kJwt, [](TokenRequest& r) { r.authentication_methods = {"pwd"}; },
     kAuthenticationOfJwt},
    {kAccess,
     [](TokenRequest& r) { r.authenticated_at = kNow + absl::Nanoseconds(1); },
     kBadAuthenticationTime},
    {kId,
     [](TokenRequest& r) {
       r.authenticated_at = absl::UnixEpoch() - absl::Nanoseconds(1);
     },
     kBadAuthenticationTime},
    {kId,
     [](TokenRequest& r) {
       r.authentication_methods = {"pwd", ""};
     },
     "authentication_methods: one is empty"},
};

TEST(TokenRequest, IsRefusedForWhatItsKindLacksOrDoesNotHave) {
  for (const RefusedCase& c : kRefused) {
    TokenRequest request = LeastRequest(c.kind);
    c.spoil(request);
    EXPECT_EQ(CheckTokenRequest(request, kNow),
              absl::InvalidArgumentError(c.message));
  }
}

TEST(TokenRequest, MayReportAnAuthenticationOfThisVeryInstantOrOf1970) {
  TokenRequest request = LeastRequest(kId);
  request.authenticated_at = kNow;
  EXPECT_EQ(CheckTokenRequest(request, kNow), absl::OkStatus());
  request.authenticated_at = absl::UnixEpoch();
  EXPECT_EQ(CheckTokenRequest(request, kNow), absl::OkStatus());
}

TEST(TokenRequest, MayHaveAnyScopeThatRfc6749Allows) {
  TokenRequest request = LeastRequest(kAccess);
  std::string every_character;
  for (char c = 0x21; c < 0x7F; ++c) {
    if (c != '"' && c != '\\') every_character.push_back(c);
  }
  request.scopes = {every_character};
  EXPECT_EQ(CheckTokenRequest(request, kNow), absl::OkStatus());
}

}  // namespace
}  // namespace signet
