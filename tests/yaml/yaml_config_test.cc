#include "service/yaml/yaml_config.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "signet/config/v1/config.pb.h"

namespace signet {
namespace {

constexpr absl::string_view kEveryPart = R"(# Two issuers.
listen:
  address: 0.0.0.0:7410
  tls: {certificate_file: tls/cert.pem, private_key_file: tls/key.pem}
  allow_anonymous_beyond_loopback: true
issuers:
  - issuer: https://auth.example
    signing:
      generate: [ES256, "EdDSA"]
      default_lifetime: 5m
      max_lifetime: 1h30m
  - issuer: https://other.example
    keys:
      - jwk_file: other.jwks
      - {pem_file: other.pem, key_id: "2024", algorithm: RS256}
policies:
  - name: orders
    issuers: [https://auth.example]
    kind: ACCESS_TOKEN
    audiences: [https://orders.example]
    clock_skew: 90s
limits:
  max_batch_size: 256
data_folder: data
)";

constexpr char kEveryPartAsMessage[] = R"pb(
  listen {
    address: "0.0.0.0:7410"
    tls { certificate_file: "tls/cert.pem" private_key_file: "tls/key.pem" }
    allow_anonymous_beyond_loopback: true
  }
  issuers {
    issuer: "https://auth.example"
    signing {
      generate: "ES256"
      generate: "EdDSA"
      default_lifetime { seconds: 300 }
      max_lifetime { seconds: 5400 }
    }
  }
  issuers {
    issuer: "https://other.example"
    keys { jwk_file: "other.jwks" }
    keys { pem_file: "other.pem" key_id: "2024" algorithm: "RS256" }
  }
  policies {
    name: "orders"
    issuers: "https://auth.example"
    kind: TOKEN_KIND_ACCESS_TOKEN
    audiences: "https://orders.example"
    clock_skew { seconds: 90 }
  }
  limits { max_batch_size: 256 }
  data_folder: "data"
)pb";

void ExpectEveryPart(const absl::StatusOr<config::v1::ServerConfig>& config) {
  ASSERT_TRUE(config.ok()) << config.status();
  config::v1::ServerConfig expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kEveryPartAsMessage,
                                                            &expected));
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(*config, expected))
      << config->DebugString();
}

std::string WriteFile(absl::string_view name, absl::string_view content) {
  std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

TEST(YamlConfigTest, ReadsEveryPart) {
  ExpectEveryPart(ParseServerConfig(kEveryPart, "signet.yaml"));
}

TEST(YamlConfigTest, LoadsFiles) {
  ExpectEveryPart(LoadServerConfig(WriteFile("signet.yaml", kEveryPart)));
}

TEST(YamlConfigTest, SaysWhereAndWhatIsWrong) {
  struct Case {
    absl::string_view yaml;
    std::string error;
  };
  const Case cases[] = {
      {"issuers:\n- signing:\n    max_liftime: 1h\n",
       "signet.yaml:3:5: issuers[0].signing.max_liftime: unknown field; did "
       "you mean \"max_lifetime\"?"},
      {"policies:\n- kind: ACCESS\n",
       "signet.yaml:2:9: policies[0].kind: unknown value \"ACCESS\"; expected "
       "one of ACCESS_TOKEN, ID_TOKEN, JWT"},
      {"policies:\n- kind: TOKEN_KIND_JWT\n",
       "signet.yaml:2:9: policies[0].kind: unknown value \"TOKEN_KIND_JWT\"; "
       "expected one of ACCESS_TOKEN, ID_TOKEN, JWT"},
      {"issuers:\n- keys:\n  - jwk_file: a\n    pem_file: b\n",
       "signet.yaml:4:5: issuers[0].keys[0].pem_file: given together with "
       "jwk_file; expected only one of them"},
      {"limits:\n  max_batch_size: 4294967296\n",
       "signet.yaml:2:19: limits.max_batch_size: expected a whole number from "
       "0 to 4294967295, not \"4294967296\""},
      {"data_folder: a\ndata_folder: b\n",
       "signet.yaml:2:1: data_folder: given twice; first in line 1"},
      {"listen: [",
       "signet.yaml:2:1: not YAML: end of sequence flow not found"},
      {"", "signet.yaml:1:1: expected a YAML document, found nothing"},
  };
  for (const Case& c : cases) {
    const absl::Status status =
        ParseServerConfig(c.yaml, "signet.yaml").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.yaml;
    EXPECT_EQ(std::string(status.message()), c.error);
  }
}

TEST(YamlConfigTest, NamesTheFileInErrors) {
  const std::string path = WriteFile("wrong.yaml", "lissten: {}");
  EXPECT_EQ(std::string(LoadServerConfig(path).status().message()),
            path + ":1:1: lissten: unknown field; did you mean \"listen\"?");
}

TEST(YamlConfigTest, RefusesFilesOverOneMebibyte) {
  std::string yaml = "data_folder: data\n#";
  yaml.resize(1 << 20, '#');
  EXPECT_TRUE(LoadServerConfig(WriteFile("largest.yaml", yaml)).ok());
  const std::string path = WriteFile("too_large.yaml", yaml + "#");
  EXPECT_EQ(LoadServerConfig(path).status(),
            absl::InvalidArgumentError(path + ": is larger than 1 MiB"));
  EXPECT_EQ(std::string(LoadServerConfig("/dev/zero").status().message()),
            "/dev/zero: is not a regular file");
}

TEST(YamlConfigTest, ReportsFilesThatCannotBeRead) {
  EXPECT_EQ(LoadServerConfig("/nowhere/signet.yaml").status(),
            absl::NotFoundError("/nowhere/signet.yaml: cannot be opened: No "
                                "such file or directory"));
  EXPECT_EQ(std::string(LoadServerConfig("/").status().message()),
            "/: is not a regular file");
}

TEST(YamlConfigTest, ShowsWhereTheFileHasWhatAProblemIsAbout) {
  const std::string path = WriteFile("located.yaml",
                                     "issuers:\n"
                                     "  - issuer: a\n"
                                     "policies:\n"
                                     "  - name: p\n"
                                     "    clock_skew: 6m\n");
  const struct {
    std::string problem;
    std::string located;
  } cases[] = {
      {"policies[0].clock_skew: too long", ":5:17: "},
      {"policies[0].kind: is required", ":4:5: "},
      {"issuers[0].issuer: is bad", ":2:13: "},
      {"issuers: none", ":2:3: "},
      // Names that merely begin alike, and fields that are not there.
      {"issuers_too: bad", ": "},
      {"limits.max_rsa_bits: bad", ": "},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(LocateProblem(path, absl::InvalidArgumentError(c.problem)),
              absl::InvalidArgumentError(path + c.located + c.problem));
  }
}

}  // namespace
}  // namespace signet
