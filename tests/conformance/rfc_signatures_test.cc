// The signatures that RFC 7515 and RFC 7520 give as examples.

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "jose/base64url.h"
#include "jose/compact_jws.h"
#include "jose/json.h"
#include "tests/conformance/latchset_files.h"
#include "tests/conformance/rfc_examples.h"
#include "tests/conformance/test_vectors.h"

namespace signet {
namespace {

class RfcSignatures : public ConformanceTest {};

// The keys that a JWS file goes with.
std::vector<JsonDocument> KeysOf(absl::string_view stem) {
  const std::vector<std::string> files = LatchsetFiles();
  const std::string single = absl::StrCat(stem, ".jwk");
  const bool is_single =
      std::find(files.begin(), files.end(), single) != files.end();
  absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(
      ReadLatchset(is_single ? single : absl::StrCat(stem, ".jwkset")));
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
  return Base64UrlEncode(ReadLatchset("rfc7520_4.5.payl"));
}

TEST_F(RfcSignatures, VerifiesEveryCompactSignature) {
  size_t count = 0;
  for (const std::string& file : LatchsetFiles("jwsc")) {
    if (file == "rfc7515_A.5.jwsc") continue;  // See the test below.
    std::string compact(absl::StripAsciiWhitespace(ReadLatchset(file)));
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

TEST_F(RfcSignatures, RefusesTheUnsecuredTokenOfRfc7515AppendixA5) {
  const RejectionOr<CompactJws> jws = CompactJws::Parse(
      absl::StripAsciiWhitespace(ReadLatchset("rfc7515_A.5.jwsc")));
  ASSERT_FALSE(jws.ok());
  EXPECT_EQ(jws.rejection().reason, RejectionReason::kAlgorithmNotAllowed);
  EXPECT_EQ(jws.rejection().claim, "alg");
}

TEST_F(RfcSignatures, VerifiesEveryJsonSignatureThatHasAProtectedHeader) {
  size_t compact_forms = 0;
  size_t json_only = 0;
  for (const absl::string_view extension : {"jwsf", "jwsg"}) {
    for (const std::string& file : LatchsetFiles(extension)) {
      const absl::StatusOr<JsonDocument> jws =
          JsonDocument::ParseObject(ReadLatchset(file));
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

TEST_F(RfcSignatures, HasNoFileThatTheseTestsPassOver) {
  const std::set<std::string> read = {"jwk",  "jwkset", "jwsc", "jwsf",
                                      "jwsg", "payl",   "thp"};
  const std::set<std::string> encrypted = {"jwec", "jwef", "jweg", "pt", "pwd"};
  size_t out_of_scope = 0;
  size_t count = 0;
  for (const std::string& file : LatchsetFiles()) {
    if (file == "COPYING" || file == "LICENSE") continue;
    ++count;
    out_of_scope += encrypted.count(ExtensionOf(file));
    EXPECT_EQ(
        read.count(ExtensionOf(file)) + encrypted.count(ExtensionOf(file)), 1U)
        << file;
  }
  ReportCases("latchset_jose", count - out_of_scope,
              absl::StrCat(out_of_scope,
                           " files belong to encryption (JWE), out of scope"));
}

}  // namespace
}  // namespace signet
