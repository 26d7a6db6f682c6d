// PEM: a key that is read can be written as a JWK and read again as the same,
// and a private one signs what its public half verifies.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/string_view.h"
#include "jose/json.h"
#include "keys/jwk.h"
#include "keys/jwk_members.h"
#include "keys/pem.h"
#include "tests/fuzz/fuzz_target.h"
#include "verifier/signature.h"

namespace signet {
namespace {

void RequireReadsBack(const VerificationKey& key) {
  const auto jwk = JsonDocument::ParseObject(*ToPublicJwk(key));
  RequireProperty(jwk.ok(), "what is written is JSON");
  const auto again = ParsePublicJwk(jwk->object(), {});
  RequireProperty(again.ok(), "what is written can be read");
  RequireProperty(
      JwkThumbprint(again->material()) == JwkThumbprint(key.material()),
      "what is read again is the same key");
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> paths;
  for (const auto& file :
       std::filesystem::directory_iterator("tests/testdata/pem")) {
    paths.push_back(file.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }
  return seeds;
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using signet::Algorithm;
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  for (const std::optional<Algorithm> algorithm :
       {std::optional<Algorithm>(), std::optional(Algorithm::kRs256)}) {
    const auto half = signet::ParsePublicPem(input, {"", algorithm});
    if (half.ok()) signet::RequireReadsBack(*half);
    const auto whole = signet::ParsePrivatePem(input, {"", algorithm});
    if (!whole.ok()) continue;
    signet::RequireReadsBack(whole->verification_key());
    const auto signature = whole->Sign("input");
    signet::RequireProperty(
        signature.ok() && signet::VerifySignature(whole->verification_key(),
                                                  "input", *signature),
        "a key verifies what it signs");
  }
  return 0;
}
