#include "keys/pem.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "keys/jwk_members.h"

namespace signet {
namespace {

// A file of tests/testdata/pem, which generate.sh there makes.
std::string Read(absl::string_view name) {
  const std::string path = absl::StrCat("tests/testdata/pem/", name, ".pem");
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr char kUnsupported[] =
    "the PEM block does not hold an RSA, P-256, P-384, P-521 or Ed25519 key "
    "(an RSA key must be marked rsaEncryption, not RSASSA-PSS)";
constexpr char kEncrypted[] =
    "the PEM key is encrypted; decrypt it first, and keep the file private";
constexpr char kCertificate[] =
    "the PEM file is a certificate; extract its public key with \"openssl x509 "
    "-pubkey -noout\"";
constexpr char kPrivate[] =
    "the PEM file holds a private key, where a public one is expected; extract "
    "it with \"openssl pkey -pubout\"";
constexpr char kNotPublic[] = "the PEM block is not a public key";
constexpr char kNotPrivate[] = "the PEM block is not a private key";
constexpr char kNotPem[] = "not a PEM file, or a damaged one";
constexpr char kTwoBlocks[] = "the PEM file has more than one block";
constexpr char kNoAlgorithm[] =
    "an RSA key in PEM does not say which algorithm it is for; name one, for "
    "example RS256";

// Why a PEM text is refused; empty if it is accepted.
std::string PublicProblem(absl::string_view pem,
                          const PemOptions& options = {}) {
  return std::string(ParsePublicPem(pem, options).status().message());
}
std::string PrivateProblem(absl::string_view pem,
                           const PemOptions& options = {}) {
  return std::string(ParsePrivatePem(pem, options).status().message());
}

TEST(PemTest, ReadsFilesAsTheTableSays) {
  struct Case {
    const char* file;
    const char* as_public;
    const char* as_private;
  };
  constexpr Case kCases[] = {
      {"rsa_pkcs8", kPrivate, kNoAlgorithm},
      {"rsa_pkcs1", kPrivate, kNoAlgorithm},
      {"rsa_spki", kNoAlgorithm, kNotPrivate},
      {"rsa_pkcs1_public", kNoAlgorithm, kNotPrivate},
      // Restricted to PSS by its identifier, which BoringSSL does not read.
      {"rsa_pss_only", kPrivate, kUnsupported},
      {"rsa_pss_only_spki", kUnsupported, kNotPrivate},
      {"ec_p256_pkcs8", kPrivate, ""},
      {"ec_p256_sec1", kPrivate, ""},
      {"ec_p256_spki", "", kNotPrivate},
      {"ec_p256_compressed_spki", "", kNotPrivate},
      {"ec_p384_pkcs8", kPrivate, ""},
      {"ec_p384_spki", "", kNotPrivate},
      {"ec_p521_pkcs8", kPrivate, ""},
      {"ec_p521_spki", "", kNotPrivate},
      {"ec_p224_pkcs8", kPrivate, kUnsupported},
      {"ec_p224_spki", kUnsupported, kNotPrivate},
      {"ec_secp256k1_pkcs8", kPrivate, kUnsupported},
      {"ec_secp256k1_spki", kUnsupported, kNotPrivate},
      {"ec_p256_with_parameters", kTwoBlocks, kTwoBlocks},
      {"ed25519_pkcs8", kPrivate, ""},
      {"ed25519_spki", "", kNotPrivate},
      {"x25519_pkcs8", kPrivate, kUnsupported},
      {"x25519_spki", kUnsupported, kNotPrivate},
      {"encrypted_pkcs8", kEncrypted, kEncrypted},
      {"encrypted_pkcs1", kEncrypted, kEncrypted},
      {"certificate", kCertificate, kCertificate},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(PublicProblem(Read(c.file)), c.as_public) << c.file;
    EXPECT_EQ(PrivateProblem(Read(c.file)), c.as_private) << c.file;
  }
}

TEST(PemTest, ReadsTheSameKeyFromEveryForm) {
  struct Case {
    const char* private_file;
    const char* public_file;
    Algorithm algorithm;
  };
  constexpr Case kCases[] = {
      {"rsa_pkcs8", "rsa_spki", Algorithm::kRs256},
      {"rsa_pkcs1", "rsa_pkcs1_public", Algorithm::kPs512},
      {"rsa_pkcs1", "rsa_spki", Algorithm::kRs384},
      {"ec_p256_pkcs8", "ec_p256_spki", Algorithm::kEs256},
      {"ec_p256_sec1", "ec_p256_compressed_spki", Algorithm::kEs256},
      {"ec_p384_pkcs8", "ec_p384_spki", Algorithm::kEs384},
      {"ec_p521_pkcs8", "ec_p521_spki", Algorithm::kEs512},
      {"ed25519_pkcs8", "ed25519_spki", Algorithm::kEdDsa},
  };
  for (const Case& c : kCases) {
    const auto whole = ParsePrivatePem(Read(c.private_file), {"", c.algorithm});
    ASSERT_TRUE(whole.ok()) << c.private_file << ": " << whole.status();
    const auto half = ParsePublicPem(Read(c.public_file), {"", c.algorithm});
    ASSERT_TRUE(half.ok()) << c.public_file << ": " << half.status();
    EXPECT_EQ(whole->algorithm(), c.algorithm);
    EXPECT_EQ(half->algorithm(), c.algorithm);
    // Both are known by the same thumbprint.
    EXPECT_EQ(whole->key_id(), half->key_id());
    EXPECT_EQ(half->key_id(), JwkThumbprint(half->material()));
  }
}

TEST(PemTest, GivesTheKeyTheIdFromTheOptions) {
  EXPECT_EQ(ParsePublicPem(Read("ec_p256_spki"), {"my key"})->key_id(),
            "my key");
  EXPECT_EQ(ParsePrivatePem(Read("ec_p256_pkcs8"), {"my key"})->key_id(),
            "my key");
  EXPECT_EQ(PublicProblem(Read("ec_p256_spki"), {std::string(257, 'k')}),
            "key id is longer than 256 bytes");
}

TEST(PemTest, RefusesAlgorithmThatDoesNotFitTheKey) {
  EXPECT_EQ(PublicProblem(Read("ec_p256_spki"), {"", Algorithm::kEs384}),
            "ES384 needs a key on curve P-384");
  EXPECT_EQ(PublicProblem(Read("ec_p224_spki"), {"", Algorithm::kEs256}),
            "ES256 needs a key on curve P-256");
  EXPECT_EQ(PublicProblem(Read("rsa_spki"), {"", Algorithm::kEs256}),
            "key is not of the type that ES256 uses");
  EXPECT_EQ(PublicProblem(Read("rsa_spki"), {"", Algorithm::kHs256}),
            "key is not of the type that HS256 uses");
  EXPECT_EQ(PrivateProblem(Read("ed25519_pkcs8"), {"", Algorithm::kRs256}),
            "key is not of the type that RS256 uses");
  EXPECT_EQ(PrivateProblem(Read("rsa_1024"), {"", Algorithm::kRs256}),
            "RSA modulus has 1024 bits; accepted are 2048 to 4096");
}

TEST(PemTest, RefusesMoreThanOneBlock) {
  const std::string spki = Read("ec_p256_spki");
  // Whatever the second is: a key, another kind of thing, or an encrypted one.
  for (const char* second :
       {"ec_p256_spki", "rsa_spki", "ec_p256_pkcs8", "certificate",
        "encrypted_pkcs8", "encrypted_pkcs1"}) {
    EXPECT_EQ(PublicProblem(absl::StrCat(spki, Read(second))), kTwoBlocks)
        << second;
    EXPECT_EQ(PrivateProblem(absl::StrCat(Read("ec_p256_pkcs8"), Read(second))),
              kTwoBlocks)
        << second;
  }
}

TEST(PemTest, RefusesSecondBlockThatIsDamaged) {
  const std::string spki = Read("ec_p256_spki");
  EXPECT_EQ(PublicProblem(absl::StrCat(spki, spki.substr(0, spki.size() / 2))),
            kTwoBlocks);
}

TEST(PemTest, AllowsTextAroundTheBlock) {
  EXPECT_EQ(PublicProblem(absl::StrCat("Key of the issuer\n\n",
                                       Read("ec_p256_spki"), "\n# the end\n")),
            "");
  EXPECT_EQ(PublicProblem(
                absl::StrReplaceAll(Read("ec_p256_spki"), {{"\n", "\r\n"}})),
            "");
}

TEST(PemTest, RefusesWhatIsNotPemOrDamaged) {
  const std::string spki = Read("ec_p256_spki");
  for (const std::string& text :
       {std::string(), std::string("not pem"), std::string(R"({"kty":"EC"})"),
        std::string("-----BEGIN PUBLIC KEY-----"),
        absl::StrReplaceAll(spki, {{"END PUBLIC", "END PRIVATE"}}),
        absl::StrReplaceAll(spki, {{"MF", "M!"}}),
        spki.substr(0, spki.size() / 2)}) {
    EXPECT_EQ(PublicProblem(text), kNotPem) << text;
    EXPECT_EQ(PrivateProblem(text), kNotPem) << text;
  }
}

TEST(PemTest, RefusesBlocksUnderAnotherKeysLabel) {
  const auto relabel = [](absl::string_view file, absl::string_view from,
                          absl::string_view to) {
    return absl::StrReplaceAll(Read(file), {{from, to}});
  };
  EXPECT_EQ(
      PublicProblem(relabel("ec_p256_spki", "PUBLIC KEY", "RSA PUBLIC KEY")),
      kUnsupported);
  EXPECT_EQ(
      PublicProblem(relabel("rsa_pkcs1_public", "RSA PUBLIC KEY", "PUBLIC KEY"),
                    {"", Algorithm::kRs256}),
      kUnsupported);
  EXPECT_EQ(
      PublicProblem(relabel("ec_p256_pkcs8", "PRIVATE KEY", "PUBLIC KEY")),
      kUnsupported);
  EXPECT_EQ(
      PrivateProblem(relabel("ec_p256_spki", "PUBLIC KEY", "PRIVATE KEY")),
      kUnsupported);
  EXPECT_EQ(
      PrivateProblem(relabel("rsa_pkcs1", "RSA PRIVATE KEY", "EC PRIVATE KEY")),
      kUnsupported);
  EXPECT_EQ(
      PublicProblem(relabel("ec_p256_spki", "PUBLIC KEY", "EC PARAMETERS")),
      kNotPublic);
}

// A block of this label, with a byte after what is in the file's.
std::string WithTrailingByte(absl::string_view file) {
  const std::string pem = Read(file);
  // Of every file here the last group of base64 is padded, or full; a full
  // one more adds three bytes to the DER.
  const size_t end = pem.find("\n-----END");
  if (pem[end - 1] != '=') return std::string(pem).insert(end, "\nAAAA");
  // Replace "X==" or "XY=" by a full group of the same first bits.
  std::string longer = pem;
  for (size_t i = end; longer[i - 1] == '='; --i) longer[i - 1] = 'A';
  return longer;
}

TEST(PemTest, RefusesTrailingBytesAfterTheKey) {
  for (const char* file : {"ec_p256_spki", "ec_p384_spki", "ed25519_spki",
                           "rsa_spki", "rsa_pkcs1_public"}) {
    EXPECT_EQ(PublicProblem(WithTrailingByte(file), {"", Algorithm::kRs256}),
              kUnsupported)
        << file;
  }
  for (const char* file : {"ec_p256_pkcs8", "ec_p256_sec1", "ed25519_pkcs8",
                           "rsa_pkcs8", "rsa_pkcs1"}) {
    EXPECT_EQ(PrivateProblem(WithTrailingByte(file), {"", Algorithm::kRs256}),
              kUnsupported)
        << file;
  }
}

}  // namespace
}  // namespace signet
