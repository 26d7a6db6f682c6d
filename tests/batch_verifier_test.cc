#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "tests/answer.h"
#include "tests/verifier_fixture.h"
#include "verifier/jwt_verifier.h"

namespace signet {
namespace {

class BatchVerifierTest : public VerifierFixture {
 protected:
  // The answers about `requests`, after holding them against those that each
  // gets alone.
  std::vector<std::string> AnswersOf(
      const std::vector<VerificationRequest>& requests) const {
    std::vector<std::string> answers;
    for (const auto& verdict : verifier_.VerifyBatch(requests, kTestNow)) {
      const VerificationRequest& request = requests[answers.size()];
      answers.push_back(AnswerOf(*verdict));
      EXPECT_EQ(answers.back(),
                AnswerOf(*verifier_.Verify(request.compact, *request.policy,
                                           *request.tightening, kTestNow)));
    }
    EXPECT_EQ(answers.size(), requests.size());
    return answers;
  }

  VerificationRequest Ask(absl::string_view compact) const {
    return {compact, &policy_, &none_};
  }

  static std::string WithBadSignature(std::string token) {
    char& place = token[token.rfind('.') + 10];
    place = place == 'A' ? 'B' : 'A';
    return token;
  }

  const ValidationPolicy policy_ = *ValidationPolicy::Create(Options());
  const Tightening none_ = {};
};

TEST_F(BatchVerifierTest, AnswersNothingIfAskedNothing) {
  EXPECT_TRUE(AnswersOf({}).empty());
}

TEST_F(BatchVerifierTest, AnswersInOrderForEveryAlgorithmAndSize) {
  std::vector<std::string> tokens;
  std::vector<std::string> expected;
  for (int i = 0; i < 150; ++i) {
    const Algorithm algorithm =
        kAllAlgorithms[static_cast<size_t>(i) % std::size(kAllAlgorithms)];
    tokens.push_back(IssuerA().Mint(
        algorithm, absl::StrCat(R"({"iss":"https://a.example","aud":"service",)"
                                R"("exp":1800000600,"n":)",
                                i, "}")));
    expected.emplace_back("accepted");
    if (i % 7 == 3) {
      tokens.back() = WithBadSignature(tokens.back());
      expected.back() = "SIGNATURE_INVALID";
    }
  }
  for (const size_t size : {size_t{1}, size_t{2}, size_t{63}, size_t{64},
                            size_t{65}, tokens.size()}) {
    std::vector<VerificationRequest> requests;
    requests.reserve(size);
    for (size_t i = 0; i < size; ++i) requests.push_back(Ask(tokens[i]));
    EXPECT_EQ(
        AnswersOf(requests),
        std::vector<std::string>(expected.begin(), expected.begin() + size));
  }
}

TEST_F(BatchVerifierTest, GivesEachTokenItsOwnContent) {
  const std::string one = IssuerA().Mint(
      Algorithm::kEs256, R"({"iss":"https://a.example","aud":"service",)"
                         R"("exp":1800000600,"sub":"one"})");
  const std::string two = IssuerA().Mint(
      Algorithm::kEs256, R"({"iss":"https://a.example","aud":"service",)"
                         R"("exp":1800000600,"sub":"two"})");
  const auto verdicts = verifier_.VerifyBatch(
      std::vector<VerificationRequest>{Ask(one), Ask(two), Ask(one)}, kTestNow);
  EXPECT_EQ((**verdicts[0]).claims().registered().subject, "one");
  EXPECT_EQ((**verdicts[1]).claims().registered().subject, "two");
  EXPECT_EQ((**verdicts[2]).claims().registered().subject, "one");
}

TEST_F(BatchVerifierTest, JudgesTheSameTokenByEachPolicy) {
  const std::string token =
      IssuerA().Mint(Algorithm::kEs256, kAcceptableClaims);
  ValidationPolicyOptions of_b = Options();
  of_b.issuers = {IssuerB().name()};
  ValidationPolicyOptions without_es256 = Options();
  without_es256.algorithms = {Algorithm::kEdDsa};
  ValidationPolicyOptions for_others = Options();
  for_others.audiences = {"other"};
  const auto policy_of_b = *ValidationPolicy::Create(of_b);
  const auto policy_without = *ValidationPolicy::Create(without_es256);
  const auto policy_for_others = *ValidationPolicy::Create(for_others);
  Tightening tight;
  tight.required_scopes = {"admin"};
  EXPECT_EQ(
      AnswersOf({{token, &policy_of_b, &none_},
                 {token, &policy_, &none_},
                 {token, &policy_without, &none_},
                 {token, &policy_for_others, &none_},
                 {token, &policy_, &tight},
                 {token, &policy_, &none_}}),
      (std::vector<std::string>{
          "ISSUER_NOT_ACCEPTED iss", "accepted", "ALGORITHM_NOT_ALLOWED alg",
          "AUDIENCE_MISMATCH aud", "SCOPE_INSUFFICIENT scope", "accepted"}));
}

TEST_F(BatchVerifierTest, LetsNoTokenChangeTheAnswerToAnother) {
  const std::string good = IssuerA().Mint(Algorithm::kEs256, kAcceptableClaims);
  const std::string forged = WithBadSignature(good);
  const std::string malformed = "a.b.c";
  const std::string of_b = IssuerB().Mint(Algorithm::kEs256, kAcceptableClaims);
  const std::string* const tokens[] = {&good, &forged, &malformed, &of_b};
  const char* const answers[] = {"accepted", "SIGNATURE_INVALID", "MALFORMED",
                                 "SIGNATURE_INVALID"};
  // In every order of four, with repetition.
  for (size_t order = 0; order < 256; ++order) {
    std::vector<VerificationRequest> requests;
    std::vector<std::string> expected;
    for (size_t rest = order, i = 0; i < 4; ++i, rest /= 4) {
      requests.push_back(Ask(*tokens[rest % 4]));
      expected.emplace_back(answers[rest % 4]);
    }
    EXPECT_EQ(AnswersOf(requests), expected);
  }
}

}  // namespace
}  // namespace signet
