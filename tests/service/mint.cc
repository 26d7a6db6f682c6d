#include "tests/service/mint.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "jose/algorithm.h"
#include "jose/base64url.h"
#include "jose/json_writer.h"

namespace signet {

std::string Mint(const SigningKey& key, absl::string_view type,
                 absl::string_view claims) {
  JsonObjectWriter header;
  header.AddString("alg", AlgorithmName(key.algorithm()));
  if (!type.empty()) header.AddString("typ", type);
  header.AddString("kid", key.key_id());
  const std::string signing_input =
      absl::StrCat(Base64UrlEncode(std::move(header).Finish()), ".",
                   Base64UrlEncode(claims));
  return absl::StrCat(signing_input, ".",
                      Base64UrlEncode(key.Sign(signing_input).value()));
}

}  // namespace signet
