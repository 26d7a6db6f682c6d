#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/access/caller.h"
#include "service/server_setup.h"
#include "service/token_handlers.h"
#include "store/records.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"
#include "verifier/revocations.h"

namespace signet {
namespace {

class IntrospectHandler : public testing::Test {
 protected:
  absl::StatusOr<v1::IntrospectResponse> Introspect(
      const std::string& token, const std::string& policy,
      absl::Time now = kNow) const {
    v1::IntrospectRequest request;
    request.set_token(token);
    request.set_policy(policy);
    return handlers_.Introspect(request, now);
  }

  std::string Sign(const v1::SignRequest& request) const {
    return handlers_.Sign(request, Caller::Anonymous(), kNow).value().token();
  }

  const TokenHandlers handlers_{NewExampleSetup()};
};

TEST_F(IntrospectHandler, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(Introspect("", "").status(),
            absl::InvalidArgumentError("policy: is required"));
  EXPECT_EQ(Introspect("", "none").status(),
            absl::InvalidArgumentError(
                "policy: the server has no policy of this name"));
}

TEST_F(IntrospectHandler, TellsWhatAnActiveTokenSays) {
  const v1::SignResponse token =
      handlers_.Sign(AccessTokenRequest(), Caller::Anonymous(), kNow).value();
  const auto answer = Introspect(token.token(), "access");
  ASSERT_TRUE(answer.ok()) << answer.status();
  auto expected = FromText<v1::IntrospectResponse>(R"pb(
    active: true
    scopes: "read"
    scopes: "write"
    client_id: "app"
    token_type: "Bearer"
    expires_at { seconds: 1800000300 }
    issued_at { seconds: 1800000000 }
    not_before { seconds: 1800000000 }
    subject: "alice"
    audiences: "https://api.example"
    audiences: "https://other.example"
    issuer: "https://a.example"
    custom_claims_json: "{\"auth_time\":1799999700}"
  )pb");
  expected.set_token_id(token.content().claims().token_id());
  EXPECT_EQ(answer->DebugString(), expected.DebugString());
}

// RFC 7662 section 2.2: nothing tells one cause from another.
TEST_F(IntrospectHandler, GivesTheSameAnswerForEveryInactiveToken) {
  v1::SignRequest foreign = AccessTokenRequest();
  foreign.set_issuer("https://b.example");
  v1::SignRequest hmac = AccessTokenRequest();
  hmac.set_algorithm("HS256");
  v1::SignRequest elsewhere = AccessTokenRequest();
  elsewhere.clear_audiences();
  elsewhere.add_audiences("https://other.example");
  const std::string good = Sign(AccessTokenRequest());
  const std::string unknown_key =
      TokenHandlers(NewExampleSetup())
          .Sign(AccessTokenRequest(), Caller::Anonymous(), kNow)
          ->token();

  const std::vector<std::pair<std::string, absl::Time>> kInactive = {
      {"", kNow},
      {"garbage", kNow},
      {std::string(20'000, 'x'), kNow},
      {good.substr(0, good.rfind('.') + 1), kNow},
      {good, kNow - absl::Seconds(1)},
      {good, kNow + absl::Minutes(5)},
      {unknown_key, kNow},
      {Sign(foreign), kNow},
      {Sign(hmac), kNow},
      {Sign(elsewhere), kNow},
      {Sign(IdTokenRequest()), kNow},
  };
  for (const auto& [token, now] : kInactive) {
    const auto answer = Introspect(token, "access", now);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_FALSE(answer->active());
    EXPECT_EQ(answer->SerializeAsString(), "");
  }
  EXPECT_TRUE(Introspect(good, "access")->active());
}

TEST_F(IntrospectHandler, SaysNoMoreOfARevokedTokenThanOfAnyOther) {
  const std::shared_ptr<const ServerSetup> setup = NewExampleSetup();
  const TokenHandlers handlers(setup);
  const v1::SignResponse token =
      handlers.Sign(AccessTokenRequest(), Caller::Anonymous(), kNow).value();
  v1::IntrospectRequest request;
  request.set_token(token.token());
  request.set_policy("access");
  EXPECT_TRUE(handlers.Introspect(request, kNow)->active());
  setup->revocations->Apply({.target = RevocationTarget::kTokenId,
                             .issuer = token.content().claims().issuer(),
                             .value = token.content().claims().token_id(),
                             .expires = kNow + absl::Hours(1)});
  const auto answer = handlers.Introspect(request, kNow);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->SerializeAsString(), "");
}

TEST_F(IntrospectHandler, CallsATokenInactiveFromTheInstantItExpires) {
  const std::string token = Sign(AccessTokenRequest());
  const absl::Time end = kNow + absl::Minutes(5);
  EXPECT_TRUE(
      Introspect(token, "access", end - absl::Nanoseconds(1))->active());
  EXPECT_FALSE(Introspect(token, "access", end)->active());
}

}  // namespace
}  // namespace signet
