#include "fetch/address_rules.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "fetch/ip_address.h"

namespace signet {
namespace {

using namespace std::string_literals;

TEST(IpAddressTest, KnowsWhichAddressesArePublic) {
  for (const char* text :
       {"1.1.1.1",          "8.8.8.8",        "9.255.255.255",
        "11.0.0.0",         "100.63.255.255", "100.128.0.0",
        "126.255.255.255",  "128.0.0.0",      "169.253.255.255",
        "169.255.0.0",      "172.15.255.255", "172.32.0.0",
        "192.0.1.0",        "192.0.3.0",      "192.167.255.255",
        "192.169.0.0",      "198.17.255.255", "198.20.0.0",
        "223.255.255.255",  "2000::",         "2001:200::1",
        "2606:4700::1111",  "3ffe:ffff::1",   "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1", "2002:101:101::1"}) {
    EXPECT_TRUE(IpAddress::Parse(text)->IsPublic()) << text;
  }
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.0",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.0",
                           "169.254.169.254",
                           "172.16.0.0",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.0",
                           "192.168.255.255",
                           "198.18.0.0",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::2",
                           "::127.0.0.1",
                           "::1.1.1.1",
                           "100::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "1fff:ffff::1",
                           "4000::1",
                           "2001::1",
                           "2001:1ff:ffff::1",
                           "2001:db8::1",
                           "3fff::1",
                           "3fff:fff:ffff::1",
                           "5f00::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "::ffff:0.0.0.0",
                           "64:ff9b::10.0.0.1",
                           "64:ff9b::127.0.0.1",
                           "64:ff9b:1::1.1.1.1",
                           "2002:7f00:1::1",
                           "2002:a00:1::1",
                           "2002:c0a8:101::1"}) {
    EXPECT_FALSE(IpAddress::Parse(text)->IsPublic()) << text;
  }
}

TEST(IpAddressTest, KnowsWhichAddressesAreOfThisMachine) {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1",
                           "::ffff:127.0.0.1", "0:0:0:0:0:ffff:7f00:1"}) {
    EXPECT_TRUE(IpAddress::Parse(text)->IsLoopback()) << text;
  }
  // Others might answer to the addresses that stand for loopback elsewhere.
  for (const char* text :
       {"0.0.0.0", "::", "126.0.0.1", "128.0.0.1", "::2", "::127.0.0.1",
        "64:ff9b::127.0.0.1", "2002:7f00:1::1", "::ffff:128.0.0.1"}) {
    EXPECT_FALSE(IpAddress::Parse(text)->IsLoopback()) << text;
  }
}

TEST(IpAddressTest, ReadsOneSpellingOfIpv4Only) {
  EXPECT_EQ(IpAddress::Parse("192.0.2.1")->text(), "192.0.2.1");
  EXPECT_EQ(IpAddress::Parse("2001:DB8:0:0::1")->text(), "2001:db8::1");
  for (const std::string& text :
       {""s, "127.1"s, "0x7f.0.0.1"s, "127.0.0.01"s, "2130706433"s,
        "127.0.0.1 "s, "127.0.0.1\0"s, "[::1]"s, "fe80::1%lo"s, "localhost"s}) {
    EXPECT_FALSE(IpAddress::Parse(text).has_value()) << text;
  }
}

TEST(IpAddressTest, ReadsAddressesOfSockets) {
  sockaddr_in6 ipv6 = {};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_addr = in6addr_loopback;
  const auto& generic = reinterpret_cast<const sockaddr&>(ipv6);
  EXPECT_EQ(IpAddress::FromSocketAddress(generic, sizeof(ipv6))->text(), "::1");
  EXPECT_FALSE(IpAddress::FromSocketAddress(generic, sizeof(sockaddr_in)));
  sockaddr_in ipv4 = {};
  ipv4.sin_family = AF_INET;
  ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(IpAddress::FromSocketAddress(
                reinterpret_cast<const sockaddr&>(ipv4), sizeof(ipv4))
                ->text(),
            "127.0.0.1");
  ipv4.sin_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::FromSocketAddress(
      reinterpret_cast<const sockaddr&>(ipv4), sizeof(ipv4)));
}

TEST(AddressRulesTest, SaysWhyAnAddressIsRefused) {
  struct Case {
    AddressRules rules;
    const char* address;
    const char* refusal;
  };
  constexpr AddressRules kAll;
  constexpr AddressRules kIpv4 = {.families = AddressFamilies::kIpv4Only};
  constexpr AddressRules kIpv6 = {.families = AddressFamilies::kIpv6Only};
  constexpr AddressRules kPublic = {.private_addresses =
                                        PrivateAddresses::kDenied};
  const char* const family = "of a family that may not be connected to";
  const char* const is_private = "the host has a private address";
  const Case cases[] = {
      {kAll, "127.0.0.1", nullptr},
      {kAll, "fe80::1", nullptr},
      {kIpv4, "10.0.0.1", nullptr},
      {kIpv4, "2600::1", family},
      {kIpv4, "::ffff:1.1.1.1", family},
      {kIpv6, "2600::1", nullptr},
      {kIpv6, "1.1.1.1", family},
      {kPublic, "1.1.1.1", nullptr},
      {kPublic, "10.0.0.1", is_private},
      {kPublic, "127.0.0.1", is_private},
      {kPublic, "::1", is_private},
      {kPublic, "2600::1", nullptr},
      {kPublic, "::ffff:10.0.0.1", is_private},
  };
  for (const Case& c : cases) {
    const absl::Status status =
        CheckAddress(c.rules, *IpAddress::Parse(c.address));
    EXPECT_EQ(status.ok(), c.refusal == nullptr) << c.address << status;
    if (c.refusal == nullptr) continue;
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(absl::StrContains(status.message(), c.refusal)) << status;
  }
}

}  // namespace
}  // namespace signet
