#include "service/server_setup.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "service/yaml/yaml_config.h"
#include "signer/jwt_signer.h"
#include "tests/service/generate_keys.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

absl::StatusOr<ServerSetup> Build(const std::string& yaml,
                                  const std::string& folder = "/nowhere") {
  const absl::StatusOr<config::v1::ServerConfig> config =
      ParseServerConfig(yaml, "signet.yaml");
  if (!config.ok()) return config.status();
  return BuildServerSetup(*config, folder);
}

struct RefusedCase {
  std::string yaml;
  const char* message;
};

void ExpectRefused(const std::vector<RefusedCase>& cases) {
  for (const RefusedCase& c : cases) {
    EXPECT_EQ(Build(c.yaml).status(), absl::InvalidArgumentError(c.message))
        << c.yaml;
  }
}

constexpr char kUnknownAlgorithm[] =
    "not an algorithm that Signet knows; it knows HS, RS, PS and ES with 256, "
    "384 and 512, and EdDSA";

TEST(ServerSetup, RefusesIssuersThatDoNotHoldTogether) {
  const std::string unknown_algorithm =
      absl::StrCat("issuers[0].signing.generate[1]: ", kUnknownAlgorithm);
  const std::string unknown_key_algorithm =
      absl::StrCat("issuers[0].keys[0].algorithm: ", kUnknownAlgorithm);
  ExpectRefused({
      {"{}", "issuers: configure at least one"},
      {"issuers: [{}]", "issuers[0].issuer: is required"},
      {"issuers: [{issuer: a}]",
       "issuers[0].keys: the issuer has none; name files, or set remote"},
      {"issuers: [{issuer: a, signing: {}}]",
       "issuers[0].signing: name keys, or algorithms to generate keys for"},
      {"issuers: [{issuer: a, signing: {generate: [EdDSA]}},"
       " {issuer: a, signing: {generate: [EdDSA]}}]",
       "issuers[1].issuer: is configured twice"},
      {"issuers: [{issuer: a, keys: [{}]}]",
       "issuers[0].keys[0]: name a jwk_file or a pem_file"},
      {"issuers: [{issuer: a, keys: [{jwk_file: k.jwk, key_id: k}]}]",
       "issuers[0].keys[0].key_id: only for pem_file; a JWK has its own"},
      {"issuers: [{issuer: a, keys: [{pem_file: k.pem, algorithm: none}]}]",
       unknown_key_algorithm.c_str()},
      {"issuers: [{issuer: a, signing: {generate: [EdDSA, ES257]}}]",
       unknown_algorithm.c_str()},
      {"issuers: [{issuer: a, signing: {generate: [ES256, EdDSA, Ed25519]}}]",
       "issuers[0].signing.generate[2]: a key for EdDSA is generated already"},
  });
}

TEST(ServerSetup, RefusesLifetimesThatMakeNoSense) {
  const auto signing = [](absl::string_view lifetimes) {
    return absl::StrCat("issuers: [{issuer: a, signing: {generate: [EdDSA], ",
                        lifetimes, "}}]");
  };
  ExpectRefused({
      {signing("max_lifetime: 0s"),
       "issuers[0].signing.max_lifetime: must be a positive duration"},
      {signing("max_lifetime: 86401s"),
       "issuers[0].signing.max_lifetime: at most 24h"},
      {signing("default_lifetime: 0s"),
       "issuers[0].signing.default_lifetime: must be a positive duration"},
      {signing("default_lifetime: 999ms"),
       "issuers[0].signing.default_lifetime: must be whole seconds, "
       "at least 1s"},
      {signing("default_lifetime: 61m"),
       "issuers[0].signing.default_lifetime: longer than max_lifetime"},
  });
}

std::string WithPolicy(absl::string_view policy) {
  return absl::StrCat(
      "issuers: [{issuer: a, signing: {generate: [EdDSA]}}]\n"
      "policies:\n  - {",
      policy, "}\n");
}

TEST(ServerSetup, RefusesPoliciesThatDoNotHoldTogether) {
  const std::string unknown_algorithm =
      absl::StrCat("policies[0].algorithms: ", kUnknownAlgorithm);
  constexpr char kGood[] = "name: p, issuers: [a], kind: JWT, audiences: [x]";
  const auto with = [&](absl::string_view more) {
    return WithPolicy(absl::StrCat(kGood, ", ", more));
  };
  ExpectRefused({
      {WithPolicy("name: p, issuers: [a], any_audience: true"),
       "policies[0].kind: is required: ACCESS_TOKEN, ID_TOKEN or JWT"},
      {WithPolicy("kind: JWT, issuers: [a], any_audience: true"),
       "policies[0].name: is required"},
      {WithPolicy("name: p, kind: JWT, any_audience: true"),
       "policies[0].issuers: name at least one"},
      {WithPolicy("name: p, kind: JWT, any_audience: true, issuers: [a, b]"),
       "policies[0].issuers: b is not configured"},
      {WithPolicy("name: p, kind: JWT, issuers: [a]"),
       "policies[0].audiences: name at least one, or set any_audience to "
       "accept tokens meant for anyone"},
      {with("any_audience: true"),
       "policies[0].any_audience: contradicts audiences; keep one of them"},
      {WithPolicy("name: p, kind: JWT, issuers: [a], audiences: ['']"),
       "policies[0].audiences: one is empty"},
      {with("algorithms: [EdDSA, none]"), unknown_algorithm.c_str()},
      {with("types: [at+jwt]"),
       "policies[0].types: at+jwt is for kind ACCESS_TOKEN"},
      {with("clock_skew: 301s"),
       "policies[0].clock_skew: must be from 0s to 5m"},
      {with("max_token_age: 0s"),
       "policies[0].max_token_age: must be a positive duration"},
      {with("max_authentication_age: 0s"),
       "policies[0].max_authentication_age: must be a positive duration"},
      {absl::StrCat(WithPolicy(kGood), "  - {", kGood, "}\n"),
       "policies[1].name: is used by another policy"},
  });
}

TEST(ServerSetup, TakesAClockSkewOfNothing) {
  const absl::StatusOr<ServerSetup> setup = Build(WithPolicy(
      "name: p, issuers: [a], kind: JWT, audiences: [x], clock_skew: 0s"));
  ASSERT_TRUE(setup.ok()) << setup.status();
  EXPECT_EQ(setup->policies.at("p").options().clock_skew, absl::ZeroDuration());
}

TEST(ServerSetup, TakesEveryFieldOfAPolicy) {
  const absl::StatusOr<ServerSetup> setup = Build(WithPolicy(
      "name: p, issuers: [a], kind: JWT, audiences: [x, y], algorithms: "
      "[ES256, HS256], types: [secevent+jwt], required_claims: [tenant], "
      "required_scopes: [read], clock_skew: 5m, max_token_age: 90s, "
      "max_authentication_age: 1h30m, allow_missing_expiration: true, "
      "allow_ambiguous_kind: true"));
  ASSERT_TRUE(setup.ok()) << setup.status();
  const ValidationPolicyOptions& policy = setup->policies.at("p").options();
  using Texts = std::vector<std::string>;
  EXPECT_EQ(policy.name, "p");
  EXPECT_EQ(policy.kind, TokenKind::kJwt);
  EXPECT_EQ(policy.issuers, Texts({"a"}));
  EXPECT_EQ(policy.audiences, Texts({"x", "y"}));
  EXPECT_FALSE(policy.any_audience);
  for (const Algorithm algorithm : kAllAlgorithms) {
    EXPECT_EQ(policy.algorithms.Contains(algorithm),
              algorithm == Algorithm::kEs256 || algorithm == Algorithm::kHs256);
  }
  EXPECT_EQ(policy.types, Texts({"secevent+jwt"}));
  EXPECT_EQ(policy.required_claims, Texts({"tenant"}));
  EXPECT_EQ(policy.required_scopes, Texts({"read"}));
  EXPECT_EQ(policy.clock_skew, absl::Minutes(5));
  EXPECT_EQ(policy.max_token_age, absl::Seconds(90));
  EXPECT_EQ(policy.max_authentication_age, absl::Minutes(90));
  EXPECT_TRUE(policy.allow_missing_expiration);
  EXPECT_TRUE(policy.allow_ambiguous_kind);
}

TEST(ServerSetup, AcceptsHmacOnlyWhereAPolicyNamesIt) {
  const absl::StatusOr<ServerSetup> setup =
      Build(WithPolicy("name: p, issuers: [a], kind: JWT, audiences: [x]"));
  ASSERT_TRUE(setup.ok()) << setup.status();
  for (const Algorithm algorithm : kAllAlgorithms) {
    EXPECT_EQ(setup->policies.at("p").options().algorithms.Contains(algorithm),
              IsAsymmetric(algorithm));
  }
}

struct LimitsCase {
  const char* limits;
  size_t max_batch_size;
  int max_message_bytes;
};

constexpr char kSigner[] =
    "issuers: [{issuer: a, signing: {generate: [EdDSA]}}]";

TEST(ServerSetup, KeepsTheLimitsItIsGiven) {
  const LimitsCase kCases[] = {
      {"{}", 1024, 4 << 20},
      {"{max_batch_size: 1, max_message_bytes: 65536, max_rsa_bits: 4096}", 1,
       65'536},
      {"{max_batch_size: 65536, max_message_bytes: 67108864, "
       "max_rsa_bits: 8192}",
       65'536, 64 << 20},
  };
  for (const LimitsCase& c : kCases) {
    const absl::StatusOr<ServerSetup> setup =
        Build(absl::StrCat(kSigner, "\nlimits: ", c.limits));
    ASSERT_TRUE(setup.ok()) << setup.status();
    EXPECT_EQ(setup->max_batch_size, c.max_batch_size);
    EXPECT_EQ(setup->max_message_bytes, c.max_message_bytes);
  }
}

TEST(ServerSetup, RefusesLimitsOutOfBounds) {
  const auto limits = [](absl::string_view text) {
    return absl::StrCat(kSigner, "\nlimits: {", text, "}");
  };
  constexpr char kBatch[] = "limits.max_batch_size: must be from 1 to 65536";
  constexpr char kMessage[] =
      "limits.max_message_bytes: must be from 65536 to 67108864";
  constexpr char kRsa[] = "limits.max_rsa_bits: must be from 4096 to 8192";
  ExpectRefused({
      {limits("max_batch_size: 65537"), kBatch},
      {limits("max_batch_size: 4294967295"), kBatch},
      {limits("max_message_bytes: 65535"), kMessage},
      {limits("max_metadata_bytes: 1023"),
       "limits.max_metadata_bytes: must be from 1024 to 1048576"},
      {limits("max_concurrent_streams: 65537"),
       "limits.max_concurrent_streams: must be from 1 to 65536"},
      {limits("max_connection_memory_bytes: 16777215"),
       "limits.max_connection_memory_bytes: must be from 16777216 to "
       "68719476736"},
      {limits("max_calls: 1000001"),
       "limits.max_calls: must be from 1 to 1000000"},
      {limits("max_connections: 1000001"),
       "limits.max_connections: must be from 1 to 1000000"},
      {limits("max_connections_per_address: 1000001"),
       "limits.max_connections_per_address: must be from 1 to 1000000"},
      {limits("max_connection_idle: 25h"),
       "limits.max_connection_idle: must be from 1ms to 24h"},
      {limits("max_connection_age: 25h"),
       "limits.max_connection_age: must be from 1ms to 24h"},
      {limits("handshake_timeout: 0s"),
       "limits.handshake_timeout: must be a positive duration"},
      {limits("max_message_bytes: 67108865"), kMessage},
      {limits("max_rsa_bits: 4095"), kRsa},
      {limits("max_rsa_bits: 8193"), kRsa},
  });
}

struct MemoryCase {
  const char* limits;
  // 0 is for none at all.
  size_t token_cache_bytes;
  size_t key_table_bytes;
};

TEST(ServerSetup, TakesAsMuchMemoryAsItIsGiven) {
  constexpr size_t kMiB = size_t{1} << 20U;
  const MemoryCase kCases[] = {
      {"{}", 64 * kMiB, 64 * kMiB},
      {"{token_cache_bytes: 0}", 0, 64 * kMiB},
      {"{key_table_bytes: 0}", 64 * kMiB, 0},
      {"{token_cache_bytes: 1048576, key_table_bytes: 1048576}", kMiB, kMiB},
      {"{key_table_bytes: 68719476736}", 64 * kMiB, 65'536 * kMiB},
  };
  for (const MemoryCase& c : kCases) {
    const absl::StatusOr<ServerSetup> setup =
        Build(absl::StrCat(kSigner, "\nlimits: ", c.limits));
    ASSERT_TRUE(setup.ok()) << setup.status();
    ASSERT_EQ(setup->tokens != nullptr, c.token_cache_bytes != 0) << c.limits;
    if (setup->tokens) {
      EXPECT_LE(setup->tokens->stats().bytes, c.token_cache_bytes);
    }
    ASSERT_EQ(setup->key_preparer != nullptr, c.key_table_bytes != 0);
    if (setup->key_preparer) {
      EXPECT_EQ(setup->key_preparer->figures().budget_bytes, c.key_table_bytes);
    }
  }
}

TEST(ServerSetup, RefusesMemoryOutOfBounds) {
  for (const char* field : {"token_cache_bytes", "key_table_bytes"}) {
    const std::string message = absl::StrCat(
        "limits.", field, ": must be 0, or from 1048576 to 68719476736");
    const auto limits = [&](absl::string_view bytes) {
      return absl::StrCat(kSigner, "\nlimits: {", field, ": ", bytes, "}");
    };
    ExpectRefused({
        {limits("1"), message.c_str()},
        {limits("1048575"), message.c_str()},
        {limits("68719476737"), message.c_str()},
        {limits("18446744073709551615"), message.c_str()},
    });
  }
}

TEST(ServerSetup, SignsForShorterThanTheDefaultIfThatIsTheMaximum) {
  const absl::StatusOr<ServerSetup> setup = Build(
      "issuers: [{issuer: a, signing: {generate: [EdDSA], max_lifetime: 1m}}]");
  ASSERT_TRUE(setup.ok()) << setup.status();
  GenerateKeys(*setup->issuers);
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const absl::StatusOr<SignedToken> token =
      setup->issuers->FindSigner("a").value()->Sign({.audiences = {"x"}}, now);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->content.claims().registered().expiration,
            now + absl::Minutes(1));
}

}  // namespace
}  // namespace signet
