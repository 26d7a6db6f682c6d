#include "signer/jwt_signer.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "jose/base64url.h"
#include "keys/signing_key.h"
#include "openssl/ec_key.h"
#include "signer/token_request.h"
#include "tests/signer/request_examples.h"
#include "tests/signer/signing_keys.h"

namespace signet {
namespace {

SigningKeys Keys(
    std::initializer_list<std::pair<Algorithm, absl::string_view>> wanted) {
  SigningKeys keys;
  for (const auto& [algorithm, id] : wanted) {
    keys.push_back(std::make_shared<const SigningKey>(NewKey(algorithm, id)));
  }
  return keys;
}

SigningOptions Options() {
  SigningOptions options;
  options.issuer = kIssuer;
  options.keys = Keys({{Algorithm::kEdDsa, "k1"}});
  return options;
}

JwtSigner NewSigner() { return JwtSigner::Create(Options()).value(); }

absl::Status Refused(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

struct OptionsCase {
  void (*spoil)(SigningOptions& options);
  const char* message;
};

TEST(JwtSigner, RefusesInconsistentOptions) {
  const OptionsCase kCases[] = {
      {[](SigningOptions& o) { o.issuer = ""; }, "issuer: is required"},
      {[](SigningOptions& o) { o.keys.clear(); },
       "keys: at least one is required"},
      {[](SigningOptions& o) { o.default_lifetime = absl::Milliseconds(999); },
       "default_lifetime: must be whole seconds, at least 1s"},
      {[](SigningOptions& o) {
         o.max_lifetime = kMaxTokenLifetime + absl::Seconds(1);
       },
       "max_lifetime: at most 24h"},
      {[](SigningOptions& o) { o.max_lifetime = absl::Seconds(299); },
       "default_lifetime: longer than max_lifetime"},
      {[](SigningOptions& o) {
         o.keys =
             Keys({{Algorithm::kEdDsa, "same"}, {Algorithm::kEs256, "same"}});
       },
       "keys: keys 1 and 2 have the same kid"},
  };
  for (const OptionsCase& c : kCases) {
    SigningOptions options = Options();
    c.spoil(options);
    EXPECT_EQ(JwtSigner::Create(std::move(options)).status(),
              Refused(c.message));
  }
}

TEST(JwtSigner, SetsIssuerTimesAndId) {
  const absl::StatusOr<SignedToken> token =
      NewSigner().Sign(LeastRequest(TokenKind::kJwt), kNow);
  ASSERT_TRUE(token.ok()) << token.status();
  const RegisteredClaims& claims = token->content.claims().registered();
  EXPECT_EQ(claims.issuer, absl::string_view(kIssuer));
  EXPECT_EQ(claims.issued_at, kNow);
  EXPECT_EQ(claims.not_before, kNow);
  EXPECT_EQ(claims.expiration, kNow + absl::Minutes(5));
  ASSERT_TRUE(claims.jwt_id.has_value());
  // 128 bits in base64url.
  EXPECT_EQ(claims.jwt_id->size(), 22U);
}

TEST(JwtSigner, SaysWhatAVerifierReadsInTheToken) {
  const absl::StatusOr<SignedToken> token =
      NewSigner().Sign(FullRequest(TokenKind::kAccessToken), kNow);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->content.kind(), TokenKind::kAccessToken);
  EXPECT_EQ(token->content.header().algorithm, Algorithm::kEdDsa);
  EXPECT_EQ(token->content.header().key_id, "k1");
  EXPECT_EQ(token->content.header().type, "at+jwt");
  EXPECT_EQ(token->content.claims().registered().client_id,
            absl::string_view("app"));
}

TEST(JwtSigner, NeverGivesTwoTokensTheSameId) {
  constexpr size_t kTokens = 10'000;
  SigningOptions options = Options();
  options.keys = Keys({{Algorithm::kHs256, "fast"}});
  const JwtSigner signer = JwtSigner::Create(std::move(options)).value();
  const TokenRequest request = LeastRequest(TokenKind::kJwt);
  std::set<std::string> ids;
  for (size_t i = 0; i < kTokens; ++i) {
    const absl::StatusOr<SignedToken> token = signer.Sign(request, kNow);
    ASSERT_TRUE(token.ok()) << token.status();
    ids.emplace(*token->content.claims().registered().jwt_id);
  }
  EXPECT_EQ(ids.size(), kTokens);
}

struct LifetimeCase {
  std::optional<absl::Duration> requested;
  // Nothing: refused.
  std::optional<absl::Duration> given;
};

TEST(JwtSigner, GrantsLifetimesInWholeSecondsUpToItsMaximum) {
  const LifetimeCase kCases[] = {
      {std::nullopt, absl::Minutes(5)},
      {absl::Seconds(1), absl::Seconds(1)},
      {absl::Minutes(10), absl::Minutes(10)},
      {absl::Minutes(10) + absl::Seconds(1), std::nullopt},
      {absl::ZeroDuration(), std::nullopt},
      {-absl::Seconds(1), std::nullopt},
      {absl::Milliseconds(1500), std::nullopt},
      {absl::Seconds(2) - absl::Nanoseconds(1), std::nullopt},
      {absl::InfiniteDuration(), std::nullopt},
  };
  SigningOptions options = Options();
  options.max_lifetime = absl::Minutes(10);
  const JwtSigner signer = JwtSigner::Create(std::move(options)).value();
  for (const LifetimeCase& c : kCases) {
    TokenRequest request = LeastRequest(TokenKind::kJwt);
    request.lifetime = c.requested;
    const absl::StatusOr<SignedToken> token = signer.Sign(request, kNow);
    if (c.given) {
      ASSERT_TRUE(token.ok()) << token.status();
      EXPECT_EQ(token->content.claims().registered().expiration,
                kNow + *c.given);
    } else {
      EXPECT_EQ(token.status(), Refused("lifetime: must be whole seconds, from "
                                        "1s to 10m for this issuer"));
    }
  }
}

TEST(JwtSigner, SignsForItsFirstAndItsLastSecondOfADay) {
  SigningOptions options = Options();
  options.default_lifetime = absl::Seconds(1);
  options.max_lifetime = kMaxTokenLifetime;
  const JwtSigner signer = JwtSigner::Create(std::move(options)).value();
  TokenRequest request = LeastRequest(TokenKind::kJwt);
  // Late in a second, a token of one second is the most short-lived there is.
  const absl::Time late = kNow + absl::Milliseconds(999);
  const absl::StatusOr<SignedToken> shortest = signer.Sign(request, late);
  ASSERT_TRUE(shortest.ok()) << shortest.status();
  EXPECT_EQ(shortest->content.claims().registered().expiration,
            kNow + absl::Seconds(1));
  request.lifetime = absl::Hours(24);
  const absl::StatusOr<SignedToken> longest = signer.Sign(request, kNow);
  ASSERT_TRUE(longest.ok()) << longest.status();
  EXPECT_EQ(longest->content.claims().registered().expiration,
            kNow + absl::Hours(24));
}

TEST(JwtSigner, SignsWithItsFirstKeyOrTheFirstOfTheAlgorithmAskedFor) {
  SigningOptions options = Options();
  options.keys = Keys({{Algorithm::kEs256, "a"},
                       {Algorithm::kEdDsa, "b"},
                       {Algorithm::kEdDsa, "c"}});
  const JwtSigner signer = JwtSigner::Create(std::move(options)).value();
  const auto key_for = [&](std::optional<Algorithm> algorithm) {
    TokenRequest request = LeastRequest(TokenKind::kJwt);
    request.algorithm = algorithm;
    return signer.Sign(request, kNow).value().content.header().key_id;
  };
  EXPECT_EQ(key_for(std::nullopt), "a");
  EXPECT_EQ(key_for(Algorithm::kEs256), "a");
  EXPECT_EQ(key_for(Algorithm::kEdDsa), "b");

  TokenRequest request = LeastRequest(TokenKind::kJwt);
  request.algorithm = Algorithm::kHs256;
  EXPECT_EQ(signer.Sign(request, kNow).status(),
            Refused("algorithm: the issuer has no signing key for HS256"));
}

struct RequestCase {
  TokenKind kind;
  void (*spoil)(TokenRequest& request);
  const char* message;
};

TEST(JwtSigner, RefusesRequestsForTokensThatNobodyWouldAccept) {
  constexpr char kNotJson[] =
      "the token would not be accepted: the payload is not a JSON object "
      "without duplicates";
  const RequestCase kCases[] = {
      {TokenKind::kAccessToken, [](TokenRequest& r) { r.client_id = ""; },
       "client_id: required for access tokens"},
      {TokenKind::kIdToken,
       [](TokenRequest& r) { r.authorized_party = "https://other.example"; },
       "the token would not be accepted: azp: the ID token was issued to "
       "somebody else"},
      {TokenKind::kJwt, [](TokenRequest& r) { r.subject = "\xC3\x28"; },
       kNotJson},
      {TokenKind::kJwt,
       [](TokenRequest& r) {
         r.audiences = {"a", "\xFF"};
       },
       kNotJson},
      {TokenKind::kIdToken, [](TokenRequest& r) { r.nonce = "\xED\xA0\x80"; },
       kNotJson},
      {TokenKind::kJwt,
       [](TokenRequest& r) { r.subject = std::string(16'384, 'x'); },
       "the token would not be accepted: the token is longer than 16384 bytes"},
      {TokenKind::kJwt, [](TokenRequest& r) { r.custom_claims_json = "[]"; },
       "custom_claims_json: JSON is not an object"},
  };
  const JwtSigner signer = NewSigner();
  for (const RequestCase& c : kCases) {
    TokenRequest request = LeastRequest(c.kind);
    c.spoil(request);
    EXPECT_EQ(signer.Sign(request, kNow).status(), Refused(c.message));
  }
}

TEST(JwtSigner, SignsTokensUpToTheSizeThatIsRead) {
  const JwtSigner signer = NewSigner();
  TokenRequest request = LeastRequest(TokenKind::kJwt);
  size_t largest = 0;
  for (size_t length = 11'900; length < 12'400; ++length) {
    request.subject = std::string(length, 'x');
    const absl::StatusOr<SignedToken> token = signer.Sign(request, kNow);
    if (!token.ok()) break;
    largest = token->compact.size();
  }
  // Three bytes of claims make four of the token.
  EXPECT_LE(largest, 16'384U);
  EXPECT_GT(largest, 16'384U - 4);
}

// A key whose two halves no longer belong together, as after a fault in memory.
TEST(JwtSigner, KeepsATokenToItselfThatItCannotVerify) {
  SigningOptions options = Options();
  options.keys = Keys({{Algorithm::kEs256, "k1"}});
  EC_KEY* key =
      std::get<bssl::UniquePtr<EC_KEY>>(options.keys.front()->material()).get();
  const JwtSigner signer = JwtSigner::Create(std::move(options)).value();
  const TokenRequest request = LeastRequest(TokenKind::kJwt);
  ASSERT_TRUE(signer.Sign(request, kNow).ok());

  const SigningKey other = NewKey(Algorithm::kEs256);
  ASSERT_EQ(
      EC_KEY_set_private_key(
          key, EC_KEY_get0_private_key(
                   std::get<bssl::UniquePtr<EC_KEY>>(other.material()).get())),
      1);
  EXPECT_EQ(signer.Sign(request, kNow).status(),
            absl::InternalError("the new token's signature does not verify"));
}

// Splits a token, and decodes its header and payload.
std::pair<std::string, std::string> Decoded(absl::string_view compact) {
  const std::vector<absl::string_view> parts = absl::StrSplit(compact, '.');
  return {*Base64UrlDecode(parts[0]), *Base64UrlDecode(parts[1])};
}

TEST(SignIntrospection, MakesWhatTheStandardDescribes) {
  const auto answer = NewSigner().SignIntrospection(
      "shop", R"({"active":false})", Algorithm::kEdDsa,
      absl::FromUnixSeconds(1'800'000'000));
  ASSERT_TRUE(answer.ok()) << answer.status();
  const auto [header, claims] = Decoded(*answer);
  EXPECT_EQ(header,
            R"({"alg":"EdDSA","typ":"token-introspection+jwt","kid":"k1"})");
  EXPECT_EQ(claims, absl::StrCat(R"({"iss":")", kIssuer,
                                 R"(","aud":"shop","iat":1800000000,)"
                                 R"("token_introspection":{"active":false}})"));
}

TEST(SignIntrospection, NeedsAKeyForItsAlgorithm) {
  EXPECT_EQ(
      NewSigner()
          .SignIntrospection("shop", "{}", Algorithm::kEs256, absl::UnixEpoch())
          .status(),
      Refused("algorithm: the issuer has no signing key for ES256"));
  SigningOptions options = Options();
  options.awaited.Add(Algorithm::kEs256);
  EXPECT_TRUE(absl::IsUnavailable(JwtSigner::Create(std::move(options))
                                      ->SignIntrospection("shop", "{}",
                                                          Algorithm::kEs256,
                                                          absl::UnixEpoch())
                                      .status()));
}

}  // namespace
}  // namespace signet
