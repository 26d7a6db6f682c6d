// Attempts to have a token verified with another algorithm, or another key,
// than the issuer's (RFC 8725 sections 2.1 and 2.2).

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "keys/jwk.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "tests/verifier_fixture.h"

namespace signet {
namespace {

class AlgorithmConfusionTest : public VerifierFixture {};

// A public key in the forms in which it is published.
std::vector<std::string> PublicForms(const VerificationKey& key) {
  std::vector<std::string> forms = {*ToPublicJwk(key)};
  bssl::UniquePtr<EVP_PKEY> wrapped(EVP_PKEY_new());
  if (const auto* rsa = std::get_if<bssl::UniquePtr<RSA>>(&key.material())) {
    EVP_PKEY_set1_RSA(wrapped.get(), rsa->get());
  } else if (const auto* ec =
                 std::get_if<bssl::UniquePtr<EC_KEY>>(&key.material())) {
    EVP_PKEY_set1_EC_KEY(wrapped.get(), ec->get());
  } else {
    return forms;
  }
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio.get(), wrapped.get());
  const uint8_t* pem = nullptr;
  size_t size = 0;
  BIO_mem_contents(bio.get(), &pem, &size);
  forms.emplace_back(reinterpret_cast<const char*>(pem), size);
  forms.push_back(forms.back().substr(0, size - 1));  // No line break.
  return forms;
}

TEST_F(AlgorithmConfusionTest, NeverTakesAPublicKeyForAnHmacSecret) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (!IsAsymmetric(algorithm)) continue;
    for (const std::string& secret :
         PublicForms(IssuerA().key(algorithm).verification_key())) {
      const SigningKey forger = *SigningKey::Create(
          Algorithm::kHs256, "forger",
          SecretBytes(
              {reinterpret_cast<const uint8_t*>(secret.data()), secret.size()}),
          KeyLimits{});
      const std::string key_id = IssuerA().key(algorithm).key_id();
      EXPECT_EQ(Judge(SignCompact(
                    forger, HeaderFor("HS256", R"(,"kid":")" + key_id + "\""),
                    kAcceptableClaims)),
                "ALGORITHM_NOT_ALLOWED alg");
      // Or while it still says that it is the asymmetric one.
      EXPECT_EQ(Judge(SignCompact(forger,
                                  HeaderFor(AlgorithmName(algorithm),
                                            R"(,"kid":")" + key_id + "\""),
                                  kAcceptableClaims)),
                "SIGNATURE_INVALID");
    }
  }
}

TEST_F(AlgorithmConfusionTest,
       DemandsTheAlgorithmOfTheKeyNotOneThatWouldVerify) {
  for (const Algorithm signer : kAllAlgorithms) {
    for (const Algorithm named : kAllAlgorithms) {
      if (signer == named) continue;
      const std::string key_id = IssuerA().key(signer).key_id();
      EXPECT_EQ(Judge(SignAs(signer, HeaderFor(AlgorithmName(named),
                                               R"(,"kid":")" + key_id + "\""))),
                "ALGORITHM_NOT_ALLOWED alg")
          << AlgorithmName(signer) << " as " << AlgorithmName(named);
    }
  }
}

TEST_F(AlgorithmConfusionTest, NeverTrustsAKeyThatTheTokenBrings) {
  const SigningKey forger = MakeTestKey(Algorithm::kEs256, "forger", "forger");
  const std::string jwk = *ToPublicJwk(forger.verification_key());
  for (const std::string& brought :
       {",\"jwk\":" + jwk, std::string(R"(,"jku":"https://evil.example/jwks")"),
        std::string(R"(,"x5u":"https://evil.example/cert")"),
        std::string(R"(,"x5c":["AAAA"])"),
        std::string(R"(,"x5t":"AAAA","x5t#S256":"AAAA")")}) {
    const std::string by_id =
        HeaderFor("ES256", R"(,"kid":"ES256-key")" + brought);
    EXPECT_EQ(Judge(SignCompact(forger, by_id, kAcceptableClaims)),
              "SIGNATURE_INVALID");
    EXPECT_EQ(Judge(SignCompact(forger, HeaderFor("ES256", brought),
                                kAcceptableClaims)),
              "SIGNATURE_INVALID");
    EXPECT_EQ(Judge(SignCompact(
                  forger, HeaderFor("ES256", R"(,"kid":"forger")" + brought),
                  kAcceptableClaims)),
              "KEY_NOT_FOUND kid");
    // And it does no harm to a token that is signed with the right key.
    EXPECT_EQ(Judge(SignAs(Algorithm::kEs256, by_id)), "accepted");
  }
}

TEST_F(AlgorithmConfusionTest, RefusesUnsecuredTokens) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string unsigned_token =
        absl::StrCat(Base64UrlEncode(HeaderFor(alg)), ".",
                     Base64UrlEncode(kAcceptableClaims), ".");
    EXPECT_EQ(Judge(unsigned_token), "ALGORITHM_NOT_ALLOWED alg") << alg;
    EXPECT_EQ(Judge(absl::StrCat(unsigned_token, "AAAA")),
              "ALGORITHM_NOT_ALLOWED alg")
        << alg;
  }
  // Nor is an empty signature one.
  for (const Algorithm algorithm : kAllAlgorithms) {
    std::string token = IssuerA().Mint(algorithm, kAcceptableClaims);
    token.resize(token.rfind('.') + 1);
    EXPECT_EQ(Judge(token), "SIGNATURE_INVALID");
  }
}

}  // namespace
}  // namespace signet
