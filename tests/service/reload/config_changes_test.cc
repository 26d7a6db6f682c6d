#include "service/reload/config_changes.h"

#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/yaml/yaml_config.h"

namespace signet {
namespace {

constexpr char kBefore[] = R"(
listen: {address: "127.0.0.1:7410"}
issuers: [{issuer: a, keys: [{jwk_file: a.jwk}]}]
policies: [{name: p, kind: JWT, issuers: [a], audiences: [x]}]
limits: {max_batch_size: 10, max_message_bytes: 65536}
data_folder: data
state: {store: "sqlite:data/a.db", key_encryption_key_file: a.key}
http: {address: "127.0.0.1:8080", clients: [{client_id: c}]}
)";

// What comes of putting `after` in the place of `before` in the text above.
std::string Change(const std::string& before, const std::string& after) {
  std::string text = kBefore;
  text.replace(text.find(before), before.size(), after);
  return std::string(
      CheckChanges(ParseServerConfig(kBefore, "signet.yaml").value(),
                   ParseServerConfig(text, "signet.yaml").value())
          .message());
}

TEST(ConfigChangesTest, LetsIssuersPoliciesRightsSomeLimitsAndClientsChange) {
  for (const auto& [before, after] : {
           std::pair("a.jwk", "b.jwk"),
           std::pair("issuer: a,", "issuer: b,"),
           std::pair("audiences: [x]", "audiences: [y, z]"),
           std::pair("policies:", "policies: [] #"),
           std::pair("max_batch_size: 10", "max_batch_size: 20"),
           std::pair("max_batch_size: 10", "token_cache_bytes: 0"),
           std::pair("max_batch_size: 10", "max_rsa_bits: 8192"),
           std::pair("limits:", "log: {level: DEBUG}\nlimits:"),
           std::pair("limits:", "authorization: {}\nlimits:"),
           std::pair("limits:",
                     "sign_rates: {default_rate: {per_second: 1}}\nlimits:"),
           std::pair("client_id: c", "client_id: d"),
       }) {
    EXPECT_EQ(Change(before, after), "") << after;
  }
}

TEST(ConfigChangesTest, NamesWhatCannotChange) {
  for (const auto& [before, after, field] : {
           std::tuple("7410", "7411", "listen.address"),
           std::tuple("data_folder: data", "data_folder: other", "data_folder"),
           std::tuple("a.db", "b.db", "state.store"),
           std::tuple("a.key", "b.key", "state.key_encryption_key_file"),
           std::tuple("8080", "8081", "http.address"),
           std::tuple("http:", "http: {} #", "http.address"),
           std::tuple("65536", "65537", "limits.max_message_bytes"),
           std::tuple("max_batch_size: 10", "key_table_bytes: 0",
                      "limits.key_table_bytes"),
       }) {
    EXPECT_EQ(Change(before, after),
              absl::StrCat(field,
                           ": cannot change while the server runs; restart it"))
        << after;
  }
}

TEST(ConfigChangesTest, LetsLimitsComeAndGo) {
  const auto without = ParseServerConfig("data_folder: a", "signet.yaml");
  const auto with = ParseServerConfig(
      "{data_folder: a, limits: {max_batch_size: 1}}", "signet.yaml");
  EXPECT_TRUE(CheckChanges(*without, *with).ok());
  EXPECT_TRUE(CheckChanges(*with, *without).ok());
}

}  // namespace
}  // namespace signet
