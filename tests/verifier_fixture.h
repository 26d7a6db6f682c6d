#ifndef SIGNET_TESTS_VERIFIER_FIXTURE_H_
#define SIGNET_TESTS_VERIFIER_FIXTURE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/test_issuer.h"
#include "verifier/jwt_verifier.h"

namespace signet {

// kAcceptableClaims are claims of issuer A that VerifierFixture::Options
// accept.
inline constexpr char kAcceptableClaims[] =
    R"({"iss":"https://a.example","aud":"service","exp":1800000600})";

// VerifierFixture trusts two issuers, A and B.
class VerifierFixture : public ::testing::Test {
 protected:
  static const TestIssuer& IssuerA();  // https://a.example
  static const TestIssuer& IssuerB();  // https://b.example

  // Options describes a policy that accepts tokens of A for the audience
  // "service", with any algorithm.
  static ValidationPolicyOptions Options();

  // HeaderFor returns a header of this `alg` and `more`, which starts with a
  // comma.
  static std::string HeaderFor(absl::string_view alg,
                               absl::string_view more = "");

  // SignAs signs with the key of issuer A for `algorithm`, whatever `header`
  // says.
  static std::string SignAs(Algorithm algorithm, absl::string_view header,
                            absl::string_view claims = kAcceptableClaims);

  // Judge returns the answer about a token, in the words of AnswerOf. Fails
  // the test unless Explain answers the same and reports every check, and the
  // answer is also the same from a cache and in a batch.
  std::string Judge(absl::string_view token,
                    const ValidationPolicyOptions& options = Options()) const;

  const std::shared_ptr<const KeyCache> keys_ = Trust({&IssuerA(), &IssuerB()});
  const JwtVerifier verifier_{keys_};
  const JwtVerifier remembering_verifier_{
      keys_, std::make_shared<TokenCache>(TokenCache::kDefaultBytes / 16)};
};

}  // namespace signet

#endif  // SIGNET_TESTS_VERIFIER_FIXTURE_H_
