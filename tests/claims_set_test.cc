#include "jose/claims_set.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/answer.h"

namespace signet {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

constexpr const char* kTextClaims[] = {"iss",       "sub",   "jti", "scope",
                                       "client_id", "nonce", "azp", "at_hash",
                                       "c_hash",    "acr"};
constexpr const char* kDateClaims[] = {"exp", "nbf", "iat", "auth_time"};

// One value of each JSON type.
struct Value {
  const char* json;
  bool is_text = false;
  bool is_date = false;
  bool is_texts = false;
};

constexpr Value kValues[] = {
    {"\"text\"", true, false, false},
    {"\"\"", true, false, false},
    {"\"1800000000\"", true, false, false},
    {"1800000000", false, true, false},
    {"1800000000.5", false, true, false},
    {"-1", false, false, false},
    {"253402300800", false, false, false},
    {"true", false, false, false},
    {"false", false, false, false},
    {"null", false, false, false},
    {"{}", false, false, false},
    {R"({"a":"b"})", false, false, false},
    {"[]", false, false, true},
    {"[\"a\"]", false, false, true},
    {R"(["a","b","a"])", false, false, true},
    {"[\"a\",1]", false, false, false},
    {"[\"a\",null]", false, false, false},
    {"[[\"a\"]]", false, false, false},
};

// Expects the claim to be accepted or invalid, alone and among others.
void ExpectValid(absl::string_view claim, const Value& value, bool valid) {
  const std::string answer =
      valid ? "accepted" : absl::StrCat("CLAIM_INVALID ", claim);
  const std::string member = absl::StrCat("\"", claim, "\":", value.json);
  EXPECT_EQ(AnswerOf(ClaimsSet::Parse(absl::StrCat("{", member, "}"))), answer)
      << member;
  EXPECT_EQ(AnswerOf(ClaimsSet::Parse(
                absl::StrCat("{\"x\":1,", member, ",\"y\":[]}"))),
            answer)
      << member;
}

TEST(ClaimsSetTest, HasRegisteredClaimsOfTheRightTypeOrNone) {
  for (const Value& value : kValues) {
    for (const char* claim : kTextClaims) {
      ExpectValid(claim, value, value.is_text);
    }
    for (const char* claim : kDateClaims) {
      ExpectValid(claim, value, value.is_date);
    }
    ExpectValid("aud", value, value.is_text || value.is_texts);
    ExpectValid("amr", value, value.is_texts);
    ExpectValid("anything_else", value, true);
  }
}

TEST(ClaimsSetTest, KnowsWhichClaimsAreRegistered) {
  for (const char* claim : kTextClaims) EXPECT_TRUE(IsRegisteredClaim(claim));
  for (const char* claim : kDateClaims) EXPECT_TRUE(IsRegisteredClaim(claim));
  EXPECT_TRUE(IsRegisteredClaim("aud"));
  EXPECT_TRUE(IsRegisteredClaim("amr"));
  for (const char* claim : {"", "ISS", "issuer", "email", "iss "}) {
    EXPECT_FALSE(IsRegisteredClaim(claim)) << claim;
  }
}

TEST(ClaimsSetTest, ReadsEveryRegisteredClaimIntoItsField) {
  const RejectionOr<ClaimsSet> parsed = ClaimsSet::Parse(R"({
      "iss":"i","sub":"s","aud":["a","b"],"exp":4,"nbf":2.5,"iat":1,"jti":"j",
      "scope":"c d","client_id":"ci","nonce":"n","azp":"az","at_hash":"ah",
      "c_hash":"ch","auth_time":3,"acr":"ac","amr":["pwd","otp"]})");
  ASSERT_TRUE(parsed.ok()) << AnswerOf(parsed);
  const RegisteredClaims& claims = parsed->registered();
  EXPECT_EQ(claims.issuer, "i");
  EXPECT_EQ(claims.subject, "s");
  EXPECT_THAT(claims.audiences, Optional(ElementsAre("a", "b")));
  EXPECT_EQ(claims.expiration, absl::FromUnixSeconds(4));
  EXPECT_EQ(claims.not_before, absl::FromUnixMillis(2500));
  EXPECT_EQ(claims.issued_at, absl::FromUnixSeconds(1));
  EXPECT_EQ(claims.jwt_id, "j");
  EXPECT_EQ(claims.scope, "c d");
  EXPECT_EQ(claims.client_id, "ci");
  EXPECT_EQ(claims.nonce, "n");
  EXPECT_EQ(claims.authorized_party, "az");
  EXPECT_EQ(claims.access_token_hash, "ah");
  EXPECT_EQ(claims.code_hash, "ch");
  EXPECT_EQ(claims.authentication_time, absl::FromUnixSeconds(3));
  EXPECT_EQ(claims.authentication_context_class, "ac");
  EXPECT_THAT(claims.authentication_methods,
              Optional(ElementsAre("pwd", "otp")));
}

TEST(ClaimsSetTest, HasNoFieldForAClaimThatIsAbsent) {
  const RejectionOr<ClaimsSet> parsed = ClaimsSet::Parse("{}");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->registered().issuer, std::nullopt);
  EXPECT_FALSE(parsed->registered().audiences);
  EXPECT_EQ(parsed->registered().expiration, std::nullopt);
  EXPECT_FALSE(parsed->Find("iss"));
}

TEST(ClaimsSetTest, ReadsOneAudienceAsAListOfOne) {
  const RejectionOr<ClaimsSet> one = ClaimsSet::Parse(R"({"aud":"a"})");
  EXPECT_THAT(one->registered().audiences, Optional(ElementsAre("a")));
  EXPECT_EQ(one->registered().audiences->size(), 1);
  const RejectionOr<ClaimsSet> none = ClaimsSet::Parse(R"({"aud":[]})");
  EXPECT_THAT(none->registered().audiences, Optional(ElementsAre()));
}

TEST(ClaimsSetTest, SaysWhichOfSeveralClaimsIsInvalidFirst) {
  EXPECT_EQ(AnswerOf(ClaimsSet::Parse(R"({"nbf":"x","exp":"x"})")),
            "CLAIM_INVALID nbf");
}

TEST(ClaimsSetTest, ComparesNamesAfterUnescaping) {
  EXPECT_EQ(AnswerOf(ClaimsSet::Parse(R"({"\u0065xp":"never"})")),
            "CLAIM_INVALID exp");
  EXPECT_EQ(AnswerOf(ClaimsSet::Parse(R"({"EXP":"never"})")), "accepted");
}

TEST(ClaimsSetTest, RefusesPayloadThatIsNotAnObjectWithoutDuplicates) {
  for (const char* payload :
       {"", "[]", "null", "\"{}\"", "{", "{}{}", R"({"a":1,"a":1})",
        R"({"exp":1,"\u0065xp":2})", R"({"a":{"b":1,"b":1}})", "\xEF\xBB\xBF{}",
        "{\"a\":\"\xff\"}", R"({"a":1e999})"}) {
    EXPECT_EQ(AnswerOf(ClaimsSet::Parse(payload)), "MALFORMED") << payload;
  }
}

TEST(ClaimsSetTest, FindsAnyClaimAndKeepsTheirOrder) {
  const RejectionOr<ClaimsSet> parsed =
      ClaimsSet::Parse(R"({"z":1,"sub":"s","a":{"b":[true]}})");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(ToJson(*parsed->Find("a")), R"({"b":[true]})");
  std::string names;
  for (const auto& member : parsed->members()) {
    absl::StrAppend(&names, std::string(member.key), " ");
  }
  EXPECT_EQ(names, "z sub a ");
}

TEST(ClaimsSetTest, SplitsScopeAtSpacesAlone) {
  EXPECT_THAT(SplitScope(""), ElementsAre());
  EXPECT_THAT(SplitScope(" "), ElementsAre());
  EXPECT_THAT(SplitScope("read"), ElementsAre("read"));
  EXPECT_THAT(SplitScope(" read  write "), ElementsAre("read", "write"));
  EXPECT_THAT(SplitScope("read,write\tadmin"),
              ElementsAre("read,write\tadmin"));
}

}  // namespace
}  // namespace signet
