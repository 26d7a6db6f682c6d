// The examples of RFC 7515 (JWS), RFC 7517 (JWK), RFC 7520 and RFC 7638 (JWK
// thumbprint), as published with latchset/jose.

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "jose/compact_jws.h"
#include "keys/jwk.h"
#include "keys/jwk_members.h"
#include "keys/jwk_set.h"
#include "tests/conformance/rfc_examples.h"
#include "tests/conformance/test_vectors.h"

namespace signet {
namespace {

constexpr absl::string_view kFolder = "latchset_jose/";

class RfcExamples : public ConformanceTest {};

// A file's contents. Some are names of others, having been symbolic links.
std::string Read(absl::string_view file) {
  std::string text = ReadVector(absl::StrCat(kFolder, file));
  const absl::string_view name = absl::StripAsciiWhitespace(text);
  return absl::EndsWith(name, ".jwk") ? Read(name) : text;
}

std::string Extension(absl::string_view file) {
  return std::string(file.substr(file.rfind('.') + 1));
}

// Each file is a case; the extension says of what kind.
std::vector<std::string> FilesOf(absl::string_view extension) {
  std::vector<std::string> files;
  for (const std::string& file : ListVectors("latchset_jose")) {
    if (Extension(file) == extension) files.push_back(file);
  }
  return files;
}

struct KeyCase {
  absl::string_view file;
  // Why it is refused; empty if it is accepted.
  const char* as_public;
  const char* as_private;
};

constexpr char kNoAlgorithm[] =
    "the key has no alg, and its type does not determine one; name the "
    "algorithm it is for";
constexpr char kPrivate[] =
    "the key is private (it has d), where a public one is expected; export "
    "its public half";
constexpr char kNotForSignatures[] = "use is not \"sig\"";

constexpr KeyCase kKeyCases[] = {
    {"rfc7515_A.1.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7515_A.2.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7515_A.3.jwk", kPrivate, ""},
    {"rfc7515_A.4.jwk", kPrivate, ""},
    {"rfc7515_A.6.1.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7515_A.6.2.jwk", kPrivate, ""},
    {"rfc7515_A.7.jwk", kPrivate, ""},
    {"rfc7517_B.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_3.1.jwk", "", "the key has no d"},
    {"rfc7520_3.2.jwk", kPrivate, ""},
    {"rfc7520_3.3.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_3.4.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_3.5.jwk", "", ""},
    {"rfc7520_3.6.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_4.1.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_4.2.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_4.3.jwk", kPrivate, ""},
    {"rfc7520_4.4.jwk", "", ""},
    {"rfc7520_4.5.jwk", "", ""},
    {"rfc7520_4.6.jwk", "", ""},
    {"rfc7520_4.7.jwk", "", ""},
    {"rfc7520_4.8.1.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_4.8.2.jwk", kPrivate, ""},
    {"rfc7520_4.8.3.jwk", "", ""},
    {"rfc7520_5.1.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.10.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.11.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.12.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.13.1.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.13.2.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.13.3.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.2.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.3.jwk", kNoAlgorithm, kNoAlgorithm},
    {"rfc7520_5.4.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.5.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.6.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.7.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.8.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7520_5.9.jwk", kNotForSignatures, kNotForSignatures},
    {"rfc7638_3.1.jwk", "", "the key has no d"},
};

TEST_F(RfcExamples, ReadsKeysAsTheTableSays) {
  for (const KeyCase& c : kKeyCases) {
    const absl::StatusOr<JsonDocument> jwk =
        JsonDocument::ParseObject(Read(c.file));
    ASSERT_TRUE(jwk.ok()) << c.file << ": " << jwk.status();
    ExpectKnownMembers(jwk->object(),
                       {"kty", "kid", "use", "alg", "crv", "x", "y", "d", "n",
                        "e", "p", "q", "dp", "dq", "qi", "k", "x5c"},
                       c.file);
    EXPECT_EQ(std::string(ParsePublicJwk(jwk->object(), {}).status().message()),
              c.as_public)
        << c.file;
    EXPECT_EQ(
        std::string(ParsePrivateJwk(jwk->object(), {}).status().message()),
        c.as_private)
        << c.file;
  }
  EXPECT_EQ(FilesOf("jwk").size(), std::size(kKeyCases));
  ReportCases("latchset_jose *.jwk", std::size(kKeyCases), "");
}

constexpr char kFirstHasNoAlgorithm[] =
    "key 1: the key has no alg, and its type does not determine one; name the "
    "algorithm it is for";

constexpr KeyCase kKeySetCases[] = {
    {"rfc7515_A.6.jwkset", kFirstHasNoAlgorithm, kFirstHasNoAlgorithm},
    // One key is for encryption, and passed over.
    {"rfc7517_A.1.jwkset", "", "key 2: the key has no d"},
    {"rfc7517_A.2.jwkset",
     "key 2: the key is private (it has d), where a public one is expected; "
     "export its public half",
     ""},
    // A128KW is for encryption, but the key has no "use" that says so.
    {"rfc7517_A.3.jwkset",
     "key 1: alg is not a signature algorithm that Signet knows",
     "key 1: alg is not a signature algorithm that Signet knows"},
    {"rfc7520_4.8.jwkset", kFirstHasNoAlgorithm, kFirstHasNoAlgorithm},
};

TEST_F(RfcExamples, ReadsKeySetsAsTheTableSays) {
  for (const KeyCase& c : kKeySetCases) {
    const std::string json = Read(c.file);
    EXPECT_EQ(std::string(ParsePublicJwkSet(json, {}).status().message()),
              c.as_public)
        << c.file;
    EXPECT_EQ(std::string(ParsePrivateJwkSet(json, {}).status().message()),
              c.as_private)
        << c.file;
  }
  EXPECT_EQ(FilesOf("jwkset").size(), std::size(kKeySetCases));
  ReportCases("latchset_jose *.jwkset", std::size(kKeySetCases), "");
}

TEST_F(RfcExamples, ReadsTheSignatureKeyOfRfc7517AppendixA1) {
  const auto keys = ParsePublicJwkSet(Read("rfc7517_A.1.jwkset"), {});
  ASSERT_TRUE(keys.ok()) << keys.status();
  // The other one is for encryption.
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->front().key_id(), "2011-04-29");
  EXPECT_EQ(keys->front().algorithm(), Algorithm::kRs256);
}

TEST_F(RfcExamples, ComputesTheThumbprintOfRfc7638) {
  const absl::StatusOr<JsonDocument> jwk =
      JsonDocument::ParseObject(Read("rfc7638_3.1.jwk"));
  ASSERT_TRUE(jwk.ok());
  const auto key = ParsePublicJwk(jwk->object(), {});
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(JwkThumbprint(key->material()),
            absl::StripAsciiWhitespace(Read("rfc7638_3.1.thp")));
  EXPECT_EQ(FilesOf("thp").size(), 1U);
}

// The keys that a JWS file goes with.
std::vector<JsonDocument> KeysOf(absl::string_view stem) {
  const std::vector<std::string> files = ListVectors("latchset_jose");
  const std::string single = absl::StrCat(stem, ".jwk");
  const bool is_single =
      std::find(files.begin(), files.end(), single) != files.end();
  absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(
      Read(is_single ? single : absl::StrCat(stem, ".jwkset")));
  EXPECT_TRUE(document.ok()) << stem << ": " << document.status();
  std::vector<JsonDocument> keys;
  if (is_single) {
    keys.push_back(*std::move(document));
    return keys;
  }
  for (const JsonValue key : ArrayMember(document->object(), "keys")) {
    keys.push_back(*JsonDocument::ParseObject(ToJson(key)));
  }
  return keys;
}

bool IsForAlgorithm(JsonObject jwk, Algorithm algorithm) {
  const std::string type = StringMember(jwk, "kty");
  switch (FamilyOf(algorithm)) {
    case AlgorithmFamily::kHmac:
      return type == "oct";
    case AlgorithmFamily::kRsaPkcs1:
    case AlgorithmFamily::kRsaPss:
      return type == "RSA";
    case AlgorithmFamily::kEcdsa:
      return type == "EC";
    case AlgorithmFamily::kEd25519:
      return type == "OKP";
  }
  __builtin_unreachable();
}

// Verifies one signature with the one key of its file that is for it.
void VerifyWithKeyOf(absl::string_view file, absl::string_view compact) {
  const RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  ASSERT_TRUE(jws.ok()) << file << ": " << jws.rejection().detail;
  size_t verified = 0;
  for (const JsonDocument& jwk : KeysOf(file.substr(0, file.rfind('.')))) {
    if (!IsForAlgorithm(jwk.object(), jws->header().algorithm)) continue;
    const auto key = ReadExampleKey(jwk.object(), jws->header().algorithm, file);
    ASSERT_TRUE(key);
    ExpectVerifies(*key, compact, file);
    ++verified;
  }
  EXPECT_EQ(verified, 1U) << file;
}

// The payload that is detached from `file`, encoded; empty if there is none.
std::string DetachedPayload(absl::string_view file) {
  if (!absl::StartsWith(file, "rfc7520_4.5.")) return "";
  return Base64UrlEncode(Read("rfc7520_4.5.payl"));
}

TEST_F(RfcExamples, VerifiesEveryCompactSignature) {
  size_t count = 0;
  for (const std::string& file : FilesOf("jwsc")) {
    if (file == "rfc7515_A.5.jwsc") continue;  // See the test below.
    std::string compact(absl::StripAsciiWhitespace(Read(file)));
    const size_t detached = compact.find("..");
    if (detached != std::string::npos) {
      compact.insert(detached + 1, DetachedPayload(file));
    }
    VerifyWithKeyOf(file, compact);
    ++count;
  }
  EXPECT_EQ(count, 9U);
  ReportCases("latchset_jose *.jwsc", count,
              "all verify, and none with a bit flipped");
}

TEST_F(RfcExamples, RefusesTheUnsecuredTokenOfRfc7515AppendixA5) {
  const RejectionOr<CompactJws> jws =
      CompactJws::Parse(absl::StripAsciiWhitespace(Read("rfc7515_A.5.jwsc")));
  ASSERT_FALSE(jws.ok());
  EXPECT_EQ(jws.rejection().reason, RejectionReason::kAlgorithmNotAllowed);
  EXPECT_EQ(jws.rejection().claim, "alg");
}

TEST_F(RfcExamples, VerifiesEveryJsonSignatureThatHasAProtectedHeader) {
  size_t compact_forms = 0;
  size_t json_only = 0;
  for (const absl::string_view extension : {"jwsf", "jwsg"}) {
    for (const std::string& file : FilesOf(extension)) {
      const absl::StatusOr<JsonDocument> jws =
          JsonDocument::ParseObject(Read(file));
      ASSERT_TRUE(jws.ok()) << file << ": " << jws.status();
      for (const auto& compact :
           CompactForms(jws->object(), DetachedPayload(file))) {
        ++(compact ? compact_forms : json_only);
        if (compact) VerifyWithKeyOf(file, *compact);
      }
    }
  }
  EXPECT_EQ(compact_forms, 17U);
  EXPECT_EQ(json_only, 3U);
  ReportCases(
      "latchset_jose *.jwsf *.jwsg", compact_forms,
      absl::StrCat("all verify, and none with a bit flipped; ", json_only,
                   " have no protected header, which "
                   "compact serialization cannot express"));
}

TEST_F(RfcExamples, HasNoFileThatTheseTestsPassOver) {
  const std::set<std::string> read = {"jwk",  "jwkset", "jwsc", "jwsf",
                                      "jwsg", "payl",   "thp"};
  const std::set<std::string> encrypted = {"jwec", "jwef", "jweg", "pt", "pwd"};
  size_t out_of_scope = 0;
  size_t count = 0;
  for (const std::string& file : ListVectors("latchset_jose")) {
    if (file == "COPYING" || file == "LICENSE") continue;
    ++count;
    out_of_scope += encrypted.count(Extension(file));
    EXPECT_EQ(read.count(Extension(file)) + encrypted.count(Extension(file)),
              1U)
        << file;
  }
  ReportCases("latchset_jose", count - out_of_scope,
              absl::StrCat(out_of_scope,
                           " files belong to encryption (JWE), out of scope"));
}

}  // namespace
}  // namespace signet
