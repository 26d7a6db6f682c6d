#include "tests/signer/signing_keys.h"

#include <utility>
#include <variant>

#include "keys/key_material.h"
#include "keys/key_set.h"
#include "keys/verification_key.h"
#include "openssl/rsa.h"

namespace signet {
namespace {

bool IsRsa(Algorithm algorithm) {
  return FamilyOf(algorithm) == AlgorithmFamily::kRsaPkcs1 ||
         FamilyOf(algorithm) == AlgorithmFamily::kRsaPss;
}

}  // namespace

SigningKey NewKey(Algorithm algorithm, absl::string_view key_id) {
  return SigningKey::Generate(algorithm, key_id).value();
}

SigningKeys OneKeyPerAlgorithm() {
  const SigningKey rsa = NewKey(Algorithm::kRs256);
  const auto& material = std::get<bssl::UniquePtr<RSA>>(rsa.material());
  SigningKeys keys;
  for (const Algorithm algorithm : kAllAlgorithms) {
    const absl::string_view name = AlgorithmName(algorithm);
    keys.push_back(std::make_shared<const SigningKey>(
        IsRsa(algorithm) ? SigningKey::Create(algorithm, name,
                                              bssl::UpRef(material),
                                              KeyLimits{})
                               .value()
                         : NewKey(algorithm, name)));
  }
  return keys;
}

std::shared_ptr<const KeyCache> TrustIn(const std::string& issuer,
                                        const SigningKeys& keys) {
  std::vector<VerificationKey> public_keys;
  public_keys.reserve(keys.size());
  for (const auto& key : keys) {
    public_keys.push_back(key->verification_key().Copy());
  }
  auto issuers = std::make_shared<KeyCache>();
  issuers->ReplaceIssuer(issuer,
                         KeySet::Create(std::move(public_keys)).value());
  return issuers;
}

}  // namespace signet
