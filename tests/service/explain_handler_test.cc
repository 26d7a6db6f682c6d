#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/token_handlers.h"
#include "tests/service/example_setup.h"
#include "tests/service/verify_handler_fixture.h"

namespace signet {
namespace {

using ExplainHandler = VerifyHandler;

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

TEST_F(ExplainHandler, ExplainsTheAnswerThatItAlsoGivesWithout) {
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

TEST_F(ExplainHandler, ExplainsEverythingThatIsWrongAfterAGoodSignature) {
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
