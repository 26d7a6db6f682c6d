#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/access/caller.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"
#include "tests/service/verify_handler_fixture.h"

namespace signet {
namespace {

struct FieldsCase {
  const char* policy;
  const char* fields;
  const char* outcome;
};

TEST_F(VerifyHandler, NamesTheFieldThatIsWrong) {
  constexpr char kTokenAge[] =
      "INVALID_ARGUMENT: max_token_age: must be a positive duration";
  constexpr char kAuthenticationAge[] =
      "INVALID_ARGUMENT: max_authentication_age: must be a positive duration";
  const FieldsCase kCases[] = {
      {"", "", "INVALID_ARGUMENT: policy: is required"},
      {"Access", "",
       "INVALID_ARGUMENT: policy: the server has no policy of this name"},
      {"access", "max_token_age {}", kTokenAge},
      {"access", "max_token_age { seconds: -1 }", kTokenAge},
      {"access", "max_token_age { nanos: 1000000000 }", kTokenAge},
      {"access", "max_authentication_age {}", kAuthenticationAge},
      {"access", "max_authentication_age { seconds: 1 nanos: -1 }",
       kAuthenticationAge},
  };
  // Even if the token could not be worse.
  for (const std::string& token : {Sign(AccessTokenRequest()), std::string()}) {
    for (const FieldsCase& c : kCases) {
      EXPECT_EQ(Outcome(Verify(token, c.policy, c.fields)), c.outcome);
    }
  }
}

TEST_F(VerifyHandler, AnswersAboutTokensThatAreNone) {
  for (const char* token : {"", ".", "..", "a.b.c", "Bearer x", "\xFF"}) {
    EXPECT_EQ(Outcome(Verify(token, "access")), "MALFORMED ") << token;
  }
  EXPECT_EQ(Outcome(Verify(std::string(16'385, 'a'), "access")), "TOO_LARGE ");
}

TEST_F(VerifyHandler, ReturnsWhatSignReturned) {
  const v1::SignResponse signed_token =
      handlers_.Sign(AccessTokenRequest(), Caller::Anonymous(), kNow).value();
  const absl::StatusOr<v1::VerifyResponse> answer =
      Verify(signed_token.token(), "access");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->verified().DebugString(),
            signed_token.content().DebugString());
  EXPECT_EQ(answer->checks_size(), 0);
}

TEST_F(VerifyHandler, TightensThePolicyForAccessTokens) {
  const FieldsCase kCases[] = {
      {"access", "audience: 'https://other.example'", "verified"},
      {"access", "audience: 'https://web.example'", "AUDIENCE_MISMATCH aud"},
      {"access", "audience: 'https://API.example'", "AUDIENCE_MISMATCH aud"},
      {"access", "required_scopes: ['read', 'write']", "verified"},
      {"access", "required_scopes: ['read', 'admin']",
       "SCOPE_INSUFFICIENT scope"},
      {"access", "required_scopes: ['']", "SCOPE_INSUFFICIENT scope"},
      {"access", "required_scopes: ['read write']", "SCOPE_INSUFFICIENT scope"},
      {"access", "nonce: 'n-0S6'", "CLAIM_MISSING nonce"},
      // An empty demand is one that no token fulfils.
      {"access", "audience: ''", "AUDIENCE_MISMATCH aud"},
      {"access", "access_token: 'SlAV32hkKG'", "CLAIM_MISSING at_hash"},
      {"access", "max_token_age { seconds: 30 }", "verified"},
      {"access", "max_token_age { seconds: 29 nanos: 999999999 }",
       "TOO_OLD iat"},
      {"access", "max_authentication_age { seconds: 330 }", "verified"},
      {"access", "max_authentication_age { seconds: 329 }",
       "AUTHENTICATION_TOO_OLD auth_time"},
      {"jwt", "", "WRONG_TOKEN_KIND typ"},
      {"id", "", "WRONG_TOKEN_KIND typ"},
  };
  const std::string token = Sign(AccessTokenRequest());
  for (const FieldsCase& c : kCases) {
    EXPECT_EQ(
        Outcome(Verify(token, c.policy, c.fields, kNow + absl::Seconds(30))),
        c.outcome)
        << c.fields;
  }
}

TEST_F(VerifyHandler, TightensThePolicyForIdTokens) {
  const FieldsCase kCases[] = {
      {"id", "", "verified"},
      {"id", "nonce: 'n-0S6'", "verified"},
      {"id", "nonce: 'n-0s6'", "NONCE_MISMATCH nonce"},
      {"id", "nonce: ''", "NONCE_MISMATCH nonce"},
      {"id", "access_token: ''", "ACCESS_TOKEN_HASH_MISMATCH at_hash"},
      {"id", "access_token: 'SlAV32hkKG'", "verified"},
      {"id", "access_token: 'SlAV32hkKg'",
       "ACCESS_TOKEN_HASH_MISMATCH at_hash"},
      {"id", "audience: 'https://web.example'", "verified"},
      {"id", "audience: 'https://api.example'", "AUDIENCE_MISMATCH aud"},
      {"id", "required_scopes: 'openid'", "SCOPE_INSUFFICIENT scope"},
  };
  const std::string token = Sign(IdTokenRequest());
  for (const FieldsCase& c : kCases) {
    EXPECT_EQ(Outcome(Verify(token, c.policy, c.fields)), c.outcome)
        << c.fields;
  }
}

TEST_F(VerifyHandler, NeverLoosensThePolicy) {
  const absl::Time late = kNow + absl::Seconds(61);
  const std::string token = Sign(AccessTokenRequest());
  for (const char* fields :
       {"", "max_token_age { seconds: 3600 }",
        "max_token_age { seconds: 315576000000 }",
        "audience: 'https://api.example'", "required_scopes: 'write'"}) {
    EXPECT_EQ(Outcome(Verify(token, "strict", fields, kNow)), "verified")
        << fields;
    EXPECT_EQ(Outcome(Verify(token, "strict", fields, late)), "TOO_OLD iat")
        << fields;
  }
  v1::SignRequest stale = AccessTokenRequest();
  stale.mutable_authenticated_at()->set_seconds(1'799'999'399);
  EXPECT_EQ(Outcome(Verify(Sign(stale), "strict",
                           "max_authentication_age { seconds: 3600 }")),
            "AUTHENTICATION_TOO_OLD auth_time");
  v1::SignRequest powerless = AccessTokenRequest();
  powerless.clear_scopes();
  powerless.add_scopes("write");
  EXPECT_EQ(
      Outcome(Verify(Sign(powerless), "strict", "required_scopes: 'write'")),
      "SCOPE_INSUFFICIENT scope");
  // Nor does naming another audience stand in for the policy's own.
  v1::SignRequest elsewhere = AccessTokenRequest();
  elsewhere.clear_audiences();
  elsewhere.add_audiences("https://other.example");
  EXPECT_EQ(Outcome(Verify(Sign(elsewhere), "access",
                           "audience: 'https://other.example'")),
            "AUDIENCE_MISMATCH aud");
}

struct TimeCase {
  const char* policy;
  absl::Duration after_signing;
  const char* outcome;
};

TEST_F(VerifyHandler, JudgesTimesToTheInstant) {
  const absl::Duration tick = absl::Nanoseconds(1);
  const absl::Duration lifetime = absl::Minutes(5);
  const absl::Duration skew = absl::Seconds(30);
  const TimeCase kCases[] = {
      {"access", -tick, "NOT_YET_VALID nbf"},
      {"access", absl::ZeroDuration(), "verified"},
      {"access", lifetime - tick, "verified"},
      {"access", lifetime, "EXPIRED exp"},
      {"skewed", -skew - tick, "NOT_YET_VALID nbf"},
      {"skewed", -skew, "verified"},
      {"skewed", lifetime + skew - tick, "verified"},
      {"skewed", lifetime + skew, "EXPIRED exp"},
      {"strict", absl::Seconds(60), "verified"},
      {"strict", absl::Seconds(60) + tick, "TOO_OLD iat"},
  };
  const std::string token = Sign(AccessTokenRequest());
  for (const TimeCase& c : kCases) {
    EXPECT_EQ(Outcome(Verify(token, c.policy, "", kNow + c.after_signing)),
              c.outcome)
        << c.policy << c.after_signing;
  }
}

TEST_F(VerifyHandler, AcceptsOnlyIssuersKeysAndAlgorithmsOfThePolicy) {
  v1::SignRequest request = AccessTokenRequest();
  request.set_issuer("https://b.example");
  EXPECT_EQ(Outcome(Verify(Sign(request), "access")),
            "ISSUER_NOT_ACCEPTED iss");
  request.set_issuer("https://a.example");
  request.set_algorithm("HS256");
  EXPECT_EQ(Outcome(Verify(Sign(request), "access")),
            "ALGORITHM_NOT_ALLOWED alg");

  const TokenHandlers same_names_other_keys(NewExampleSetup());
  const std::string foreign =
      same_names_other_keys
          .Sign(AccessTokenRequest(), Caller::Anonymous(), kNow)
          ->token();
  EXPECT_EQ(Outcome(Verify(foreign, "access")), "KEY_NOT_FOUND kid");

  std::string forged = Sign(AccessTokenRequest());
  const size_t signature = forged.rfind('.') + 1;
  forged[signature] = forged[signature] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Outcome(Verify(forged, "access")), "SIGNATURE_INVALID ");
}

}  // namespace
}  // namespace signet
