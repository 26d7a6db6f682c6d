// What comes of everything that the name of a host may resolve to. The process
// asks this file for addresses, and not the system.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "fetch/fetch_url.h"
#include "tests/fetch/fetch_now.h"
#include "tests/fetch/hostile_server.h"

namespace signet {
namespace {

// Resolver is what getaddrinfo does in this process.
class Resolver {
 public:
  static Resolver& Get() {
    static Resolver resolver;
    return resolver;
  }

  // The addresses of every name from now on, IPv4 only.
  void ResolveTo(std::vector<std::string> addresses) {
    const std::lock_guard lock(mutex_);
    addresses_ = std::move(addresses);
  }

  // From now on, look-ups of "slow.example" wait for Release.
  void Hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }

  // Lets them go on, and waits until none is left.
  void Release() {
    std::unique_lock lock(mutex_);
    held_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return waiting_ == 0; });
  }

  std::vector<std::string> Resolve(const std::string& name) {
    std::unique_lock lock(mutex_);
    if (name == "slow.example") {
      ++waiting_;
      changed_.wait(lock, [this] { return !held_; });
      --waiting_;
      changed_.notify_all();
    }
    return addresses_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> addresses_;
  bool held_ = false;
  int waiting_ = 0;
};

addrinfo* NewAddress(const std::string& address, int port) {
  auto* const ipv4 = new sockaddr_in();
  ipv4->sin_family = AF_INET;
  ipv4->sin_port = htons(static_cast<uint16_t>(port));
  EXPECT_EQ(inet_pton(AF_INET, address.c_str(), &ipv4->sin_addr), 1);
  auto* const info = new addrinfo();
  info->ai_family = AF_INET;
  info->ai_socktype = SOCK_STREAM;
  info->ai_protocol = IPPROTO_TCP;
  info->ai_addrlen = sizeof(*ipv4);
  info->ai_addr = reinterpret_cast<sockaddr*>(ipv4);
  return info;
}

}  // namespace
}  // namespace signet

// They take the place of the C library's functions, under names of their own:
// the library's declarations have other parameters' names.
extern "C" int SignetGetAddrInfo(const char* name, const char* service,
                                 const addrinfo* hints,
                                 addrinfo** result) __asm__("getaddrinfo");
extern "C" void SignetFreeAddrInfo(addrinfo* info) __asm__("freeaddrinfo");

int SignetGetAddrInfo(const char* name, const char* service,
                      const addrinfo* /*hints*/, addrinfo** result) {
  *result = nullptr;
  addrinfo** end = result;
  for (const std::string& address : signet::Resolver::Get().Resolve(name)) {
    int port = 0;
    EXPECT_TRUE(service == nullptr || absl::SimpleAtoi(service, &port));
    *end = signet::NewAddress(address, port);
    end = &(*end)->ai_next;
  }
  return *result == nullptr ? EAI_NONAME : 0;
}

void SignetFreeAddrInfo(addrinfo* info) {
  while (info != nullptr) {
    delete reinterpret_cast<sockaddr_in*>(info->ai_addr);
    delete std::exchange(info, info->ai_next);
  }
}

namespace signet {
namespace {

constexpr char kBody[] = R"({"keys":[]})";

class NameResolutionTest : public testing::Test {
 protected:
  NameResolutionTest() { server_.On("/", Replies(JsonReply(kBody))); }

  FetchRequest Request(const std::string& host,
                       const FetchOptions& options = FetchOptions()) const {
    const std::string url =
        absl::StrCat("http://", host, ":", server_.port(), "/");
    return {.url = *FetchUrl::Parse(url, PlainHttp::kAllowed),
            .options = std::make_shared<const FetchOptions>(options)};
  }

  HostileServer server_;
  std::unique_ptr<Fetcher> fetcher_ = NewFetcher();
};

TEST_F(NameResolutionTest, TriesTheAddressesOfAName) {
  Resolver::Get().ResolveTo({"127.0.0.1"});
  EXPECT_TRUE(FetchNow(*fetcher_, Request("issuer.example")).ok());
  // Nobody listens at the first.
  Resolver::Get().ResolveTo({"127.0.0.2", "127.0.0.1"});
  EXPECT_TRUE(FetchNow(*fetcher_, Request("issuer.example")).ok());
}

TEST_F(NameResolutionTest, SaysWhenANameHasNoAddress) {
  Resolver::Get().ResolveTo({});
  const absl::Status status =
      FetchNow(*fetcher_, Request("issuer.example")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(status.message(),
                                "the host's name has no address now"));
}

TEST_F(NameResolutionTest, NamesDoNotGetAroundTheRules) {
  FetchOptions options;
  options.addresses.private_addresses = PrivateAddresses::kDenied;
  for (const char* address :
       {"127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0"}) {
    Resolver::Get().ResolveTo({address});
    const absl::Status status =
        FetchNow(*fetcher_, Request("issuer.example", options)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << address;
    EXPECT_TRUE(
        absl::StrContains(status.message(), "the host has a private address"));
  }
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(NameResolutionTest, WhatANameWasBeforeDoesNotCount) {
  FetchOptions options;
  Resolver::Get().ResolveTo({"127.0.0.1"});
  EXPECT_TRUE(FetchNow(*fetcher_, Request("issuer.example", options)).ok());
  Resolver::Get().ResolveTo({});
  EXPECT_FALSE(FetchNow(*fetcher_, Request("issuer.example", options)).ok());
}

TEST_F(NameResolutionTest, LocalhostIsThisMachineWhateverTheResolverSays) {
  Resolver::Get().ResolveTo({"192.0.2.1"});
  const std::string url =
      absl::StrCat("http://localhost:", server_.port(), "/");
  EXPECT_TRUE(FetchNow(*fetcher_, RequestFor(url)).ok());
}

TEST_F(NameResolutionTest, ALookUpThatHangsKeepsNobodyWaiting) {
  Resolver::Get().ResolveTo({"127.0.0.1"});
  Resolver::Get().Hold();
  FetchOptions impatient;
  impatient.limits.timeout = absl::Milliseconds(100);
  const PendingAnswer slow(*fetcher_, Request("slow.example", impatient));
  const absl::Status status = slow.Get().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(
      absl::StrContains(status.message(), "not complete within the time limit"))
      << status;
  // The look-up still hangs.
  EXPECT_TRUE(FetchNow(*fetcher_, Request("issuer.example")).ok());
  const PendingAnswer unfinished(*fetcher_, Request("slow.example"));
  fetcher_.reset();
  EXPECT_EQ(unfinished.Get().status().code(), absl::StatusCode::kCancelled);
  Resolver::Get().Release();
}

}  // namespace
}  // namespace signet
