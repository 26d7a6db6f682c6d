#include "keys/jwk_material.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/jwk_text.h"

namespace signet {
namespace {

TEST(JwkMaterialTest, ReadsRsaNumbersStrictly) {
  const JwkText jwk = PublicText(Algorithm::kRs256);
  for (const std::string name : {"n", "e"}) {
    EXPECT_EQ(PublicProblem(jwk.Without(name)), "the key has no " + name);
    EXPECT_EQ(PublicProblem(jwk.With(name, "65537")),
              name + " is not a string");
    EXPECT_EQ(PublicProblem(jwk.With(name, "\"AQAB=\"")),
              name + " is not base64url without padding");
    EXPECT_EQ(PublicProblem(jwk.With(name, "\"AQ+B\"")),
              name + " is not base64url without padding");
    EXPECT_EQ(PublicProblem(jwk.With(name, "\"\"")),
              name + " is empty or starts with a zero byte");
    EXPECT_EQ(PublicProblem(
                  jwk.WithBytes(name, std::string(1, '\0') + jwk.Bytes(name))),
              name + " is empty or starts with a zero byte");
  }
  EXPECT_EQ(PublicProblem(jwk.With("e", "\"AQ\"")),
            "RSA public exponent must be odd and at least 3");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", jwk.Bytes("n").substr(0, 128))),
            "RSA modulus has 1024 bits; accepted are 2048 to 4096");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", std::string(513, '\x81'))),
            "RSA modulus has 4104 bits; accepted are 2048 to 4096");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", std::string(513, '\x81')),
                          {std::nullopt, {8192}}),
            "");
  // A megabyte of modulus is refused, not computed with.
  EXPECT_EQ(PublicProblem(jwk.WithBytes("n", std::string(1 << 20, '\x81'))),
            "RSA modulus has 8388608 bits; accepted are 2048 to 4096");
}

TEST(JwkMaterialTest, DemandsWholeAndConsistentRsaPrivateKeys) {
  constexpr char kInconsistent[] =
      "RSA key is inconsistent, or its public exponent exceeds 33 bits";
  const JwkText jwk = PrivateText(Algorithm::kRs256);
  EXPECT_EQ(PrivateProblem(jwk.text()), "");
  for (const std::string name : {"d", "p", "q", "dp", "dq", "qi"}) {
    EXPECT_EQ(PrivateProblem(jwk.Without(name)), "the key has no " + name);
    std::string bytes = jwk.Bytes(name);
    bytes.back() = static_cast<char>(bytes.back() ^ 2);
    EXPECT_EQ(PrivateProblem(jwk.WithBytes(name, bytes)), kInconsistent)
        << name;
    EXPECT_EQ(PrivateProblem(
                  jwk.WithBytes(name, std::string(1, '\0') + jwk.Bytes(name))),
              name + " is empty or starts with a zero byte");
  }
  std::string n = jwk.Bytes("n");
  n.back() = static_cast<char>(n.back() ^ 2);
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("n", n)), kInconsistent);
  EXPECT_EQ(PrivateProblem(jwk.With("e", "\"Aw\"")), kInconsistent);
  EXPECT_EQ(PrivateProblem(jwk.With("oth", "[]")),
            "RSA keys of three primes are refused");
}

TEST(JwkMaterialTest, ReadsEcPointsStrictly) {
  for (const Algorithm algorithm :
       {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512}) {
    const JwkText jwk = PublicText(algorithm);
    const size_t size = jwk.Bytes("x").size();
    for (const std::string name : {"x", "y"}) {
      EXPECT_EQ(PublicProblem(jwk.Without(name)), "the key has no " + name);
      for (const size_t wrong : {size_t{0}, size - 1, size + 1}) {
        EXPECT_EQ(
            PublicProblem(jwk.WithBytes(name, std::string(wrong, '\1'))),
            absl::StrCat(name, " has ", wrong, " bytes instead of ", size));
      }
      std::string bytes = jwk.Bytes(name);
      bytes.back() = static_cast<char>(bytes.back() ^ 1);
      EXPECT_EQ(PublicProblem(jwk.WithBytes(name, bytes)),
                "x and y are not a point on the curve");
      // Beyond the field.
      EXPECT_EQ(PublicProblem(jwk.WithBytes(name, std::string(size, '\xff'))),
                "x and y are not a point on the curve");
    }
    const JwkText zero(jwk.WithBytes("x", std::string(size, '\0')));
    EXPECT_EQ(PublicProblem(zero.WithBytes("y", std::string(size, '\0'))),
              "x and y are not a point on the curve");
    for (const char* crv :
         {"\"P-192\"", "\"p-256\"", "\"secp256k1\"", "\"\""}) {
      EXPECT_EQ(PublicProblem(jwk.With("crv", crv)),
                "crv is not P-256, P-384 or P-521");
    }
    EXPECT_EQ(PublicProblem(jwk.With("crv", "256")), "crv is not a string");
  }
}

TEST(JwkMaterialTest, DemandsConsistentEcPrivateKeys) {
  const JwkText jwk = PrivateText(Algorithm::kEs256);
  EXPECT_EQ(PrivateProblem(jwk.text()), "");
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(31, '\1'))),
            "d has 31 bytes instead of 32");
  for (const char byte : {'\0', '\xff'}) {
    EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(32, byte))),
              "d is not a scalar of the curve");
  }
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(32, '\1'))),
            "EC key is not a point on its curve, or its halves do not match");
}

TEST(JwkMaterialTest, ReadsEd25519KeysStrictly) {
  const JwkText jwk = PrivateText(Algorithm::kEdDsa);
  EXPECT_EQ(PrivateProblem(jwk.text()), "");
  const JwkText half = PublicText(Algorithm::kEdDsa);
  for (const char* crv : {"\"Ed448\"", "\"X25519\"", "\"P-256\""}) {
    const std::string problem = PublicProblem(half.With("crv", crv));
    EXPECT_EQ(problem, "crv is not Ed25519") << crv;
  }
  for (const size_t size : {0, 31, 33, 57}) {
    EXPECT_EQ(PublicProblem(half.WithBytes("x", std::string(size, '\1'))),
              absl::StrCat("x has ", size, " bytes instead of 32"));
  }
  EXPECT_EQ(PublicProblem(half.WithBytes("x", std::string(32, '\0'))),
            "Ed25519 key is a point of low order");
  EXPECT_EQ(PublicProblem(half.WithBytes("x", std::string(32, '\xff'))),
            "Ed25519 key is not canonically encoded");
  for (const size_t size : {0, 31, 33, 64}) {
    EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(size, '\1'))),
              absl::StrCat("d has ", size, " bytes instead of 32"));
  }
  EXPECT_EQ(PrivateProblem(jwk.WithBytes("d", std::string(32, '\1'))),
            "d and x do not belong together");
}

TEST(JwkMaterialTest, DemandsLongSecrets) {
  const JwkText jwk = PrivateText(Algorithm::kHs512);
  EXPECT_EQ(PublicProblem(jwk.WithBytes("k", std::string(64, 's'))), "");
  EXPECT_EQ(PublicProblem(jwk.WithBytes("k", std::string(63, 's'))),
            "HMAC secret has 63 bytes; HS512 needs at least 64");
  EXPECT_EQ(PrivateProblem(jwk.With("k", "\"\"")),
            "HMAC secret has 0 bytes; HS512 needs at least 64");
  EXPECT_EQ(PublicProblem(jwk.With("k", "\"not base64url!\"")),
            "k is not base64url without padding");
}

}  // namespace
}  // namespace signet
