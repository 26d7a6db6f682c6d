#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

// What was said about a token: "verified", or the reason and the claim.
std::string Outcome(const absl::StatusOr<v1::VerifyResponse>& answer) {
  if (!answer.ok()) return answer.status().ToString();
  if (answer->has_verified()) return "verified";
  const v1::Rejection& rejection = answer->rejection();
  const std::string reason = v1::RejectionReason_Name(rejection.reason());
  return absl::StrCat(reason.substr(std::string("REJECTION_REASON_").size()),
                      " ", rejection.claim());
}

class VerifyHandler : public testing::Test {
 protected:
  std::string Sign(const v1::SignRequest& request,
                   absl::Time now = kNow) const {
    return handlers_.Sign(request, now).value().token();
  }

  // Verifies with `fields`, which may replace token and policy.
  absl::StatusOr<v1::VerifyResponse> Verify(const std::string& token,
                                            const std::string& policy,
                                            const std::string& fields = "",
                                            absl::Time now = kNow) const {
    v1::VerifyRequest request;
    request.set_token(token);
    request.set_policy(policy);
    request.MergeFrom(FromText<v1::VerifyRequest>(fields));
    return handlers_.Verify(request, now);
  }

  const TokenHandlers handlers_{NewExampleSetup()};
};

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
      handlers_.Sign(AccessTokenRequest(), kNow).value();
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
      same_names_other_keys.Sign(AccessTokenRequest(), kNow)->token();
  EXPECT_EQ(Outcome(Verify(foreign, "access")), "KEY_NOT_FOUND kid");

  std::string forged = Sign(AccessTokenRequest());
  const size_t signature = forged.rfind('.') + 1;
  forged[signature] = forged[signature] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Outcome(Verify(forged, "access")), "SIGNATURE_INVALID ");
}

void ExpectExplained(const v1::VerifyResponse& plain,
                     const v1::VerifyResponse& explained) {
  v1::VerifyResponse without_checks = explained;
  without_checks.clear_checks();
  EXPECT_EQ(without_checks.DebugString(), plain.DebugString());

  ASSERT_EQ(explained.checks_size(), v1::CheckName_ARRAYSIZE - 1);
  const v1::Check* first_failed = nullptr;
  bool trusted = true;
  for (int i = 0; i < explained.checks_size(); ++i) {
    const v1::Check& check = explained.checks(i);
    EXPECT_EQ(check.name(), i + 1);
    EXPECT_EQ(check.has_rejection(),
              check.outcome() == v1::CHECK_OUTCOME_FAILED);
    EXPECT_EQ(check.outcome() == v1::CHECK_OUTCOME_NOT_RUN, !trusted);
    if (check.outcome() != v1::CHECK_OUTCOME_FAILED) continue;
    if (first_failed == nullptr) first_failed = &check;
    if (check.name() <= v1::CHECK_NAME_SIGNATURE) trusted = false;
  }
  EXPECT_EQ(plain.has_verified(), first_failed == nullptr);
  if (first_failed != nullptr) {
    EXPECT_EQ(first_failed->rejection().DebugString(),
              plain.rejection().DebugString());
  }
}

TEST_F(VerifyHandler, ExplainsTheAnswerThatItAlsoGivesWithout) {
  v1::SignRequest foreign = AccessTokenRequest();
  foreign.set_issuer("https://b.example");
  v1::SignRequest hmac = AccessTokenRequest();
  hmac.set_algorithm("HS256");
  const std::string good = Sign(AccessTokenRequest());
  std::vector<std::string> tokens = {good,
                                     good.substr(0, good.rfind('.') + 1),
                                     Sign(IdTokenRequest()),
                                     Sign(foreign),
                                     Sign(hmac),
                                     "not.a.token",
                                     ""};
  for (const std::string& token : tokens) {
    for (const char* policy : {"access", "id", "jwt", "skewed", "strict"}) {
      for (const char* fields :
           {"", "nonce: 'x' audience: 'y' required_scopes: 'z'",
            "access_token: 'SlAV32hkKG' max_token_age { seconds: 1 }",
            "max_authentication_age { seconds: 1 }"}) {
        for (const absl::Duration d :
             {absl::ZeroDuration(), -absl::Hours(1), absl::Hours(1)}) {
          const auto plain = Verify(token, policy, fields, kNow + d);
          const auto explained = Verify(
              token, policy, absl::StrCat(fields, " explain: true"), kNow + d);
          ASSERT_TRUE(plain.ok() && explained.ok());
          ExpectExplained(*plain, *explained);
        }
      }
    }
  }
}

TEST_F(VerifyHandler, ExplainsEverythingThatIsWrongAfterAGoodSignature) {
  const auto answer =
      Verify(Sign(AccessTokenRequest()), "access",
             "explain: true nonce: 'x' required_scopes: 'admin' "
             "audience: 'https://web.example'",
             kNow + absl::Hours(1));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(Outcome(answer), "EXPIRED exp");
  std::vector<v1::CheckName> failed;
  for (const v1::Check& check : answer->checks()) {
    if (check.outcome() == v1::CHECK_OUTCOME_FAILED) {
      failed.push_back(check.name());
    }
  }
  EXPECT_EQ(failed, std::vector<v1::CheckName>(
                        {v1::CHECK_NAME_EXPIRATION, v1::CHECK_NAME_AUDIENCE,
                         v1::CHECK_NAME_SCOPE, v1::CHECK_NAME_NONCE}));
}

}  // namespace
}  // namespace signet
