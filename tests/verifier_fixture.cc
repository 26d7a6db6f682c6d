#include "tests/verifier_fixture.h"

#include "absl/strings/str_cat.h"
#include "tests/answer.h"

namespace signet {
namespace {

// The reports are all checks in order, and the verdict is the first failure.
void ExpectReportsAgree(const Explanation& explanation) {
  ASSERT_EQ(explanation.checks.size(), 17U);
  std::string first = "accepted";
  bool trusted = true;
  for (size_t i = 0; i < explanation.checks.size(); ++i) {
    const CheckReport& report = explanation.checks[i];
    EXPECT_EQ(static_cast<size_t>(report.name), i);
    EXPECT_EQ(report.rejection.has_value(),
              report.outcome == CheckOutcome::kFailed);
    // Whatever follows a failed check of trust is not looked at.
    EXPECT_EQ(report.outcome == CheckOutcome::kNotRun, !trusted);
    if (!report.rejection) continue;
    if (first == "accepted") first = AnswerOf(*report.rejection);
    trusted = trusted && report.name > CheckName::kSignature;
  }
  EXPECT_EQ(first, AnswerOf(explanation.verdict));
}

}  // namespace

const TestIssuer& VerifierFixture::IssuerA() {
  static const TestIssuer& issuer = *new TestIssuer("https://a.example");
  return issuer;
}

const TestIssuer& VerifierFixture::IssuerB() {
  static const TestIssuer& issuer = *new TestIssuer("https://b.example");
  return issuer;
}

ValidationPolicyOptions VerifierFixture::Options() {
  ValidationPolicyOptions options;
  options.name = "policy";
  options.issuers = {"https://a.example"};
  options.audiences = {"service"};
  for (const Algorithm algorithm : kAllAlgorithms) {
    options.algorithms.Add(algorithm);
  }
  return options;
}

std::string VerifierFixture::HeaderFor(absl::string_view alg,
                                       absl::string_view more) {
  return absl::StrCat(R"({"alg":")", alg, "\"", more, "}");
}

std::string VerifierFixture::SignAs(Algorithm algorithm,
                                    absl::string_view header,
                                    absl::string_view claims) {
  return IssuerA().MintWithHeader(algorithm, header, claims);
}

std::string VerifierFixture::Judge(
    absl::string_view token, const ValidationPolicyOptions& options) const {
  const ValidationPolicy policy = *ValidationPolicy::Create(options);
  const auto verdict = verifier_.Verify(token, policy, {}, kTestNow);
  const auto explanation = verifier_.Explain(token, policy, {}, kTestNow);
  EXPECT_EQ(AnswerOf(*verdict), AnswerOf(explanation->verdict));
  ExpectReportsAgree(*explanation);
  // With a cache: as a stranger, and as one that may be known.
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(
        AnswerOf(*remembering_verifier_.Verify(token, policy, {}, kTestNow)),
        AnswerOf(*verdict));
  }
  // Twice in a batch, beside a token that is accepted.
  static const std::string acceptable =
      IssuerA().Mint(Algorithm::kEdDsa, kAcceptableClaims);
  static const ValidationPolicy accepting =
      *ValidationPolicy::Create(Options());
  const Tightening none;
  const auto batch = verifier_.VerifyBatch({{token, &policy, &none},
                                            {acceptable, &accepting, &none},
                                            {token, &policy, &none}},
                                           kTestNow);
  EXPECT_EQ(AnswerOf(*batch[0]), AnswerOf(*verdict));
  EXPECT_EQ(AnswerOf(*batch[1]), "accepted");
  EXPECT_EQ(AnswerOf(*batch[2]), AnswerOf(*verdict));
  return AnswerOf(*verdict);
}

}  // namespace signet
