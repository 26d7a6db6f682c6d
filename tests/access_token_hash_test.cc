#include "keys/access_token_hash.h"

#include "gtest/gtest.h"
#include "jose/base64url.h"

namespace signet {
namespace {

TEST(AccessTokenHashTest, MatchesTheExampleOfOpenIdConnect) {
  // OpenID Connect Core, appendix A.3.
  EXPECT_EQ(AccessTokenHash(Algorithm::kRs256,
                            "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ");
}

TEST(AccessTokenHashTest, IsHalfOfTheAlgorithmsHash) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const std::string name(AlgorithmName(algorithm));
    const size_t bits =
        algorithm == Algorithm::kEdDsa ? 512 : std::stoul(name.substr(2));
    const auto bytes = Base64UrlDecode(AccessTokenHash(algorithm, "token"));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), bits / 16) << name;
  }
}

}  // namespace
}  // namespace signet
