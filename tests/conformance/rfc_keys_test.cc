// The keys, key sets and thumbprints that RFC 7515, RFC 7517, RFC 7520 and
// RFC 7638 give as examples.

#include <iterator>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/json.h"
#include "keys/jwk.h"
#include "keys/jwk_members.h"
#include "keys/jwk_set.h"
#include "tests/conformance/latchset_files.h"
#include "tests/conformance/rfc_examples.h"
#include "tests/conformance/test_vectors.h"

namespace signet {
namespace {

class RfcKeys : public ConformanceTest {};

constexpr char kNotForSignatures[] = "use is not \"sig\"";

constexpr KeyFileCase kKeyCases[] = {
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

TEST_F(RfcKeys, ReadsKeysAsTheTableSays) {
  for (const KeyFileCase& c : kKeyCases) {
    const absl::StatusOr<JsonDocument> jwk =
        JsonDocument::ParseObject(ReadLatchset(c.path));
    ASSERT_TRUE(jwk.ok()) << c.path << ": " << jwk.status();
    ExpectKnownMembers(jwk->object(),
                       {"kty", "kid", "use", "alg", "crv", "x", "y", "d", "n",
                        "e", "p", "q", "dp", "dq", "qi", "k", "x5c"},
                       c.path);
    EXPECT_EQ(std::string(ParsePublicJwk(jwk->object(), {}).status().message()),
              c.as_public)
        << c.path;
    EXPECT_EQ(
        std::string(ParsePrivateJwk(jwk->object(), {}).status().message()),
        c.as_private)
        << c.path;
  }
  EXPECT_EQ(LatchsetFiles("jwk").size(), std::size(kKeyCases));
  ReportCases("latchset_jose *.jwk", std::size(kKeyCases), "");
}

constexpr char kFirstHasNoAlgorithm[] =
    "key 1: the key has no alg, and its type does not determine one; name the "
    "algorithm it is for";

constexpr KeyFileCase kKeySetCases[] = {
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

TEST_F(RfcKeys, ReadsKeySetsAsTheTableSays) {
  for (const KeyFileCase& c : kKeySetCases) {
    const std::string json = ReadLatchset(c.path);
    EXPECT_EQ(std::string(ParsePublicJwkSet(json, {}).status().message()),
              c.as_public)
        << c.path;
    EXPECT_EQ(std::string(ParsePrivateJwkSet(json, {}).status().message()),
              c.as_private)
        << c.path;
  }
  EXPECT_EQ(LatchsetFiles("jwkset").size(), std::size(kKeySetCases));
  ReportCases("latchset_jose *.jwkset", std::size(kKeySetCases), "");
}

TEST_F(RfcKeys, ReadsTheSignatureKeyOfRfc7517AppendixA1) {
  const auto keys = ParsePublicJwkSet(ReadLatchset("rfc7517_A.1.jwkset"), {});
  ASSERT_TRUE(keys.ok()) << keys.status();
  // The other one is for encryption.
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->front().key_id(), "2011-04-29");
  EXPECT_EQ(keys->front().algorithm(), Algorithm::kRs256);
}

TEST_F(RfcKeys, ComputesTheThumbprintOfRfc7638) {
  const absl::StatusOr<JsonDocument> jwk =
      JsonDocument::ParseObject(ReadLatchset("rfc7638_3.1.jwk"));
  ASSERT_TRUE(jwk.ok());
  const auto key = ParsePublicJwk(jwk->object(), {});
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(JwkThumbprint(key->material()),
            absl::StripAsciiWhitespace(ReadLatchset("rfc7638_3.1.thp")));
  EXPECT_EQ(LatchsetFiles("thp").size(), 1U);
}

}  // namespace
}  // namespace signet
