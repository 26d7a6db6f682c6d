// Compact serialization: whatever parses is its own only spelling, and a JWT
// is a JWS.

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "jose/base64url.h"
#include "jose/compact_jws.h"
#include "jose/unverified_jwt.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {
namespace {

std::string Encode(absl::string_view header, absl::string_view payload) {
  return absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(payload),
                      ".", Base64UrlEncode("signature"));
}

}  // namespace

// Half of them plain, to be encoded before they are parsed: a changed
// character of base64url rarely leaves JSON behind.
std::vector<std::string> FuzzSeeds() {
  constexpr char kHeader[] = R"({"alg":"ES256","kid":"key","typ":"JWT"})";
  constexpr char kClaims[] =
      R"({"iss":"i","sub":"s","aud":["a"],"exp":1800000000.5,"nbf":0,"iat":1,)"
      R"("jti":"j","scope":"a b","nonce":"n","amr":["pwd"]})";
  return {Encode(kHeader, kClaims), Encode(kHeader, "{}"),
          absl::StrCat(kHeader, ".", kClaims), R"({"alg":"none"}.{})",
          R"({"alg":"HS256","crit":["b64"],"b64":false}.{"aud":"a"})"};
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using signet::RequireProperty;
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  std::string token(input);
  if (!input.empty() && input[0] == '{') {
    const size_t end = input.find("}.");
    if (end != absl::string_view::npos) {
      token = signet::Encode(input.substr(0, end + 1), input.substr(end + 2));
    }
  }
  const auto jws = signet::CompactJws::Parse(token);
  const auto jwt = signet::UnverifiedJwt::Parse(token);
  RequireProperty(jws.ok() || !jwt.ok(), "a JWT is a JWS");
  if (!jws.ok()) return 0;
  const absl::string_view header =
      jws->signing_input().substr(0, jws->signing_input().find('.'));
  RequireProperty(
      absl::StrCat(header, ".", signet::Base64UrlEncode(jws->payload()), ".",
                   signet::Base64UrlEncode(jws->signature())) == token,
      "the parts, encoded again, are the token");
  RequireProperty(!jws->header().key_id ||
                      jws->header().key_id->size() <= signet::kMaxKeyIdBytes,
                  "the key id is bounded");
  if (!jwt.ok()) return 0;
  RequireProperty(jwt->signature() == jws->signature() &&
                      signet::SigningInputOf(token) == jws->signing_input(),
                  "the JWT has the signature of the JWS");
  for (const auto& date : {jwt->claims().registered().expiration,
                           jwt->claims().registered().not_before,
                           jwt->claims().registered().issued_at}) {
    RequireProperty(!date || (*date >= absl::UnixEpoch() &&
                              *date <= absl::FromUnixSeconds(253402300799)),
                    "dates are from the epoch to year 9999");
  }
  return 0;
}
