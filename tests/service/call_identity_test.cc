#include "service/call_identity.h"

#include <gtest/gtest.h>

#include <string>

namespace signet {
namespace {

TEST(CallIdentityTest, KnowsRequestIds) {
  for (const std::string& good :
       {std::string("a"), std::string("7f0c1e2a-5b6d-4c3e-9f80-123456789abc"),
        std::string("A_z-09"), std::string(64, 'x'), NewRequestId()}) {
    EXPECT_TRUE(IsRequestId(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string(65, 'x'), std::string("a b"),
        std::string("eyJhbGciOiJFUzI1NiJ9.e30.AAAA"), std::string("a\nb"),
        std::string("\"}"), std::string("\xC3\xA9"), std::string(1, '\0')}) {
    EXPECT_FALSE(IsRequestId(bad)) << bad;
  }
  EXPECT_EQ(NewRequestId().size(), 32);
  EXPECT_NE(NewRequestId(), NewRequestId());
}

TEST(CallIdentityTest, KnowsTraceparents) {
  const std::string good =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_TRUE(IsTraceparent(good));
  EXPECT_TRUE(IsTraceparent("cc" + good.substr(2)));
  for (const std::string& bad : {
           std::string(),
           good + "-",
           good.substr(1),
           "ff" + good.substr(2),
           "0A" + good.substr(2),
           "00_" + good.substr(3),
           "00-" + std::string(32, '0') + good.substr(35),
           good.substr(0, 36) + std::string(16, '0') + "-01",
           good.substr(0, 53) + "0x",
           "00-0AF7651916cd43dd8448eb211c80319c" + good.substr(35),
       }) {
    EXPECT_FALSE(IsTraceparent(bad)) << bad;
  }
}

}  // namespace
}  // namespace signet
