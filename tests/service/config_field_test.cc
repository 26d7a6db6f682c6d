#include "service/config_field.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "jose/algorithm.h"

namespace signet {
namespace {

TEST(ConfigField, StandsBeforeTheProblemAndBeforeTheFieldsWithinIt) {
  const absl::Status missing = absl::NotFoundError("/k.pem: cannot be opened");
  EXPECT_EQ(
      InField("issuers[0]", AtField("keys[1]", missing)),
      absl::NotFoundError("issuers[0].keys[1]: /k.pem: cannot be opened"));
}

TEST(ConfigField, LeavesAStatusThatIsOkAsItIs) {
  EXPECT_EQ(AtField("keys[1]", absl::OkStatus()), absl::OkStatus());
  EXPECT_EQ(InField("issuers[0]", absl::OkStatus()), absl::OkStatus());
}

TEST(ConfigField, ReadsAlgorithmsByTheirExactNames) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    EXPECT_EQ(AlgorithmAtField("f", AlgorithmName(algorithm)).value(),
              algorithm);
  }
  for (const char* name : {"", "none", "es256", "ES256K", "RSA-OAEP", "HS1"}) {
    EXPECT_EQ(AlgorithmAtField("f", name).status(),
              absl::InvalidArgumentError(
                  "f: not an algorithm that Signet knows; it knows HS, RS, PS "
                  "and ES with 256, 384 and 512, and EdDSA"));
  }
}

TEST(ConfigField, ResolvesRelativePathsFromTheFolder) {
  EXPECT_EQ(ResolvePath("/etc/signet", "k.pem"), "/etc/signet/k.pem");
  EXPECT_EQ(ResolvePath("conf", "../k.pem"), "conf/../k.pem");
  EXPECT_EQ(ResolvePath("/etc/signet", "/run/k.pem"), "/run/k.pem");
  EXPECT_EQ(ResolvePath("", "k.pem"), "k.pem");
}

}  // namespace
}  // namespace signet
