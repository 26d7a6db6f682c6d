#include "service/listen/listening_sockets.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

absl::StatusOr<ListeningSockets> Open(const std::string& address) {
  return ListeningSockets::Open(ListenAddress::Parse(address).value());
}

absl::Status Refusal(const std::string& address, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", address, " (", why,
                   "); is the address this machine's, and is it free?"));
}

bool Exists(const std::string& path) {
  struct stat file = {};
  return lstat(path.c_str(), &file) == 0;
}

TEST(ListeningSocketsTest, HaveThePortThatTheSystemChose) {
  const auto sockets = Open("127.0.0.1:0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  EXPECT_GT(sockets->port(), 0);
  EXPECT_EQ(sockets->sockets().size(), 1);
  const std::string same = absl::StrCat("127.0.0.1:", sockets->port());
  EXPECT_EQ(Open(same).status(), Refusal(same, "Address already in use"));
}

TEST(ListeningSocketsTest, AreThoseOfAllAddressesOfAName) {
  const auto sockets = Open("localhost:0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  const std::string same = absl::StrCat("127.0.0.1:", sockets->port());
  EXPECT_EQ(Open(same).status(), Refusal(same, "Address already in use"));
}

TEST(ListeningSocketsTest, AreRefusedWhereTheAddressIsAnotherMachines) {
  EXPECT_EQ(Open("192.0.2.1:0").status(),
            Refusal("192.0.2.1:0", "Cannot assign requested address"));
  EXPECT_FALSE(Open("no-such-host.invalid:0").ok());
}

class UnixSocketTest : public testing::Test {
 protected:
  // The path of a socket must be short.
  UnixSocketTest() { EXPECT_EQ(chdir(folder_.path().c_str()), 0); }

  const TestFolder folder_;
};

TEST_F(UnixSocketTest, IsRemovedInTheEnd) {
  {
    const auto sockets = Open("unix:s");
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    EXPECT_EQ(sockets->port(), 0);
    EXPECT_TRUE(Exists("s"));
    EXPECT_EQ(Open("unix:s").status(),
              Refusal("unix:s", "Address already in use"));
    EXPECT_TRUE(Exists("s"));
  }
  EXPECT_FALSE(Exists("s"));
}

TEST_F(UnixSocketTest, TakesThePlaceOfOneThatACrashLeft) {
  {
    auto left = Open("unix:left");
    ASSERT_TRUE(left.ok());
    ASSERT_EQ(std::rename("left", "s"), 0);
  }
  ASSERT_TRUE(Exists("s"));
  EXPECT_TRUE(Open("unix:s").ok());
}

TEST_F(UnixSocketTest, TakesThePlaceOfNothingElse) {
  folder_.Write("s", "precious");
  EXPECT_EQ(Open("unix:s").status(),
            Refusal("unix:s", "Address already in use"));
  EXPECT_TRUE(Exists("s"));
}

TEST_F(UnixSocketTest, IsNotRemovedWhereAnotherTookItsPlace) {
  std::optional<ListeningSockets> first = *Open("unix:s");
  ASSERT_EQ(unlink("s"), 0);
  const auto second = Open("unix:s");
  ASSERT_TRUE(second.ok()) << second.status();
  first.reset();
  EXPECT_TRUE(Exists("s"));
}

}  // namespace
}  // namespace signet
