// Wycheproof's raw signatures, in the form that JWS gives them, checked with
// the function that checks those of tokens.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/jwk.h"
#include "keys/jwk_members.h"
#include "keys/key_material.h"
#include "keys/pem.h"
#include "keys/verification_key.h"
#include "tests/conformance/test_vectors.h"
#include "tests/conformance/wycheproof.h"
#include "tests/prepared_keys.h"

namespace signet {
namespace {

class WycheproofSignature : public ConformanceTest {};

bool Accepts(const VerificationKey& key, JsonObject test) {
  return VerifyEveryWay(key, HexMember(test, "msg"), HexMember(test, "sig"));
}

// The key of the group, which must be the same in PEM and, if it is there too,
// as a JWK.
absl::StatusOr<VerificationKey> KeyOf(const WycheproofCase& c,
                                      Algorithm algorithm,
                                      absl::string_view jwk_field) {
  absl::StatusOr<VerificationKey> key =
      ParsePublicPem(StringMember(c.group, "publicKeyPem"), {"", algorithm});
  EXPECT_TRUE(key.ok()) << c.where << ": " << key.status();
  if (key.ok() && FindMember(c.group, jwk_field)) {
    const auto jwk =
        ParsePublicJwk(ObjectMember(c.group, jwk_field), JwkOptions{});
    EXPECT_TRUE(jwk.ok()) << c.where << ": " << jwk.status();
    if (jwk.ok()) {
      EXPECT_EQ(jwk->algorithm(), algorithm) << c.where;
      EXPECT_EQ(JwkThumbprint(jwk->material()), JwkThumbprint(key->material()))
          << c.where;
    }
  }
  return key;
}

struct SignatureFile {
  absl::string_view name;
  Algorithm algorithm;
  size_t cases;
};

// Runs a file whose cases all have a public key that Signet takes, and expects
// every case's verdict to be Wycheproof's, "acceptable" being refused.
void RunSignatures(const SignatureFile& file, const WycheproofFormat& format,
                   absl::string_view jwk_field) {
  size_t accepted = 0;
  size_t acceptable = 0;
  const size_t count =
      RunWycheproof(file.name, format, [&](const WycheproofCase& c) {
        const auto key = KeyOf(c, file.algorithm, jwk_field);
        if (!key.ok()) return;
        const bool verdict = Accepts(*key, c.test);
        EXPECT_EQ(verdict, c.expected == ExpectedResult::kValid) << c.where;
        accepted += verdict ? 1 : 0;
        acceptable += c.expected == ExpectedResult::kAcceptable ? 1 : 0;
      });
  EXPECT_EQ(count, file.cases) << file.name;
  ReportCases(file.name, count,
              absl::StrCat(accepted, " accepted, ", count - accepted,
                           " refused, ", acceptable,
                           " of which Wycheproof calls acceptable; no key "
                           "refused"));
}

TEST_F(WycheproofSignature, JudgesEveryEcdsaSignatureRight) {
  const WycheproofFormat format = {
      {"type", "source", "publicKey", "publicKeyDer", "publicKeyPem",
       "publicKeyJwk", "sha", "tests"},
      {"tcId", "comment", "flags", "msg", "sig", "result"},
      {"ArithmeticError", "EdgeCasePublicKey", "EdgeCaseShamirMultiplication",
       "IntegerOverflow", "InvalidSignature", "ModifiedInteger",
       "ModularInverse", "PointDuplication", "RangeCheck", "SignatureSize",
       "SmallRandS", "SpecialCaseHash", "ValidSignature"}};
  for (const SignatureFile& file : {
           SignatureFile{"ecdsa_secp256r1_sha256_p1363_test.json",
                         Algorithm::kEs256, 262},
           SignatureFile{"ecdsa_secp384r1_sha384_p1363_test.json",
                         Algorithm::kEs384, 280},
           SignatureFile{"ecdsa_secp521r1_sha512_p1363_test.json",
                         Algorithm::kEs512, 318},
       }) {
    RunSignatures(file, format, "publicKeyJwk");
  }
}

TEST_F(WycheproofSignature, JudgesEveryEd25519SignatureRight) {
  const WycheproofFormat format = {
      {"type", "source", "publicKey", "publicKeyDer", "publicKeyPem",
       "publicKeyJwk", "tests"},
      {"tcId", "comment", "flags", "msg", "sig", "result"},
      {"CompressedSignature", "InvalidEncoding", "InvalidKtv",
       "InvalidSignature", "Ktv", "SignatureMalleability",
       "SignatureWithGarbage", "TinkOverflow", "TruncatedSignature", "Valid"}};
  RunSignatures({"ed25519_test.json", Algorithm::kEdDsa, 151}, format,
                "publicKeyJwk");
}

TEST_F(WycheproofSignature, JudgesEveryRsaPkcs1SignatureRight) {
  const WycheproofFormat format = {
      {"type", "source", "keyJwk", "keySize", "publicKey", "publicKeyAsn",
       "publicKeyDer", "publicKeyPem", "sha", "tests"},
      {"tcId", "comment", "flags", "msg", "sig", "result"},
      {"BerEncodedPadding", "EdgeCaseSignature", "InvalidAsnInPadding",
       "InvalidPadding", "InvalidSignature", "MissingNull", "ModifiedPadding",
       "NoHash", "ShortPadding", "SignatureMalleability", "SmallPublicKey",
       "SmallSignature", "WrongHash", "WrongPrimitive"}};
  for (const SignatureFile& file : {
           SignatureFile{"rsa_signature_2048_sha256_test.json",
                         Algorithm::kRs256, 259},
           SignatureFile{"rsa_signature_2048_sha384_test.json",
                         Algorithm::kRs384, 258},
           SignatureFile{"rsa_signature_2048_sha512_test.json",
                         Algorithm::kRs512, 259},
           SignatureFile{"rsa_signature_4096_sha256_test.json",
                         Algorithm::kRs256, 258},
       }) {
    RunSignatures(file, format, "keyJwk");
  }
}

TEST_F(WycheproofSignature, JudgesEveryRsaPssSignatureRight) {
  const WycheproofFormat format = {
      {"type", "source", "keySize", "sha", "mgf", "mgfSha", "sLen", "publicKey",
       "publicKeyAsn", "publicKeyDer", "publicKeyPem", "publicKeyJwk", "tests"},
      {"tcId", "comment", "flags", "msg", "sig", "result"},
      {"ModifiedSignature", "Normal", "SpecialCaseHash", "WrongPrimitive"}};
  for (const SignatureFile& file : {
           SignatureFile{"rsa_pss_2048_sha256_mgf1_32_test.json",
                         Algorithm::kPs256, 108},
           SignatureFile{"rsa_pss_4096_sha384_mgf1_48_test.json",
                         Algorithm::kPs384, 141},
           SignatureFile{"rsa_pss_4096_sha512_mgf1_64_test.json",
                         Algorithm::kPs512, 179},
       }) {
    RunSignatures(file, format, "publicKeyJwk");
  }
}

// Counts what becomes of the cases of an HMAC file.
struct HmacTally {
  size_t short_key = 0;  // Refused when the key is read.
  size_t short_tag = 0;  // Refused though valid: JWS does not truncate.
  size_t as_expected = 0;
};

void JudgeHmac(const WycheproofCase& c, Algorithm algorithm, HmacTally& tally) {
  const size_t hash_bits = EVP_MD_size(HashOf(algorithm)) * 8;
  const auto key = VerificationKey::Create(
      algorithm, "", SecretBytes(AsBytes(HexMember(c.test, "key"))),
      KeyLimits{});
  const bool short_key =
      IntegerMember(c.group, "keySize") < static_cast<int64_t>(hash_bits);
  ASSERT_EQ(key.ok(), !short_key) << c.where;
  if (short_key) {
    ++tally.short_key;
    return;
  }
  const bool verdict =
      VerifyEveryWay(*key, HexMember(c.test, "msg"), HexMember(c.test, "tag"));
  if (c.expected == ExpectedResult::kValid &&
      IntegerMember(c.group, "tagSize") < static_cast<int64_t>(hash_bits)) {
    ++tally.short_tag;
    EXPECT_FALSE(verdict) << c.where;
    return;
  }
  ++tally.as_expected;
  EXPECT_EQ(verdict, c.expected == ExpectedResult::kValid) << c.where;
}

TEST_F(WycheproofSignature, JudgesEveryMacRightAndRefusesTruncatedOnes) {
  const WycheproofFormat format = {
      {"type", "source", "keySize", "tagSize", "tests"},
      {"tcId", "comment", "flags", "key", "msg", "tag", "result"},
      {"ModifiedTag", "Pseudorandom"}};
  struct HmacFile {
    absl::string_view name;
    Algorithm algorithm;
  };
  for (const HmacFile& file :
       {HmacFile{"hmac_sha256_test.json", Algorithm::kHs256},
        HmacFile{"hmac_sha512_test.json", Algorithm::kHs512}}) {
    HmacTally tally;
    const size_t count = RunWycheproof(
        file.name, format,
        [&](const WycheproofCase& c) { JudgeHmac(c, file.algorithm, tally); });
    EXPECT_EQ(count, 174U);
    EXPECT_EQ(tally.short_key, 6U) << file.name;
    EXPECT_EQ(tally.short_tag, 30U) << file.name;
    EXPECT_EQ(tally.as_expected, 138U) << file.name;
    ReportCases(file.name, count,
                absl::StrCat(tally.short_key,
                             " with a key shorter than the hash, refused as a "
                             "key; ",
                             tally.short_tag, " valid but truncated, refused; ",
                             tally.as_expected, " judged as Wycheproof does"));
  }
}

}  // namespace
}  // namespace signet
