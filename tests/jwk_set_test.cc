#include "keys/jwk_set.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

std::string PublicJwk(Algorithm algorithm, absl::string_view key_id) {
  return *ToPublicJwk(MakeTestKey(algorithm, key_id).verification_key());
}

std::string PrivateJwk(Algorithm algorithm, absl::string_view key_id) {
  return ToPrivateJwk(MakeTestKey(algorithm, key_id));
}

std::string SetOf(const std::vector<std::string>& jwks) {
  return absl::StrCat("{\"keys\":[", absl::StrJoin(jwks, ","), "]}");
}

std::string PublicProblem(absl::string_view json) {
  return std::string(ParsePublicJwkSet(json, {}).status().message());
}

// The ids of the keys, in order.
template <typename Key>
std::string Ids(const absl::StatusOr<std::vector<Key>>& keys) {
  if (!keys.ok()) return std::string(keys.status().message());
  return absl::StrJoin(*keys, " ", [](std::string* out, const Key& key) {
    out->append(key.key_id());
  });
}

TEST(JwkSetTest, ReadsASetInOrderOrALoneKey) {
  const std::string a = PublicJwk(Algorithm::kEs256, "a");
  const std::string b = PublicJwk(Algorithm::kRs256, "b");
  EXPECT_EQ(Ids(ParsePublicJwkSet(SetOf({b, a}), {})), "b a");
  EXPECT_EQ(Ids(ParsePublicJwkSet(a, {})), "a");
  EXPECT_EQ(Ids(ParsePublicJwkSet(SetOf({}), {})), "");
  EXPECT_EQ(Ids(ParsePrivateJwkSet(SetOf({PrivateJwk(Algorithm::kHs256, "c"),
                                          PrivateJwk(Algorithm::kEdDsa, "d")}),
                                   {})),
            "c d");
}

TEST(JwkSetTest, PassesOverKeysForEncryption) {
  const std::string a = PublicJwk(Algorithm::kEs256, "a");
  // However strange: it is somebody else's business.
  EXPECT_EQ(Ids(ParsePublicJwkSet(SetOf({R"({"use":"enc","kty":"strange"})", a,
                                         R"({"use":"enc"})"}),
                                  {})),
            "a");
  EXPECT_EQ(PublicProblem(
                absl::StrReplaceAll(a, {{R"("use":"sig")", R"("use":"enc")"}})),
            "use is not \"sig\"");
}

TEST(JwkSetTest, SaysWhichKeyCannotBeUsed) {
  const std::string a = PublicJwk(Algorithm::kEs256, "a");
  EXPECT_EQ(PublicProblem(SetOf({a, R"({"kty":"x"})", a})),
            "key 2: the key has no alg, and its type does not determine one; "
            "name the algorithm it is for");
  EXPECT_EQ(PublicProblem(SetOf({R"({"use":"enc"})", "1"})),
            "key 2: not a JSON object");
  EXPECT_EQ(PublicProblem(SetOf({a, PrivateJwk(Algorithm::kEs256, "b")})),
            "key 2: the key is private (it has d), where a public one is "
            "expected; export its public half");
}

TEST(JwkSetTest, RefusesWhatIsNeitherKeyNorSet) {
  constexpr char kNeither[] =
      "neither a JWK (no kty) nor a JWK Set (no array called keys)";
  for (const char* json : {"{}", R"({"keys":{}})", R"({"keys":null})",
                           R"({"Keys":[]})", R"({"keys":"[]"})"}) {
    EXPECT_EQ(PublicProblem(json), kNeither) << json;
  }
  EXPECT_EQ(PublicProblem("[]"), "JSON is not an object");
  EXPECT_EQ(PublicProblem(R"({"keys":[],"keys":[]})"),
            "JSON object has a duplicate member");
  EXPECT_EQ(PublicProblem(R"({"keys":[{"kty":"oct","kty":"oct"}]})"),
            "JSON object has a duplicate member");
  EXPECT_FALSE(ParsePublicJwkSet("", {}).ok());
}

TEST(JwkSetTest, RefusesSecretsBesidePublicKeys) {
  const std::string secret = PrivateJwk(Algorithm::kHs256, "secret");
  const std::string open = PublicJwk(Algorithm::kEs256, "open");
  constexpr char kMixed[] =
      "the set mixes HMAC secrets with public keys; keep them apart";
  EXPECT_EQ(PublicProblem(SetOf({secret, open})), kMixed);
  EXPECT_EQ(PublicProblem(SetOf({open, secret})), kMixed);
  EXPECT_EQ(PublicProblem(SetOf({secret})), "");
  EXPECT_EQ(PublicProblem(SetOf({open})), "");
}

TEST(JwkSetTest, WritesPublicHalvesOnly) {
  std::vector<VerificationKey> keys;
  keys.push_back(CopyPublicKey(
      MakeTestKey(Algorithm::kHs256, "secret").verification_key()));
  keys.push_back(
      CopyPublicKey(MakeTestKey(Algorithm::kEs256, "open").verification_key()));
  const std::string json = ToPublicJwkSet(keys);
  EXPECT_EQ(json, SetOf({PublicJwk(Algorithm::kEs256, "open")}));
  EXPECT_EQ(Ids(ParsePublicJwkSet(json, {})), "open");
  EXPECT_EQ(ToPublicJwkSet({}), "{\"keys\":[]}");
}

}  // namespace
}  // namespace signet
