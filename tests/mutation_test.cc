// Changes valid tokens in every way a forger or a broken proxy might, and
// demands that each change is refused: base64url is read so strictly that no
// token has a second spelling, but for the (r, n - s) of ECDSA.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "jose/base64url.h"
#include "tests/mutations.h"
#include "tests/test_issuer.h"
#include "verifier/jwt_verifier.h"

namespace signet {
namespace {

constexpr int kTokensPerAlgorithm = 12;

// Enough for each to be hit by every mutation, and in all over 100,000; fewer
// where verification is slow.
int MutationsFor(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
    case Algorithm::kHs384:
    case Algorithm::kHs512:
      return 60000;
    case Algorithm::kEs384:
    case Algorithm::kEs512:
      return 15000;
    default:
      return 40000;
  }
}

uint64_t Seed() {
  uint64_t seed = 20270115;
  if (const char* text = std::getenv("SIGNET_MUTATION_SEED")) {
    EXPECT_TRUE(absl::SimpleAtoi(text, &seed)) << text;
  }
  return seed;
}

// One issuer, a key for each algorithm, tokens by each, and a policy that
// accepts them all.
class World {
 public:
  World() : issuer_("https://issuer.example"), verifier_(Trust({&issuer_})) {
    for (const Algorithm algorithm : kAllAlgorithms) {
      for (int i = 0; i < kTokensPerAlgorithm; ++i) {
        tokens_.push_back(issuer_.Mint(algorithm, Claims(algorithm, i)));
      }
    }
  }

  const TestIssuer& issuer() const { return issuer_; }
  const std::vector<std::string>& tokens() const { return tokens_; }

  absl::Span<const std::string> TokensOf(Algorithm algorithm) const {
    return absl::MakeConstSpan(tokens_).subspan(
        static_cast<size_t>(algorithm) * kTokensPerAlgorithm,
        kTokensPerAlgorithm);
  }

  Verdict Judge(absl::string_view token) const {
    return *verifier_.Verify(token, policy_, {}, kTestNow);
  }
  Explanation Explain(absl::string_view token) const {
    return *verifier_.Explain(token, policy_, {}, kTestNow);
  }

 private:
  // No two payloads are the same; their lengths, modulo 3, are all there are.
  static std::string Claims(Algorithm algorithm, int index) {
    return absl::StrFormat(
        R"({"iss":"https://issuer.example","sub":"alice","aud":"service",)"
        R"("exp":1800000600,"jti":"%s-%d","padding":"%s"})",
        std::string(AlgorithmName(algorithm)), index, std::string(index, 'x'));
  }

  static ValidationPolicy MakePolicy() {
    ValidationPolicyOptions options;
    options.name = "everything";
    options.issuers = {"https://issuer.example"};
    options.audiences = {"service"};
    for (const Algorithm algorithm : kAllAlgorithms) {
      options.algorithms.Add(algorithm);
    }
    return *ValidationPolicy::Create(options);
  }

  TestIssuer issuer_;
  JwtVerifier verifier_;
  ValidationPolicy policy_ = MakePolicy();
  std::vector<std::string> tokens_;
};

const World& TheWorld() {
  static const World& world = *new World;
  return world;
}

std::vector<Mutation> AllMutations() {
  std::vector<Mutation> all;
  for (const auto& mutations :
       {TextMutations(), ContentMutations(), SignatureMutations()}) {
    all.insert(all.end(), mutations.begin(), mutations.end());
  }
  return all;
}

// Whether two tokens decode to the same bytes; false if one does not decode.
bool DecodesAlike(absl::string_view a, absl::string_view b) {
  const auto decode = [](absl::string_view token) {
    const TokenParts parts = SplitParts(token);
    return std::make_tuple(Base64UrlDecode(parts.header),
                           Base64UrlDecode(parts.payload),
                           Base64UrlDecode(parts.signature));
  };
  return std::count(a.begin(), a.end(), '.') == 2 && decode(a) == decode(b);
}

class MutationTest : public ::testing::TestWithParam<Algorithm> {};

TEST_P(MutationTest, AcceptsTheTokensBeforeTheyAreChanged) {
  for (const std::string& token : TheWorld().TokensOf(GetParam())) {
    const Verdict verdict = TheWorld().Judge(token);
    EXPECT_TRUE(verdict.ok()) << token << ": " << verdict.rejection().detail;
  }
}

// Judges one changed token, and returns why it was refused.
RejectionReason ExpectRefused(const std::string& original,
                              const std::string& changed,
                              absl::string_view mutation) {
  EXPECT_FALSE(DecodesAlike(changed, original))
      << mutation << ": a second spelling\n"
      << original << "\n"
      << changed;
  const Verdict verdict = TheWorld().Judge(changed);
  EXPECT_FALSE(verdict.ok()) << mutation << ": accepted\n"
                             << original << "\n"
                             << changed;
  return verdict.ok() ? RejectionReason::kMalformed
                      : verdict.rejection().reason;
}

TEST_P(MutationTest, RefusesEveryChangedToken) {
  const World& world = TheWorld();
  const Algorithm algorithm = GetParam();
  const SigningKey& key = world.issuer().key(algorithm);
  const std::vector<Mutation> mutations = AllMutations();
  const absl::flat_hash_set<std::string> valid(world.tokens().begin(),
                                               world.tokens().end());
  SeededRandom random(Seed() + static_cast<uint64_t>(algorithm));
  std::map<RejectionReason, int> reasons;
  std::map<absl::string_view, int> applied;
  int count = 0;
  for (size_t turn = 0; count < MutationsFor(algorithm); ++turn) {
    const Mutation& mutation = mutations[turn % mutations.size()];
    const std::string& original = random.OneOf(world.TokensOf(algorithm));
    const std::string changed =
        mutation.mutate({original, key, world.tokens()}, random);
    if (valid.contains(changed)) continue;  // It did not apply.
    ++reasons[ExpectRefused(original, changed, mutation.name)];
    ++applied[mutation.name];
    ++count;
    if (HasFailure()) break;  // One token says enough.
  }
  // Only an HMAC key has no public half to be taken for its secret.
  EXPECT_EQ(applied.size(),
            mutations.size() - (IsAsymmetric(algorithm) ? 0 : 1));
  std::cout << "[ MUTATION ] " << std::string(AlgorithmName(algorithm))
            << ": seed " << Seed() << ", " << count
            << " changed tokens refused, "
            << reasons[RejectionReason::kSignatureInvalid]
            << " of them for the signature" << std::endl;
}

TEST_P(MutationTest, ExplainsChangedTokensAsItJudgesThem) {
  const World& world = TheWorld();
  const Algorithm algorithm = GetParam();
  SeededRandom random(Seed() ^ static_cast<uint64_t>(algorithm));
  for (int i = 0; i < 200; ++i) {
    const std::vector<Mutation> mutations = AllMutations();
    const Mutation& mutation = mutations[random.Below(mutations.size())];
    const std::string changed =
        mutation.mutate({random.OneOf(world.TokensOf(algorithm)),
                         world.issuer().key(algorithm), world.tokens()},
                        random);
    const Verdict verdict = world.Judge(changed);
    const Explanation explanation = world.Explain(changed);
    ASSERT_EQ(verdict.ok(), explanation.verdict.ok()) << changed;
    if (verdict.ok()) continue;
    EXPECT_EQ(verdict.rejection().reason,
              explanation.verdict.rejection().reason);
    EXPECT_EQ(verdict.rejection().claim, explanation.verdict.rejection().claim);
  }
}

using EcdsaTwinTest = MutationTest;

TEST_P(EcdsaTwinTest, AcceptsNegatedSignatureAsTheSameToken) {
  const World& world = TheWorld();
  for (const std::string& token : world.TokensOf(GetParam())) {
    const std::string negated = NegateS(world.issuer().key(GetParam()), token);
    ASSERT_NE(negated, token);
    const Verdict original = world.Judge(token);
    const Verdict second = world.Judge(negated);
    ASSERT_TRUE(original.ok());
    // Which is why revocation goes by what a token says, not by its bytes.
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(second->claims().registered().jwt_id,
              original->claims().registered().jwt_id);
  }
}

std::string NameOf(const ::testing::TestParamInfo<Algorithm>& test) {
  return std::string(AlgorithmName(test.param));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, MutationTest,
                         ::testing::ValuesIn(kAllAlgorithms), NameOf);
INSTANTIATE_TEST_SUITE_P(Algorithms, EcdsaTwinTest,
                         ::testing::Values(Algorithm::kEs256, Algorithm::kEs384,
                                           Algorithm::kEs512),
                         NameOf);

}  // namespace
}  // namespace signet
