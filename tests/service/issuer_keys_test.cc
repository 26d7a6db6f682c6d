#include "service/issuer_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/jwk.h"
#include "keys/jwk_set.h"
#include "keys/signing_key.h"
#include "service/server_setup.h"
#include "service/yaml/yaml_config.h"
#include "tests/service/generate_keys.h"
#include "tests/service/test_folder.h"
#include "tests/signer/signing_keys.h"

namespace signet {
namespace {

// A folder with a file of each sort.
class IssuerKeys : public testing::Test {
 protected:
  IssuerKeys() {
    const SigningKey one = NewKey(Algorithm::kEdDsa, "one");
    const SigningKey two = NewKey(Algorithm::kEs256, "two");
    const std::string one_public = *ToPublicJwk(one.verification_key());
    const std::string two_public = *ToPublicJwk(two.verification_key());
    folder_.Write("one.jwk", ToPrivateJwk(one));
    folder_.Write("two.jwk", ToPrivateJwk(two));
    folder_.Write("open.jwk", ToPrivateJwk(one), 0644);
    folder_.Write("one.pub.jwk", one_public, 0644);
    folder_.Write("secret.pub.jwk", one_public);
    folder_.Write("two.pub.jwk", two_public, 0644);
    folder_.Write(
        "both.jwks",
        absl::StrCat("{\"keys\":[", one_public, ",", two_public, "]}"), 0644);
    folder_.Write("empty.jwks", R"({"keys":[]})");
    folder_.Write("hmac.jwk", ToPrivateJwk(NewKey(Algorithm::kHs256, "mac")));
    folder_.Write("garbage", "not a key");
    folder_.Write("ed25519.pem", kEd25519Pem, 0644);
    folder_.Write("ed25519.key.pem", kEd25519KeyPem);
  }

  absl::StatusOr<ServerSetup> Build(absl::string_view issuer) const {
    const absl::StatusOr<config::v1::ServerConfig> config = ParseServerConfig(
        absl::StrCat("issuers: [{issuer: a, ", issuer, "}]"), "signet.yaml");
    if (!config.ok()) return config.status();
    absl::StatusOr<ServerSetup> setup =
        BuildServerSetup(*config, folder_.path());
    if (setup.ok()) GenerateKeys(*setup->issuers);
    return setup;
  }

  // The status of Build, with "DIR" for the folder.
  std::string Problem(absl::string_view issuer) const {
    return absl::StrReplaceAll(Build(issuer).status().ToString(),
                               {{folder_.path(), "DIR"}});
  }

  // RFC 8410 section 10.
  static constexpr char kEd25519Pem[] =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  static constexpr char kEd25519KeyPem[] =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n";

  const TestFolder folder_;
};

TEST_F(IssuerKeys, AreReadFromFilesRelativeToTheConfiguration) {
  const std::string absolute =
      absl::StrCat("keys: [{jwk_file: ", folder_.PathTo("both.jwks"), "}]");
  for (const absl::string_view issuer : {
           absl::string_view(absolute),
           {"keys: [{jwk_file: one.pub.jwk}, {jwk_file: two.pub.jwk}]"},
           {"keys: [{jwk_file: both.jwks}]"},
           {"keys: [{jwk_file: empty.jwks}, {jwk_file: both.jwks}]"},
           {"keys: [{pem_file: ed25519.pem, key_id: pem}]"},
           {"keys: [{jwk_file: hmac.jwk}]"},
           {"keys: [{jwk_file: one.pub.jwk, algorithm: EdDSA}]"},
           // For keys in it that name none.
           {"keys: [{jwk_file: both.jwks, algorithm: ES256}]"},
           {"signing: {keys: [{jwk_file: one.jwk}]}"},
           {"signing: {keys: [{pem_file: ed25519.key.pem}]}"},
           {"signing: {keys: [{jwk_file: hmac.jwk}]}"},
       }) {
    EXPECT_EQ(Problem(issuer), "OK") << issuer;
  }
}

TEST_F(IssuerKeys, SignInTheOrderOfTheConfigurationGeneratedOnesLast) {
  const absl::StatusOr<ServerSetup> setup =
      Build("signing: {generate: [ES384, ES256], keys: [{jwk_file: two.jwk}]}");
  ASSERT_TRUE(setup.ok()) << setup.status();
  const auto signer = setup->issuers->FindSigner("a").value();
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  TokenRequest request = {.audiences = {"x"}};
  EXPECT_EQ(signer->Sign(request, now)->content.header().key_id, "two");
  request.algorithm = Algorithm::kEs256;
  EXPECT_EQ(signer->Sign(request, now)->content.header().key_id, "two");
  request.algorithm = Algorithm::kEs384;
  EXPECT_NE(signer->Sign(request, now)->content.header().key_id, "two");
}

struct RefusedCase {
  const char* issuer;
  const char* problem;
};

TEST_F(IssuerKeys, AreRefusedWithTheFieldAndTheFileAtFault) {
  const RefusedCase kCases[] = {
      {"keys: [{jwk_file: absent.jwk}]",
       "NOT_FOUND: issuers[0].keys[0]: DIR/absent.jwk: cannot be opened: No "
       "such file or directory"},
      {"keys: [{jwk_file: both.jwks}, {pem_file: absent.pem}]",
       "NOT_FOUND: issuers[0].keys[1]: DIR/absent.pem: cannot be opened: No "
       "such file or directory"},
      {"keys: [{jwk_file: .}]",
       "INVALID_ARGUMENT: issuers[0].keys[0]: DIR/.: is not a regular file"},
      {"keys: [{jwk_file: empty.jwks}]",
       "INVALID_ARGUMENT: issuers[0].keys: the issuer has none; name files, or "
       "set remote"},
      {"keys: [{jwk_file: one.jwk}]",
       "INVALID_ARGUMENT: issuers[0].keys[0]: DIR/one.jwk: the key is private "
       "(it has d), where a public one is expected; export its public half"},
      {"keys: [{pem_file: ed25519.key.pem}]",
       "INVALID_ARGUMENT: issuers[0].keys[0]: DIR/ed25519.key.pem: the PEM "
       "file holds a private key, where a public one is expected; extract it "
       "with \"openssl pkey -pubout\""},
      {"keys: [{pem_file: garbage}]",
       "INVALID_ARGUMENT: issuers[0].keys[0]: DIR/garbage: not a PEM file, or "
       "a damaged one"},
      {"signing: {keys: [{jwk_file: secret.pub.jwk}]}",
       "INVALID_ARGUMENT: issuers[0].signing.keys[0]: DIR/secret.pub.jwk: the "
       "key has no d"},
      {"signing: {keys: [{jwk_file: open.jwk}]}",
       "INVALID_ARGUMENT: issuers[0].signing.keys[0]: DIR/open.jwk: holds "
       "private keys, but others may read or change it; run \"chmod 600\" on "
       "it"},
      {"signing: {keys: [{jwk_file: empty.jwks}]}",
       "INVALID_ARGUMENT: issuers[0].signing: name keys, or algorithms to "
       "generate keys for"},
      {"keys: [{jwk_file: ''}]",
       "INVALID_ARGUMENT: issuers[0].keys[0].jwk_file: is empty; write the "
       "path of a file"},
      {"keys: [{pem_file: ''}]",
       "INVALID_ARGUMENT: issuers[0].keys[0].pem_file: is empty; write the "
       "path of a file"},
      // An algorithm that does nothing is a mistake.
      {"keys: [{jwk_file: two.pub.jwk, algorithm: RS256}]",
       "INVALID_ARGUMENT: issuers[0].keys[0].algorithm: is RS256, but the file "
       "has keys for ES256; drop this, or name another file"},
      {"keys: [{jwk_file: both.jwks, algorithm: RS256}]",
       "INVALID_ARGUMENT: issuers[0].keys[0].algorithm: is RS256, but the file "
       "has keys for ES256, EdDSA; drop this, or name another file"},
      {"signing: {keys: [{jwk_file: one.jwk, algorithm: ES256}]}",
       "INVALID_ARGUMENT: issuers[0].signing.keys[0].algorithm: is ES256, but "
       "the file has keys for EdDSA; drop this, or name another file"},
      // Whose key a token means must be beyond doubt.
      {"keys: [{jwk_file: both.jwks}, {jwk_file: one.pub.jwk}]",
       "INVALID_ARGUMENT: issuers[0].keys: keys 1 and 3 have the same kid"},
      {"keys: [{jwk_file: one.pub.jwk}], signing: {keys: [{jwk_file: "
       "one.jwk}]}",
       "INVALID_ARGUMENT: issuers[0].keys: keys 1 and 2 have the same kid"},
      {"signing: {keys: [{jwk_file: one.jwk}, {jwk_file: one.jwk}]}",
       "INVALID_ARGUMENT: issuers[0].signing.keys: keys 1 and 2 have the same "
       "kid"},
  };
  for (const RefusedCase& c : kCases) EXPECT_EQ(Problem(c.issuer), c.problem);
}

}  // namespace
}  // namespace signet
