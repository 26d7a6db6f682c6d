#include "service/http/introspection_answer.h"

#include <gtest/gtest.h>

#include "tests/service/message_text.h"

namespace signet {
namespace {

std::string Answer(const std::string& response) {
  return IntrospectionAnswer(FromText<v1::IntrospectResponse>(response));
}

TEST(IntrospectionAnswer, SaysNothingAboutTokensThatAreNotActive) {
  EXPECT_EQ(Answer("subject: 'alice' token_id: 'x'"), R"({"active":false})");
}

TEST(IntrospectionAnswer, HasTheMembersOfTheStandard) {
  EXPECT_EQ(Answer("active: true issuer: 'i' subject: 's' audiences: 'a' "
                   "scopes: 'x' scopes: 'y' client_id: 'c' token_id: 'j' "
                   "token_type: 'Bearer' username: 'u' "
                   "expires_at { seconds: 20 } issued_at { seconds: 10 } "
                   "not_before { seconds: 9 } "
                   "custom_claims_json: '{\"role\":[1,{}]}'"),
            R"({"active":true,"iss":"i","sub":"s","aud":"a","exp":20,"iat":10,)"
            R"("nbf":9,"jti":"j","scope":"x y","client_id":"c",)"
            R"("token_type":"Bearer","username":"u","role":[1,{}]})");
}

TEST(IntrospectionAnswer, HasNoMoreThanThereIs) {
  EXPECT_EQ(Answer("active: true custom_claims_json: '{}'"),
            R"({"active":true})");
  EXPECT_EQ(Answer("active: true audiences: 'a' audiences: 'b' "
                   "custom_claims_json: '{}'"),
            R"({"active":true,"aud":["a","b"]})");
}

TEST(IntrospectionAnswer, RoundsFractionsToTheSafeSide) {
  EXPECT_EQ(Answer("active: true custom_claims_json: '{}' "
                   "expires_at { seconds: 20 nanos: 900000000 } "
                   "issued_at { seconds: 10 nanos: 900000000 } "
                   "not_before { seconds: 9 nanos: 1 }"),
            R"({"active":true,"exp":20,"iat":10,"nbf":10})");
}

TEST(IntrospectionAnswer, LetsNoClaimOfATokenSpeakForTheServer) {
  EXPECT_EQ(Answer("active: true custom_claims_json: "
                   "'{\"active\":false,\"token_type\":\"x\",\"username\":7,"
                   "\"z\":1}'"),
            R"({"active":true,"z":1})");
}

}  // namespace
}  // namespace signet
