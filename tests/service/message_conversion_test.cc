#include "service/message_conversion.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "keys/signing_key.h"
#include "tests/service/message_text.h"
#include "tests/service/mint.h"
#include "tests/signer/signing_keys.h"
#include "verifier/jwt_verifier.h"

namespace signet {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// Makes VerifiedJwts out of claims.
class VerifiedTokens : public testing::Test {
 protected:
  VerifiedJwt Verified(TokenKind kind, absl::string_view type,
                       absl::string_view claims) const {
    ValidationPolicyOptions options;
    options.name = "p";
    options.kind = kind;
    options.issuers = {"i"};
    options.any_audience = true;
    options.allow_missing_expiration = kind == TokenKind::kJwt;
    const JwtVerifier verifier(TrustIn("i", keys_));
    return *verifier
                .Verify(Mint(*keys_.front(), type, claims),
                        ValidationPolicy::Create(std::move(options)).value(),
                        Tightening{}, kNow)
                .value();
  }

  const SigningKeys keys_ = {
      std::make_shared<const SigningKey>(NewKey(Algorithm::kEdDsa, "k1"))};
};

constexpr char kAccessToken[] =
    R"({"iss":"i","sub":"s","aud":["a","b"],"exp":1800000300.5,)"
    R"("nbf":1799999999.25,"iat":1799999999,"jti":"j","client_id":"c",)"
    R"("scope":" read  write ","nonce":"n","azp":"z","auth_time":0.125,)"
    R"("acr":"r","amr":["pwd","otp"],"at_hash":"h","c_hash":"k",)"
    R"("username":"u","custom":{"deep":[1,null]}})";

constexpr char kIdToken[] =
    R"({"iss":"i","sub":"s","aud":"a","exp":1800000300,"iat":1799999999,)"
    R"("azp":"a"})";

TEST_F(VerifiedTokens, KeepEveryClaimAndTheFractionsOfTimes) {
  ExpectMessage(
      ToMessage(Verified(TokenKind::kAccessToken, "at+JWT", kAccessToken)),
      R"pb(header { algorithm: "EdDSA" key_id: "k1" type: "at+JWT" }
           claims {
             issuer: "i"
             subject: "s"
             audiences: "a"
             audiences: "b"
             expires_at { seconds: 1800000300 nanos: 500000000 }
             not_before { seconds: 1799999999 nanos: 250000000 }
             issued_at { seconds: 1799999999 }
             token_id: "j"
             scopes: "read"
             scopes: "write"
             client_id: "c"
             nonce: "n"
             authorized_party: "z"
             authenticated_at { nanos: 125000000 }
             authentication_context_class: "r"
             authentication_methods: "pwd"
             authentication_methods: "otp"
             custom_claims_json: "{\"at_hash\":\"h\",\"c_hash\":\"k\",\"username\":\"u\",\"custom\":{\"deep\":[1,null]}}"
           }
           kind: TOKEN_KIND_ACCESS_TOKEN)pb");
}

TEST_F(VerifiedTokens, LeaveUnsetWhatTheTokenDoesNotSay) {
  ExpectMessage(ToMessage(Verified(TokenKind::kJwt, "", R"({"iss":"i"})")),
                R"pb(header { algorithm: "EdDSA" key_id: "k1" }
                     claims { issuer: "i" custom_claims_json: "{}" }
                     kind: TOKEN_KIND_JWT)pb");
}

TEST_F(VerifiedTokens, IntrospectWithTheFieldsOfRfc7662AndTheRestAsJson) {
  ExpectMessage(
      ToIntrospectionMessage(
          Verified(TokenKind::kAccessToken, "at+jwt", kAccessToken)),
      R"pb(active: true
           scopes: "read"
           scopes: "write"
           client_id: "c"
           token_type: "Bearer"
           expires_at { seconds: 1800000300 nanos: 500000000 }
           issued_at { seconds: 1799999999 }
           not_before { seconds: 1799999999 nanos: 250000000 }
           subject: "s"
           audiences: "a"
           audiences: "b"
           issuer: "i"
           token_id: "j"
           username: "u"
           custom_claims_json: "{\"nonce\":\"n\",\"azp\":\"z\",\"auth_time\":0.125,\"acr\":\"r\",\"amr\":[\"pwd\",\"otp\"],\"at_hash\":\"h\",\"c_hash\":\"k\",\"custom\":{\"deep\":[1,null]}}"
      )pb");
}

TEST_F(VerifiedTokens, IntrospectAsBearerOnlyIfTheyAreAccessTokens) {
  ExpectMessage(
      ToIntrospectionMessage(Verified(TokenKind::kIdToken, "", kIdToken)),
      R"pb(active: true
           expires_at { seconds: 1800000300 }
           issued_at { seconds: 1799999999 }
           subject: "s"
           audiences: "a"
           issuer: "i"
           custom_claims_json: "{\"azp\":\"a\"}")pb");
}

TEST_F(VerifiedTokens, IntrospectWithAUsernameOfAnotherTypeAsItIs) {
  ExpectMessage(
      ToIntrospectionMessage(
          Verified(TokenKind::kJwt, "", R"({"iss":"i","username":7})")),
      R"pb(active: true issuer: "i" custom_claims_json: "{\"username\":7}")pb");
}

TEST(MessageConversion, KeepsWhyACheckFailed) {
  ExpectMessage(
      ToMessage(CheckReport{CheckName::kAudience, CheckOutcome::kFailed,
                            Rejection{RejectionReason::kAudienceMismatch, "aud",
                                      "the token is meant for somebody else"}}),
      R"pb(name: CHECK_NAME_AUDIENCE
           outcome: CHECK_OUTCOME_FAILED
           rejection {
             reason: REJECTION_REASON_AUDIENCE_MISMATCH
             claim: "aud"
             detail: "the token is meant for somebody else"
           })pb");
  ExpectMessage(ToMessage(CheckReport{CheckName::kAudience,
                                      CheckOutcome::kNotRun, std::nullopt}),
                "name: CHECK_NAME_AUDIENCE outcome: CHECK_OUTCOME_NOT_RUN");
}

struct DurationCase {
  const char* message;
  // Nothing: refused.
  std::optional<absl::Duration> duration;
};

TEST(MessageConversion, ReadsDurationsThatArePositiveAndWellFormed) {
  const DurationCase kCases[] = {
      {"nanos: 1", absl::Nanoseconds(1)},
      {"seconds: 1", absl::Seconds(1)},
      {"seconds: 1 nanos: 999999999", absl::Seconds(2) - absl::Nanoseconds(1)},
      {"seconds: 315576000000", absl::Seconds(315'576'000'000)},
      {"", std::nullopt},
      {"seconds: 315576000001", std::nullopt},
      {"seconds: -1", std::nullopt},
      {"nanos: -1", std::nullopt},
      {"seconds: 1 nanos: -1", std::nullopt},
      {"seconds: -1 nanos: 1", std::nullopt},
      {"nanos: 1000000000", std::nullopt},
      {"seconds: 9223372036854775807", std::nullopt},
      {"seconds: -9223372036854775808", std::nullopt},
  };
  for (const DurationCase& c : kCases) {
    const absl::StatusOr<absl::Duration> duration = DurationFromMessage(
        FromText<google::protobuf::Duration>(c.message), "field");
    if (c.duration) {
      ASSERT_TRUE(duration.ok()) << c.message;
      EXPECT_EQ(*duration, *c.duration);
    } else {
      EXPECT_EQ(duration.status(), absl::InvalidArgumentError(
                                       "field: must be a positive duration"))
          << c.message;
    }
  }
}

struct TimeCase {
  const char* message;
  // Nothing: refused.
  std::optional<absl::Time> time;
};

TEST(MessageConversion, ReadsTimestampsFromYear1To9999) {
  const TimeCase kCases[] = {
      {"", absl::UnixEpoch()},
      {"seconds: 1800000000 nanos: 1", kNow + absl::Nanoseconds(1)},
      {"seconds: -62135596800", absl::FromUnixSeconds(-62'135'596'800)},
      {"seconds: 253402300799 nanos: 999999999",
       absl::FromUnixSeconds(253'402'300'800) - absl::Nanoseconds(1)},
      {"seconds: -1 nanos: 999999999",
       absl::UnixEpoch() - absl::Nanoseconds(1)},
      {"seconds: -62135596801", std::nullopt},
      {"seconds: 253402300800", std::nullopt},
      {"nanos: -1", std::nullopt},
      {"nanos: 1000000000", std::nullopt},
      {"seconds: 9223372036854775807", std::nullopt},
  };
  for (const TimeCase& c : kCases) {
    const absl::StatusOr<absl::Time> time =
        TimeFromMessage(FromText<google::protobuf::Timestamp>(c.message), "at");
    if (c.time) {
      ASSERT_TRUE(time.ok()) << c.message;
      EXPECT_EQ(*time, *c.time);
    } else {
      EXPECT_EQ(time.status(),
                absl::InvalidArgumentError("at: is not a valid timestamp"))
          << c.message;
    }
  }
}

}  // namespace
}  // namespace signet
