#include "service/listen_address.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace signet {
namespace {

using namespace std::string_literals;

TEST(ListenAddressTest, KnowsWhatOnlyThisMachineReaches) {
  struct Case {
    std::string text;
    std::string target;
    bool is_loopback;
  };
  const Case cases[] = {
      {"127.0.0.1:7410", "127.0.0.1:7410", true},
      {"127.0.0.1:0", "127.0.0.1:0", true},
      {"127.255.255.254:65535", "127.255.255.254:65535", true},
      {"[::1]:7410", "[::1]:7410", true},
      {"[0:0:0:0:0:0:0:1]:7410", "[::1]:7410", true},
      {"[::ffff:127.0.0.1]:7410", "[::ffff:127.0.0.1]:7410", true},
      {"[::FFFF:7F01:0203]:7410", "[::ffff:127.1.2.3]:7410", true},
      {"localhost:7410", "localhost:7410", true},
      {"LocalHost:7410", "LocalHost:7410", true},
      {"localhost:07410", "localhost:7410", true},
      {"unix:/run/signet.sock", "unix:/run/signet.sock", true},
      {"unix:data/signet.sock", "unix:data/signet.sock", true},
      {"unix:/tmp/100%.sock", "unix:/tmp/100%25.sock", true},
      {"unix:a%41b:7410", "unix:a%2541b:7410", true},
      {"unix:a?b#c", "unix:a%3Fb%23c", true},

      {"0.0.0.0:7410", "0.0.0.0:7410", false},
      {"[::]:7410", "[::]:7410", false},
      {"[::ffff:0.0.0.0]:7410", "[::ffff:0.0.0.0]:7410", false},
      {"[::ffff:10.0.0.1]:7410", "[::ffff:10.0.0.1]:7410", false},
      {"[::127.0.0.1]:7410", "[::127.0.0.1]:7410", false},
      {"[::2]:7410", "[::2]:7410", false},
      {"[2001:DB8::1]:7410", "[2001:db8::1]:7410", false},
      {"126.0.0.1:7410", "126.0.0.1:7410", false},
      {"128.0.0.1:7410", "128.0.0.1:7410", false},
      {"10.0.0.127:7410", "10.0.0.127:7410", false},
      {"localhost.example:7410", "localhost.example:7410", false},
      {"signet.example:7410", "signet.example:7410", false},
      {"3f2a9c:7410", "3f2a9c:7410", false},
      {"my_service-1:7410", "my_service-1:7410", false},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<ListenAddress> address = ListenAddress::Parse(c.text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->ToGrpcTarget(), c.target);
    EXPECT_EQ(address->is_loopback(), c.is_loopback) << c.text;
    // A person sees a path as it was written, and gRPC encoded.
    const bool is_unix = c.text.substr(0, 5) == "unix:";
    EXPECT_EQ(address->is_unix_socket(), is_unix) << c.text;
    EXPECT_EQ(address->text(), is_unix ? c.text : c.target);
  }
}

TEST(ListenAddressTest, HasParts) {
  const struct {
    const char* text;
    const char* host;
    int port;
    const char* with_port_1;
  } kCases[] = {
      {"127.0.0.1:7410", "127.0.0.1", 7410, "127.0.0.1:1"},
      {"[0:0::1]:0", "::1", 0, "[::1]:1"},
      {"localhost:65535", "localhost", 65535, "localhost:1"},
  };
  for (const auto& c : kCases) {
    const ListenAddress address = *ListenAddress::Parse(c.text);
    EXPECT_EQ(address.host(), c.host);
    EXPECT_EQ(address.port(), c.port);
    EXPECT_EQ(address.TextWith(1), c.with_port_1);
  }
  const ListenAddress socket = *ListenAddress::Parse("unix:/run/a:b");
  EXPECT_EQ(socket.unix_path(), "/run/a:b");
  EXPECT_EQ(socket.TextWith(1), "unix:/run/a:b");
}

TEST(ListenAddressTest, SaysWhatIsWrong) {
  struct Case {
    std::string text;
    std::string wrong;
  };
  const std::string nul = "there is a NUL in it";
  const std::string no_port = "the port is missing";
  const std::string bad_port = "the port is not from 0 to 65535";
  const std::string bad_ipv6 = "the host is not an IPv6 address";
  const std::string bad_host =
      "the host is neither an IPv4 address nor a host name";
  const Case cases[] = {
      {"", no_port},
      {"localhost", no_port},
      {"127.0.0.1", no_port},
      {":7410", "the host is missing"},
      {"localhost:", bad_port},
      {"localhost:65536", bad_port},
      {"localhost:-1", bad_port},
      {"localhost:+80", bad_port},
      {"localhost: 80", bad_port},
      {"localhost:80 ", bad_port},
      {"localhost:http", bad_port},
      {"localhost:0x50", bad_port},
      {"localhost:000080", bad_port},
      {"[::1]", bad_port},
      {"::1:7410", "an IPv6 address needs brackets"},
      {"http://localhost:7410", "an IPv6 address needs brackets"},
      {"[]:7410", bad_ipv6},
      {"[127.0.0.1]:7410", bad_ipv6},
      {"[localhost]:7410", bad_ipv6},
      {"[::1%lo]:7410", bad_ipv6},
      {"[::1\0]:7410"s, nul},
      {"[::1:7410", "an IPv6 address needs brackets"},
      {"127.1:7410", bad_host},
      {"256.0.0.1:7410", bad_host},
      {"127.0.0.1.:7410", bad_host},
      {"127.0.0.01:7410", bad_host},
      {"2130706433:7410", bad_host},
      {"0x7f000001:7410", bad_host},
      {"0x7f.0.0.0X1:7410", bad_host},
      {"127.0.0.1 :7410", bad_host},
      {"127.0.0.1\0:7410"s, nul},
      {"local%68ost:7410", bad_host},
      {"a..b:7410", bad_host},
      {"-a:7410", bad_host},
      {"*:7410", bad_host},
      {std::string(64, 'a') + ":7410", bad_host},
      {"unix:", "the path is missing"},
      {"unix:a\0b"s, nul},
      {"unix:" + std::string(108, 'a'), "the path is longer than 107 bytes"},
  };
  for (const Case& c : cases) {
    const absl::Status status = ListenAddress::Parse(c.text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    const std::string message(status.message());
    EXPECT_NE(message.find("\": " + c.wrong + "; expected HOST:PORT, "),
              std::string::npos)
        << message;
  }
}

TEST(ListenAddressTest, ErrorsQuoteTheAddress) {
  EXPECT_EQ(std::string(ListenAddress::Parse("a\nb").status().message()),
            "\"a\\nb\": the port is missing; expected HOST:PORT, [IPV6]:PORT "
            "or unix:PATH");
}

TEST(ListenAddressTest, AcceptsTheLongestPathOfASocket) {
  EXPECT_TRUE(ListenAddress::Parse("unix:" + std::string(107, 'a')).ok());
}

}  // namespace
}  // namespace signet
