// JWK: keys that are read can be written and read again as the same, and what
// is written as public has no private member.

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "jose/json.h"
#include "keys/jwk.h"
#include "keys/jwk_members.h"
#include "keys/jwk_set.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

void RequireReadsBack(const VerificationKey& key) {
  const auto text = ToPublicJwk(key);
  RequireProperty(text.has_value() == IsAsymmetric(key.algorithm()),
                  "an asymmetric key has a public half");
  if (!text) return;
  const auto jwk = JsonDocument::ParseObject(*text);
  RequireProperty(jwk.ok(), "what is written is JSON");
  // Refuses private members, among other things.
  const auto again = ParsePublicJwk(jwk->object(), {});
  RequireProperty(again.ok(), "what is written can be read");
  RequireProperty(
      again->key_id() == key.key_id() &&
          again->algorithm() == key.algorithm() &&
          JwkThumbprint(again->material()) == JwkThumbprint(key.material()),
      "what is read again is the same key");
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (const Algorithm algorithm :
       {Algorithm::kHs256, Algorithm::kRs256, Algorithm::kEs256,
        Algorithm::kEs384, Algorithm::kEs512, Algorithm::kEdDsa}) {
    const SigningKey key = MakeTestKey(algorithm, "key");
    seeds.push_back(ToPrivateJwk(key));
    if (auto jwk = ToPublicJwk(key.verification_key())) {
      seeds.push_back(absl::StrCat("{\"keys\":[", *jwk, "]}"));
      seeds.push_back(*std::move(jwk));
    }
  }
  return seeds;
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const auto keys = signet::ParsePublicJwkSet(input, {});
  if (keys.ok()) {
    for (const auto& key : *keys) signet::RequireReadsBack(key);
  }
  const auto signing_keys = signet::ParsePrivateJwkSet(input, {});
  if (signing_keys.ok()) {
    for (const auto& key : *signing_keys) {
      signet::RequireReadsBack(key.verification_key());
    }
  }
  return 0;
}
