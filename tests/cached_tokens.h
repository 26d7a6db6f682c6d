#ifndef SIGNET_TESTS_CACHED_TOKENS_H_
#define SIGNET_TESTS_CACHED_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "jose/base64url.h"
#include "jose/unverified_jwt.h"
#include "verifier/cached_token.h"

namespace signet {

// TokenText returns a well-formed token, of about 600 bytes and a claim of
// `padding` bytes, whose `jti` is `number`. Its signature is made up.
inline std::string TokenText(uint64_t number, size_t padding = 0) {
  return absl::StrCat(
      Base64UrlEncode(R"({"alg":"RS256","kid":"2026-11-signing-key"})"), ".",
      Base64UrlEncode(absl::StrCat(
          R"({"iss":"https://issuer.example","sub":"user-1234567890",)",
          R"("aud":["https://api.example"],"exp":1800000000,)",
          R"("scope":"read write","jti":")", number, R"(","padding":")",
          std::string(padding, 'x'), R"("})")),
      ".", Base64UrlEncode(absl::StrFormat("%0256d", number)));
}

// TokenOf returns what a cache is told about `compact`, which is well-formed:
// that it was verified with key number `key`.
inline CachedToken TokenOf(absl::string_view compact, uint8_t key = 1) {
  CachedToken token{*UnverifiedJwt::Parse(compact), {}};
  token.key.fill(key);
  return token;
}

}  // namespace signet

#endif  // SIGNET_TESTS_CACHED_TOKENS_H_
