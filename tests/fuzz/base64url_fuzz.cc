// base64url: decoding reverses encoding, and every text that decodes is what
// its bytes encode to.

#include "absl/strings/string_view.h"
#include "jose/base64url.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {

std::vector<std::string> FuzzSeeds() {
  return {"", "AA", "AAA", "AAAA", "Zm9vYmFy", "A-z_4ME", "_-_-"};
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using signet::Base64UrlDecode;
  using signet::Base64UrlEncode;
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  signet::RequireProperty(Base64UrlDecode(Base64UrlEncode(input)) == input,
                          "decoding reverses encoding");
  if (const auto bytes = Base64UrlDecode(input)) {
    signet::RequireProperty(Base64UrlEncode(*bytes) == input,
                            "encoding reverses decoding");
  }
  return 0;
}
