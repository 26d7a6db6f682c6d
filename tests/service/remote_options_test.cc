#include "service/remote_options.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/server_setup.h"
#include "service/yaml/yaml_config.h"

namespace signet {
namespace {

using ::testing::StartsWith;

config::v1::ServerConfig Config(const std::string& issuer) {
  return ParseServerConfig(
             absl::StrCat("issuers: [{issuer: \"https://id.example\", ", issuer,
                          "}]"),
             "signet.yaml")
      .value();
}

std::string Problem(const std::string& issuer) {
  return std::string(
      BuildServerSetup(Config(issuer), "/nowhere").status().message());
}

RemoteOptions Read(const std::string& remote) {
  return ReadRemoteOptions(
             Config(absl::StrCat("remote: {", remote, "}")).issuers(0),
             {"/nowhere", {}})
      .value();
}

TEST(RemoteOptionsTest, SayWhereKeysAre) {
  const RemoteOptions by_discovery =
      Read("discovery_url: \"https://id.example/a/\"");
  ASSERT_EQ(by_discovery.metadata_urls.size(), 2);
  EXPECT_EQ(by_discovery.metadata_urls[0].text(),
            "https://id.example/a/.well-known/openid-configuration");
  EXPECT_FALSE(by_discovery.jwks_url);
  const RemoteOptions direct = Read("jwks_url: \"https://id.example/keys\"");
  EXPECT_EQ(direct.jwks_url->text(), "https://id.example/keys");
}

TEST(RemoteOptionsTest, SayHowTheyAreFetched) {
  const RemoteOptions options = Read(R"(
    jwks_url: "http://id.example/keys", algorithm: RS256,
    allow_plain_http_beyond_loopback: true, deny_private_addresses: true,
    address_family: IPV6, min_refresh_interval: 5m, max_refresh_interval: 2h,
    max_staleness: 3h, unknown_key_cooldown: 1m, timeout: 2s,
    max_body_bytes: 4096)");
  EXPECT_EQ(options.jwk.default_algorithm, Algorithm::kRs256);
  EXPECT_EQ(options.fetch->addresses.families, AddressFamilies::kIpv6Only);
  EXPECT_EQ(options.fetch->addresses.private_addresses,
            PrivateAddresses::kDenied);
  EXPECT_EQ(options.fetch->limits.timeout, absl::Seconds(2));
  EXPECT_EQ(options.fetch->limits.connect_timeout, absl::Seconds(2));
  EXPECT_EQ(options.fetch->limits.max_body_bytes, 4096);
  EXPECT_EQ(options.refresh.min_interval, absl::Minutes(5));
  EXPECT_EQ(options.refresh.max_interval, absl::Hours(2));
  EXPECT_EQ(options.refresh.max_staleness, absl::Hours(3));
  EXPECT_EQ(options.refresh.unknown_key_cooldown, absl::Minutes(1));
}

TEST(RemoteOptionsTest, TakeOneLimitAloneForAClearWish) {
  EXPECT_EQ(Read("jwks_url: \"https://a/\", min_refresh_interval: 5h")
                .refresh.max_interval,
            absl::Hours(5));
  EXPECT_EQ(Read("jwks_url: \"https://a/\", max_refresh_interval: 1s")
                .refresh.min_interval,
            absl::Seconds(1));
  EXPECT_EQ(Read("jwks_url: \"https://a/\", max_refresh_interval: 48h")
                .refresh.max_staleness,
            absl::Hours(48));
}

TEST(RemoteOptionsTest, AreRefusedWithTheFieldAtFault) {
  const struct {
    const char* issuer;
    const char* problem;
  } kCases[] = {
      {"remote: {}",
       "issuers[0].remote.discovery_url: one of discovery_url and jwks_url is "
       "required"},
      {"remote: {jwks_url: \"http://id.example/\"}",
       "issuers[0].remote.jwks_url: "},
      {"remote: {jwks_url: \"file:///etc/passwd\"}",
       "issuers[0].remote.jwks_url: "},
      {"remote: {discovery_url: \"https://id.example/?a\"}",
       "issuers[0].remote.discovery_url: a provider's URL has no query"},
      {"remote: {jwks_url: \"https://a/\", algorithm: none}",
       "issuers[0].remote.algorithm: "},
      {"remote: {jwks_url: \"https://a/\", ca_file: missing.pem}",
       "issuers[0].remote.ca_file: /nowhere/missing.pem: "},
      {"remote: {jwks_url: \"https://a/\", timeout: 61s}",
       "issuers[0].remote.timeout: must be positive, at most 1m"},
      {"remote: {jwks_url: \"https://a/\", timeout: 0s}",
       "issuers[0].remote.timeout: must be a positive duration"},
      {"remote: {jwks_url: \"https://a/\", max_body_bytes: 1048577}",
       "issuers[0].remote.max_body_bytes: at most 1048576"},
      {"remote: {jwks_url: \"https://a/\", max_staleness: 1m}",
       "issuers[0].remote.max_staleness: is shorter than "
       "max_refresh_interval"},
      {"remote: {jwks_url: \"https://a/\", unknown_key_cooldown: 0s}",
       "issuers[0].remote.unknown_key_cooldown: must be a positive duration"},
      {"remote: {jwks_url: \"https://a/\"}, signing: {generate: [EdDSA]}",
       "issuers[0].remote: an issuer whose keys are fetched has neither keys "
       "nor signing"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Problem(c.issuer), StartsWith(c.problem)) << c.issuer;
  }
}

}  // namespace
}  // namespace signet
