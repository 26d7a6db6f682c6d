#include "verifier/validation_policy.h"

#include <string>

#include "gtest/gtest.h"

namespace signet {
namespace {

// A policy that is accepted as it is.
ValidationPolicyOptions Good(TokenKind kind = TokenKind::kJwt) {
  ValidationPolicyOptions options;
  options.name = "policy";
  options.kind = kind;
  options.issuers = {"https://issuer.example"};
  options.audiences = {"service"};
  return options;
}

// Why a policy is refused, once `change` has been made to a good one.
std::string Problem(TokenKind kind,
                    void (*change)(ValidationPolicyOptions& options)) {
  ValidationPolicyOptions options = Good(kind);
  change(options);
  return std::string(
      ValidationPolicy::Create(std::move(options)).status().message());
}

using Options = ValidationPolicyOptions;

struct Case {
  TokenKind kind;
  void (*change)(Options& options);
  const char* problem;
};

constexpr char kNoAudience[] =
    "audiences: name at least one, or set any_audience to accept tokens meant "
    "for anyone";
constexpr char kSkew[] = "clock_skew: must be from 0s to 5m";
constexpr char kTypes[] =
    "types: only for kind JWT; the other kinds define theirs";
constexpr char kMissingExpiration[] =
    "allow_missing_expiration: only for kind JWT";

const Case kCases[] = {
    {TokenKind::kJwt, [](Options&) {}, ""},
    {TokenKind::kIdToken, [](Options&) {}, ""},
    {TokenKind::kAccessToken, [](Options&) {}, ""},
    {TokenKind::kJwt, [](Options& o) { o.name = ""; }, "name: is required"},
    {TokenKind::kJwt, [](Options& o) { o.issuers.clear(); },
     "issuers: name at least one"},
    // For whom a token must be meant is said, one way or the other.
    {TokenKind::kJwt, [](Options& o) { o.audiences.clear(); }, kNoAudience},
    {TokenKind::kAccessToken, [](Options& o) { o.audiences.clear(); },
     kNoAudience},
    {TokenKind::kJwt, [](Options& o) { o.any_audience = true; },
     "any_audience: contradicts audiences; keep one of them"},
    {TokenKind::kJwt,
     [](Options& o) {
       o.audiences.clear();
       o.any_audience = true;
     },
     ""},
    {TokenKind::kJwt, [](Options& o) { o.audiences.emplace_back(); },
     "audiences: one is empty"},
    // Demands that no token could fulfil.
    {TokenKind::kJwt, [](Options& o) { o.issuers.emplace_back(); },
     "issuers: one is empty"},
    {TokenKind::kJwt, [](Options& o) { o.required_claims = {""}; },
     "required_claims: one is empty"},
    {TokenKind::kJwt, [](Options& o) { o.required_scopes = {""}; },
     "required_scopes: one is empty or contains a space"},
    {TokenKind::kJwt, [](Options& o) { o.required_scopes = {"read write"}; },
     "required_scopes: one is empty or contains a space"},
    // typ belongs to tokens of kind JWT.
    {TokenKind::kJwt, [](Options& o) { o.types = {"logout+jwt"}; }, ""},
    {TokenKind::kJwt,
     [](Options& o) {
       o.types = {"a", ""};
     },
     "types: one is empty"},
    {TokenKind::kJwt, [](Options& o) { o.types = {"at+jwt"}; },
     "types: at+jwt is for kind ACCESS_TOKEN"},
    {TokenKind::kJwt, [](Options& o) { o.types = {"Application/AT+JWT"}; },
     "types: at+jwt is for kind ACCESS_TOKEN"},
    {TokenKind::kIdToken, [](Options& o) { o.types = {"JWT"}; }, kTypes},
    {TokenKind::kAccessToken, [](Options& o) { o.types = {"at+jwt"}; }, kTypes},
    // Times.
    {TokenKind::kJwt, [](Options& o) { o.clock_skew = absl::Minutes(5); }, ""},
    {TokenKind::kJwt,
     [](Options& o) { o.clock_skew = absl::Minutes(5) + absl::Nanoseconds(1); },
     kSkew},
    {TokenKind::kJwt,
     [](Options& o) { o.clock_skew = absl::InfiniteDuration(); }, kSkew},
    {TokenKind::kJwt, [](Options& o) { o.clock_skew = -absl::Seconds(1); },
     kSkew},
    {TokenKind::kJwt, [](Options& o) { o.max_token_age = absl::Seconds(1); },
     ""},
    {TokenKind::kJwt, [](Options& o) { o.max_token_age = absl::Seconds(0); },
     "max_token_age: must be positive"},
    {TokenKind::kJwt, [](Options& o) { o.max_token_age = -absl::Seconds(1); },
     "max_token_age: must be positive"},
    {TokenKind::kIdToken,
     [](Options& o) { o.max_authentication_age = absl::Seconds(0); },
     "max_authentication_age: must be positive"},
    {TokenKind::kJwt, [](Options& o) { o.allow_missing_expiration = true; },
     ""},
    {TokenKind::kIdToken, [](Options& o) { o.allow_missing_expiration = true; },
     kMissingExpiration},
    {TokenKind::kAccessToken,
     [](Options& o) { o.allow_missing_expiration = true; }, kMissingExpiration},
    // Relaxations without effect mislead.
    {TokenKind::kJwt, [](Options& o) { o.allow_ambiguous_kind = true; }, ""},
    {TokenKind::kIdToken, [](Options& o) { o.allow_ambiguous_kind = true; },
     ""},
    {TokenKind::kAccessToken, [](Options& o) { o.allow_ambiguous_kind = true; },
     "allow_ambiguous_kind: has no effect on kind ACCESS_TOKEN, which typ "
     "tells apart"},
    {TokenKind::kJwt, [](Options& o) { o.required_scopes = {"read"}; }, ""},
    {TokenKind::kIdToken, [](Options& o) { o.required_scopes = {"read"}; },
     "required_scopes: ID tokens have no scope"},
    // Demands that no token of the kind could fulfil.
    {TokenKind::kJwt,
     [](Options& o) {
       o.required_claims = {"sub", "nonce"};
     },
     "required_claims: no token of kind JWT has nonce, unless "
     "allow_ambiguous_kind is set"},
    {TokenKind::kJwt,
     [](Options& o) {
       o.required_claims = {"nonce"};
       o.allow_ambiguous_kind = true;
     },
     ""},
    {TokenKind::kIdToken, [](Options& o) { o.required_claims = {"nonce"}; },
     ""},
    {TokenKind::kAccessToken,
     [](Options& o) {
       o.required_claims = {"acr", "scope"};
     },
     ""},
    {TokenKind::kIdToken, [](Options& o) { o.required_claims = {"client_id"}; },
     "required_claims: no token of kind ID_TOKEN has client_id, unless "
     "allow_ambiguous_kind is set"},
    {TokenKind::kJwt,
     [](Options& o) { o.max_authentication_age = absl::Hours(1); },
     "max_authentication_age: no token of kind JWT has auth_time, unless "
     "allow_ambiguous_kind is set"},
    {TokenKind::kJwt,
     [](Options& o) {
       o.max_authentication_age = absl::Hours(1);
       o.allow_ambiguous_kind = true;
     },
     ""},
    {TokenKind::kAccessToken,
     [](Options& o) { o.max_authentication_age = absl::Hours(1); }, ""},
    {TokenKind::kJwt,
     [](Options& o) {
       o.required_claims = {"exp"};
       o.allow_missing_expiration = true;
     },
     "allow_missing_expiration: contradicts required_claims, which has exp"},
};

TEST(ValidationPolicyTest, RefusesPoliciesThatContradictThemselves) {
  int row = 0;
  for (const Case& c : kCases) {
    EXPECT_EQ(Problem(c.kind, c.change), c.problem) << "row " << row;
    ++row;
  }
}

TEST(ValidationPolicyTest, AcceptsAsymmetricAlgorithmsUnlessToldOtherwise) {
  const auto standard = ValidationPolicy::Create(Good());
  ASSERT_TRUE(standard.ok());
  for (const Algorithm algorithm : kAllAlgorithms) {
    EXPECT_EQ(standard->options().algorithms.Contains(algorithm),
              IsAsymmetric(algorithm));
  }
  ValidationPolicyOptions options = Good();
  options.algorithms = {Algorithm::kHs256, Algorithm::kEs256};
  const auto narrow = ValidationPolicy::Create(options);
  ASSERT_TRUE(narrow.ok());
  for (const Algorithm algorithm : kAllAlgorithms) {
    EXPECT_EQ(narrow->options().algorithms.Contains(algorithm),
              algorithm == Algorithm::kHs256 || algorithm == Algorithm::kEs256);
  }
}

TEST(ValidationPolicyTest, KeepsItsName) {
  EXPECT_EQ(ValidationPolicy::Create(Good())->name(), "policy");
}

}  // namespace
}  // namespace signet
