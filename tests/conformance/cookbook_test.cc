// The examples of RFC 7520 (JOSE cookbook), RFC 8037 (Ed25519) and RFC 7797
// (unencoded payload), as published by the JOSE working group.

#include <algorithm>
#include <map>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "jose/compact_jws.h"
#include "keys/jwk.h"
#include "tests/conformance/rfc_examples.h"
#include "tests/conformance/test_vectors.h"

namespace signet {
namespace {

constexpr absl::string_view kFolder = "rfc7520_cookbook";

class Cookbook : public ConformanceTest {};

// How many signatures of a file can be written in compact serialization, and
// how many cannot.
struct SignatureFile {
  absl::string_view path;
  size_t compact;
  size_t json_only;
};

constexpr SignatureFile kSignatureFiles[] = {
    {"jws/4_1.rsa_v15_signature.json", 3, 0},
    {"jws/4_2.rsa-pss_signature.json", 3, 0},
    {"jws/4_3.ecdsa_signature.json", 3, 0},
    {"jws/4_4.hmac-sha2_integrity_protection.json", 3, 0},
    // Detached: the payload is put back before it is verified.
    {"jws/4_5.signature_with_detached_content.json", 3, 0},
    // The unprotected kid is left out.
    {"jws/4_6.protecting_specific_header_fields.json", 2, 0},
    {"jws/4_7.protecting_content_only.json", 0, 2},
    {"jws/4_8.multiple_signatures.json", 2, 1},
    {"curve25519/jws.json", 3, 0},
};

// The members of `object` named `name`: one, or an array of several.
std::vector<JsonValue> OneOrMore(JsonObject object, absl::string_view name) {
  const JsonValue value = FindMember(object, name).value();
  if (AsArray(value)) return ArrayMember(object, name);
  return {value};
}

// A file of signatures, taken apart.
class Example {
 public:
  explicit Example(absl::string_view path)
      : path_(path),
        document_(ReadJsonVector(absl::StrCat(kFolder, "/", path))) {
    ExpectKnownMembers(document_.object(),
                       {"title", "reproducible", "input", "signing", "output"},
                       path);
    ExpectKnownMembers(input(), {"payload", "key", "alg"}, path);
    ExpectKnownMembers(output(), {"compact", "json", "json_flat"}, path);
    for (const JsonValue signing : OneOrMore(document_.object(), "signing")) {
      ExpectKnownMembers(*AsObject(signing),
                         {"protected", "protected_b64u", "unprotected",
                          "sig-input", "sig", "json"},
                         path);
    }
  }

  JsonObject input() const { return ObjectMember(document_.object(), "input"); }
  JsonObject output() const {
    return ObjectMember(document_.object(), "output");
  }
  JsonObject signing() const {
    return ObjectMember(document_.object(), "signing");
  }
  bool reproducible() const {
    return FindMember(document_.object(), "reproducible").has_value();
  }
  const std::string& path() const { return path_; }

  std::string encoded_payload() const {
    return Base64UrlEncode(StringMember(input(), "payload"));
  }

  // The key of the signature at `index`, and the algorithm it is used with.
  JsonObject jwk(size_t index) const {
    return *AsObject(OneOrMore(input(), "key")[index]);
  }
  Algorithm algorithm(size_t index) const {
    return *AlgorithmFromName(*AsString(OneOrMore(input(), "alg")[index]));
  }

 private:
  std::string path_;
  JsonDocument document_;
};

struct Counts {
  size_t compact = 0;
  size_t json_only = 0;
};

// Verifies the signatures of one output of an example.
void VerifyForms(const Example& example,
                 const std::vector<std::optional<std::string>>& forms,
                 Counts& counts) {
  for (size_t i = 0; i < forms.size(); ++i) {
    if (!forms[i]) {
      ++counts.json_only;
      continue;
    }
    ++counts.compact;
    const auto key =
        ReadExampleKey(example.jwk(i), example.algorithm(i), example.path());
    if (key) ExpectVerifies(*key, *forms[i], example.path());
  }
}

Counts VerifyOutputs(const Example& example) {
  Counts counts;
  for (const absl::string_view form : {"json", "json_flat"}) {
    if (!FindMember(example.output(), form)) continue;
    VerifyForms(example,
                CompactForms(ObjectMember(example.output(), form),
                             example.encoded_payload()),
                counts);
  }
  if (!FindMember(example.output(), "compact")) return counts;
  std::string compact = StringMember(example.output(), "compact");
  const size_t detached = compact.find("..");
  if (detached != std::string::npos) {
    compact.insert(detached + 1, example.encoded_payload());
  }
  VerifyForms(example, {compact}, counts);
  return counts;
}

TEST_F(Cookbook, VerifiesEverySignatureThatCompactSerializationCanExpress) {
  size_t compact = 0;
  size_t json_only = 0;
  for (const SignatureFile& file : kSignatureFiles) {
    const Counts counts = VerifyOutputs(Example(file.path));
    EXPECT_EQ(counts.compact, file.compact) << file.path;
    EXPECT_EQ(counts.json_only, file.json_only) << file.path;
    compact += counts.compact;
    json_only += counts.json_only;
  }
  ReportCases(
      "rfc7520_cookbook signatures", compact,
      absl::StrCat("all verify, and none with a bit flipped; ", json_only,
                   " have no protected header, which "
                   "compact serialization cannot express"));
}

TEST_F(Cookbook, RefusesDetachedPayload) {
  const Example example("jws/4_5.signature_with_detached_content.json");
  const std::string compact = StringMember(example.output(), "compact");
  const RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  ASSERT_TRUE(jws.ok());
  EXPECT_EQ(jws->payload(), "");  // Which is not what was signed.
}

TEST_F(Cookbook, RefusesSignatureWithoutProtectedHeader) {
  const Example example("jws/4_7.protecting_content_only.json");
  const JsonObject signing = example.signing();
  const std::string compact = absl::StrCat(StringMember(signing, "sig-input"),
                                           ".", StringMember(signing, "sig"));
  const RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  ASSERT_FALSE(jws.ok());
  EXPECT_EQ(jws.rejection().reason, RejectionReason::kMalformed);
}

TEST_F(Cookbook, MakesTheSameSignaturesWhereTheyAreReproducible) {
  size_t signatures = 0;
  for (const SignatureFile& file : kSignatureFiles) {
    const Example example(file.path);
    if (!example.reproducible()) continue;
    const absl::StatusOr<SigningKey> key =
        ParsePrivateJwk(example.jwk(0), JwkOptions{example.algorithm(0)});
    ASSERT_TRUE(key.ok()) << key.status();
    const absl::StatusOr<std::string> signature =
        key->Sign(StringMember(example.signing(), "sig-input"));
    ASSERT_TRUE(signature.ok()) << signature.status();
    EXPECT_EQ(Base64UrlEncode(*signature),
              StringMember(example.signing(), "sig"))
        << file.path;
    ++signatures;
  }
  EXPECT_EQ(signatures, 6U);
}

TEST_F(Cookbook, RefusesUnencodedPayload) {
  // RFC 7797: `b64` is false. One of them forgets to make it critical.
  const std::map<absl::string_view, absl::string_view> cases = {
      {"rfc7797/hmac-sha2_b64_false.json", "crit"},
      {"rfc7797/4.2.hmac-sha2_b64_false.json", "b64"}};
  size_t count = 0;
  for (const auto& [path, parameter] : cases) {
    const Example example(path);
    const JsonObject flat = ObjectMember(example.output(), "json_flat");
    // As it is, and as somebody would send it who knows only half of RFC 7797.
    for (const std::string& payload :
         {std::string("payload"), example.encoded_payload()}) {
      const RejectionOr<CompactJws> jws = CompactJws::Parse(
          absl::StrCat(StringMember(flat, "protected"), ".", payload, ".",
                       StringMember(flat, "signature")));
      ASSERT_FALSE(jws.ok()) << path;
      EXPECT_EQ(jws.rejection().reason, RejectionReason::kUnsupportedHeader);
      EXPECT_EQ(jws.rejection().claim, parameter) << path;
    }
    ++count;
  }
  ReportCases("rfc7520_cookbook/rfc7797", count, "all refused as unsupported");
}

constexpr KeyFileCase kKeyFiles[] = {
    {"jwk/3_1.ec_public_key.json", "", "the key has no d"},
    {"jwk/3_2.ec_private_key.json", kPrivate, ""},
    {"jwk/3_3.rsa_public_key.json", kNoAlgorithm, kNoAlgorithm},
    {"jwk/3_4.rsa_private_key.json", kNoAlgorithm, kNoAlgorithm},
    // An HMAC secret both signs and verifies.
    {"jwk/3_5.symmetric_key_mac_computation.json", "", ""},
    {"jwk/3_6.symmetric_key_encryption.json", "use is not \"sig\"",
     "use is not \"sig\""},
};

TEST_F(Cookbook, ReadsKeysThatAreForOneSignatureAlgorithm) {
  for (const KeyFileCase& c : kKeyFiles) {
    const JsonDocument jwk = ReadJsonVector(absl::StrCat(kFolder, "/", c.path));
    ExpectKnownMembers(jwk.object(),
                       {"kty", "kid", "use", "alg", "crv", "x", "y", "d", "n",
                        "e", "p", "q", "dp", "dq", "qi", "k"},
                       c.path);
    EXPECT_EQ(std::string(ParsePublicJwk(jwk.object(), {}).status().message()),
              c.as_public)
        << c.path;
    EXPECT_EQ(std::string(ParsePrivateJwk(jwk.object(), {}).status().message()),
              c.as_private)
        << c.path;
  }
  ReportCases("rfc7520_cookbook/jwk", std::size(kKeyFiles), "");
}

TEST_F(Cookbook, ReadsRsaKeysOnceTheirAlgorithmIsNamed) {
  for (const absl::string_view path :
       {"jwk/3_3.rsa_public_key.json", "jwk/3_4.rsa_private_key.json"}) {
    const JsonDocument jwk = ReadJsonVector(absl::StrCat(kFolder, "/", path));
    EXPECT_TRUE(ReadExampleKey(jwk.object(), Algorithm::kPs384, path)) << path;
  }
}

TEST_F(Cookbook, HasNoFileThatTheseTestsPassOver) {
  const std::vector<std::string> encrypted = {"ecdh-es.json"};
  size_t known = std::size(kSignatureFiles) + std::size(kKeyFiles) +
                 /*rfc7797*/ 2 + encrypted.size();
  size_t files = 0;
  for (const absl::string_view folder :
       {"jws", "jwk", "curve25519", "rfc7797"}) {
    for (const std::string& file :
         ListVectors(absl::StrCat(kFolder, "/", folder))) {
      files += file == "README.md" ? 0 : 1;
    }
  }
  EXPECT_EQ(files, known);
  EXPECT_EQ(ListVectors(kFolder),
            (std::vector<std::string>{"LICENSE", "curve25519", "jwk", "jws",
                                      "rfc7797"}));
  ReportCases("rfc7520_cookbook", known - encrypted.size(),
              absl::StrCat(encrypted.size(),
                           " file is encrypted (JWE) and out of scope"));
}

}  // namespace
}  // namespace signet
