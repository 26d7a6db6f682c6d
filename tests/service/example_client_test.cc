// The C++ client that README shows.

#include <gtest/gtest.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "examples/clients/authorize.h"
#include "grpcpp/grpcpp.h"
#include "tests/service/example_setup.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

TEST(ExampleClient, SaysYesToWhatIsGoodAndNoToAllElse) {
  RunningServer running;
  const auto stub = Connect(absl::StrCat("127.0.0.1:", running.server().port()),
                            grpc::InsecureChannelCredentials());
  const std::string token = running.Sign(AccessTokenRequest());

  const std::optional<v1::Claims> claims = Authorize(*stub, token, "access");
  ASSERT_TRUE(claims.has_value());
  EXPECT_EQ(claims->issuer(), "https://a.example");
  EXPECT_FALSE(Authorize(*stub, token, "id").has_value());
  EXPECT_FALSE(Authorize(*stub, token, "no such policy").has_value());

  running.server().Drain(absl::Seconds(10));
  EXPECT_FALSE(Authorize(*stub, token, "access").has_value());
}

}  // namespace
}  // namespace signet
