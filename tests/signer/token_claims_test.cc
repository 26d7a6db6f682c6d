#include "signer/token_claims.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "signer/token_request.h"
#include "tests/signer/request_examples.h"

namespace signet {
namespace {

absl::StatusOr<std::string> Write(const TokenRequest& request,
                                  Algorithm algorithm = Algorithm::kEs256) {
  return WriteClaims(request,
                     {kIssuer, "id-1", algorithm, kNow, absl::Minutes(5)});
}

absl::StatusOr<std::string> WriteCustom(absl::string_view json) {
  TokenRequest request = LeastRequest(TokenKind::kJwt);
  request.custom_claims_json = std::string(json);
  return Write(request);
}

constexpr char kLeastJwt[] =
    R"({"iss":"https://issuer.example","aud":"https://api.example",)"
    R"("exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"id-1")";

struct ClaimsCase {
  TokenRequest request;
  std::string claims;
};

TEST(WriteClaims, WritesTheClaimsOfEachKindInAFixedOrder) {
  const ClaimsCase kCases[] = {
      {LeastRequest(TokenKind::kJwt), absl::StrCat(kLeastJwt, "}")},
      {FullRequest(TokenKind::kJwt),
       R"({"iss":"https://issuer.example","sub":"alice",)"
       R"("aud":["https://api.example","https://web.example"],)"
       R"("exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"id-1",)"
       R"("scope":"read write","tenant":"blue","level":7})"},
      {LeastRequest(TokenKind::kAccessToken),
       R"({"iss":"https://issuer.example","sub":"alice",)"
       R"("aud":"https://api.example",)"
       R"("exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"id-1",)"
       R"("client_id":"app"})"},
      {FullRequest(TokenKind::kAccessToken),
       R"({"iss":"https://issuer.example","sub":"alice",)"
       R"("aud":["https://api.example","https://web.example"],)"
       R"("exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"id-1",)"
       R"("client_id":"app","scope":"read write","auth_time":1799999400,)"
       R"("acr":"phr","amr":["pwd","otp"],"tenant":"blue","level":7})"},
      {LeastRequest(TokenKind::kIdToken),
       R"({"iss":"https://issuer.example","sub":"alice",)"
       R"("aud":"https://api.example",)"
       R"("exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"id-1",)"
       R"("azp":"https://api.example"})"},
      {FullRequest(TokenKind::kIdToken),
       R"({"iss":"https://issuer.example","sub":"alice",)"
       R"("aud":["https://api.example","https://web.example"],)"
       R"("exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"id-1",)"
       R"("auth_time":1799999400,"acr":"phr","amr":["pwd","otp"],)"
       R"("azp":"https://web.example","nonce":"n-0S6",)"
       R"("at_hash":"77QmUPtjPfzWtF2AnpK9RQ","tenant":"blue","level":7})"},
  };
  for (const ClaimsCase& c : kCases) {
    const absl::StatusOr<std::string> claims = Write(c.request);
    ASSERT_TRUE(claims.ok()) << claims.status();
    EXPECT_EQ(*claims, c.claims);
  }
}

TEST(WriteClaims, CutsTimesDownToWholeSeconds) {
  TokenRequest request = LeastRequest(TokenKind::kIdToken);
  const absl::Time late = kNow + absl::Milliseconds(999);
  request.authenticated_at = late;
  const absl::StatusOr<std::string> claims = WriteClaims(
      request, {kIssuer, "id-1", Algorithm::kEs256, late, absl::Seconds(1)});
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(*claims, R"({"iss":"https://issuer.example","sub":"alice",)"
                     R"("aud":"https://api.example","exp":1800000001,)"
                     R"("nbf":1800000000,"iat":1800000000,"jti":"id-1",)"
                     R"("auth_time":1800000000,"azp":"https://api.example"})");
}

// The first is OpenID Connect Core's own example (appendix A.3).
TEST(WriteClaims, HashesTheAccessTokenWithTheHashOfEachAlgorithm) {
  constexpr char kSha256[] = "77QmUPtjPfzWtF2AnpK9RQ";
  constexpr char kSha384[] = "jtAeDp945y1dDqU3nkIVGNZP1HjH_MFs";
  constexpr char kSha512[] = "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM";
  for (const Algorithm algorithm : kAllAlgorithms) {
    const absl::string_view name = AlgorithmName(algorithm);
    const char* hash = absl::EndsWith(name, "256")   ? kSha256
                       : absl::EndsWith(name, "384") ? kSha384
                                                     : kSha512;
    const absl::StatusOr<std::string> claims =
        Write(FullRequest(TokenKind::kIdToken), algorithm);
    ASSERT_TRUE(claims.ok()) << claims.status();
    EXPECT_TRUE(
        absl::StrContains(*claims, absl::StrCat(R"("at_hash":")", hash, "\"")))
        << name << *claims;
  }
}

TEST(WriteClaims, EscapesWhatTheRequestSays) {
  TokenRequest request = LeastRequest(TokenKind::kJwt);
  request.subject = "\"},\\\x01\n\xC3\xA9";
  const absl::StatusOr<std::string> claims = Write(request);
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_TRUE(
      absl::StrContains(*claims, "\"sub\":\"\\\"},\\\\\\u0001\\n\xC3\xA9\","))
      << *claims;
}

TEST(WriteClaims, KeepsTheNamesAndValuesOfCustomClaims) {
  constexpr absl::string_view kCustom[] = {
      R"("a":null,"b":true,"c":[1,-2,[]],"d":{"iss":"nested is fine"})",
      R"("largest":18446744073709551615,"least":-9223372036854775808)",
      R"("half":0.5,"sum":0.30000000000000004,"huge":1.7976931348623157e+308,"a \" quote":"\\\n\t\u0001")",
      R"("":"","groups":["a","b"],"ISS":"case matters")",
  };
  for (const absl::string_view custom : kCustom) {
    const absl::StatusOr<std::string> claims =
        WriteCustom(absl::StrCat(" { ", custom, " }\n"));
    ASSERT_TRUE(claims.ok()) << claims.status();
    EXPECT_EQ(*claims, absl::StrCat(kLeastJwt, ",", custom, "}"));
  }
}

TEST(WriteClaims, TakesAnEmptyObjectForNoCustomClaims) {
  for (const char* json : {"", "{}"}) {
    const absl::StatusOr<std::string> claims = WriteCustom(json);
    ASSERT_TRUE(claims.ok()) << claims.status();
    EXPECT_EQ(*claims, absl::StrCat(kLeastJwt, "}"));
  }
}

TEST(WriteClaims, RefusesCustomClaimsWithTheNameOfARegisteredOne) {
  constexpr absl::string_view kNames[] = {
      "iss", "sub",       "aud",   "exp",    "nbf",       "iat",
      "jti", "scope",     "nonce", "azp",    "client_id", "at_hash",
      "acr", "auth_time", "amr",   "c_hash", "act",       "may_act",
  };
  for (const absl::string_view name : kNames) {
    EXPECT_EQ(
        WriteCustom(absl::StrCat(R"({"x":1,")", name, R"(":null})")).status(),
        absl::InvalidArgumentError(
            absl::StrCat("custom_claims_json: ", name,
                         " is a registered claim; use the field for it, if "
                         "there is one")));
  }
  // However it is spelled.
  EXPECT_EQ(WriteCustom(R"({"\u0069ss":"https://evil.example"})").status(),
            absl::InvalidArgumentError(
                "custom_claims_json: iss is a registered claim; use the field "
                "for it, if there is one"));
}

struct RefusedJson {
  std::string json;
  absl::string_view problem;
};

TEST(WriteClaims, RefusesCustomClaimsThatAreNotOneJsonObject) {
  const RefusedJson kCases[] = {
      {"[]", "JSON is not an object"},
      {"null", "JSON is not an object"},
      {"\"{}\"", "JSON is not an object"},
      {R"({"a":1,"a":2})", "JSON object has a duplicate member"},
      {R"({"a":1,"\u0061":2})", "JSON object has a duplicate member"},
      {R"({"o":[{"a":1,"a":2}]})", "JSON object has a duplicate member"},
      {"\xEF\xBB\xBF{}", "JSON starts with a byte order mark"},
  };
  for (const RefusedJson& c : kCases) {
    EXPECT_EQ(WriteCustom(c.json).status(),
              absl::InvalidArgumentError(
                  absl::StrCat("custom_claims_json: ", c.problem)));
  }
  for (const absl::string_view json :
       {" ", "{", "{}{}", "{} x", "{'a':1}", "{\"a\":NaN}", "{\"a\":1e999}",
        "{\"a\":\"\xC3\x28\"}", "{\"a\":18446744073709551616}"}) {
    const absl::Status status = WriteCustom(json).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << json;
    EXPECT_TRUE(absl::StartsWith(status.message(),
                                 "custom_claims_json: not valid JSON: "))
        << status;
  }
}

TEST(WriteHeader, NamesAlgorithmKindAndKey) {
  EXPECT_EQ(
      WriteHeader(TypeOf(TokenKind::kAccessToken), Algorithm::kEs256, "k1"),
      R"({"alg":"ES256","typ":"at+jwt","kid":"k1"})");
  EXPECT_EQ(WriteHeader(TypeOf(TokenKind::kIdToken), Algorithm::kEdDsa, "k\"2"),
            R"({"alg":"EdDSA","typ":"JWT","kid":"k\"2"})");
  EXPECT_EQ(WriteHeader(TypeOf(TokenKind::kJwt), Algorithm::kPs512, "k3"),
            R"({"alg":"PS512","typ":"JWT","kid":"k3"})");
}

}  // namespace
}  // namespace signet
