// The verdicts of the tables of P-384 and P-521, one by one and in batches, on
// signatures chosen with care.

#include "curves/ecdsa_verifier.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "curves/ecdsa_curve.h"
#include "curves/error_queue.h"
#include "gtest/gtest.h"
#include "keys/digest.h"
#include "openssl/digest.h"
#include "openssl/ec.h"
#include "tests/conformance/test_vectors.h"
#include "tests/conformance/wycheproof.h"
#include "tests/curves/ecdsa_signatures.h"
#include "tests/curves/ecdsa_verdicts.h"

namespace signet {
namespace {

// WycheproofFile is the one about a curve.
struct WycheproofFile {
  const char* name;
  const EVP_MD* hash;
  size_t cases;
};

template <typename Curve>
class EcdsaVerifierTest : public ::testing::Test {
 protected:
  static WycheproofFile File();

  // A signature of a random digest.
  static EcdsaCase<Curve> Sign(const EcdsaKey<Curve>& key,
                               const BigScalar<Curve>& secret,
                               std::mt19937_64& random) {
    return SignEcdsa(key, secret, RandomBytes<Curve::kDigestBytes>(random),
                     BigScalar<Curve>::Random(random));
  }
};

template <>
WycheproofFile EcdsaVerifierTest<P384>::File() {
  return {"ecdsa_secp384r1_sha384_p1363_test.json", EVP_sha384(), 280};
}

template <>
WycheproofFile EcdsaVerifierTest<P521>::File() {
  return {"ecdsa_secp521r1_sha512_p1363_test.json", EVP_sha512(), 318};
}

using Curves = ::testing::Types<P384, P521>;
TYPED_TEST_SUITE(EcdsaVerifierTest, Curves);

TYPED_TEST(EcdsaVerifierTest, SaysWhatWycheproofSays) {
  if (!HaveTestVectors()) GTEST_SKIP() << "the test vectors are not at hand";
  const WycheproofFormat format = {
      {"type", "source", "publicKey", "publicKeyDer", "publicKeyPem",
       "publicKeyJwk", "sha", "tests"},
      {"tcId", "comment", "flags", "msg", "sig", "result"},
      {"ArithmeticError", "EdgeCasePublicKey", "EdgeCaseShamirMultiplication",
       "IntegerOverflow", "InvalidSignature", "ModifiedInteger",
       "ModularInverse", "PointDuplication", "RangeCheck", "SignatureSize",
       "SmallRandS", "SpecialCaseHash", "ValidSignature"}};
  struct Case {
    std::unique_ptr<EcdsaKey<TypeParam>> key;
    Digest digest;
    std::string signature;
    bool expected;
    std::string where;
  };
  std::vector<Case> cases;
  const WycheproofFile file = this->File();
  RunWycheproof(file.name, format, [&](const WycheproofCase& c) {
    const std::string encoded =
        HexMember(ObjectMember(c.group, "publicKey"), "uncompressed");
    const bssl::UniquePtr<EC_KEY> key(
        EC_KEY_new_by_curve_name(TypeParam::kNid));
    ASSERT_EQ(EC_KEY_oct2key(key.get(), AsBytes(encoded).data(), encoded.size(),
                             nullptr),
              1)
        << c.where;
    cases.push_back({std::make_unique<EcdsaKey<TypeParam>>(
                         *EC_KEY_get0_public_key(key.get())),
                     Digest(file.hash, HexMember(c.test, "msg")),
                     HexMember(c.test, "sig"),
                     c.expected == ExpectedResult::kValid, c.where});
  });
  std::vector<EcdsaTask<TypeParam>> tasks;
  tasks.reserve(cases.size());
  for (const Case& c : cases) {
    tasks.push_back({c.key->table.get(), c.key->key.get(), c.digest.bytes(),
                     AsBytes(c.signature)});
  }
  EXPECT_EQ(cases.size(), file.cases);
  const std::vector<bool> valid = VerifyBatch(tasks);
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(VerifySingle(tasks[i]), cases[i].expected) << cases[i].where;
    EXPECT_EQ(valid[i], cases[i].expected) << cases[i].where;
  }
  ReportCases(file.name, cases.size(), "one by one and as a batch");
}

TYPED_TEST(EcdsaVerifierTest, RefusesOtherLengths) {
  std::mt19937_64 random(1);
  const EcdsaKey<TypeParam> key(9);
  const auto c = this->Sign(key, 9, random);
  std::vector<uint8_t> digest(c.digest.begin(), c.digest.end());
  std::vector<uint8_t> signature(c.signature.begin(), c.signature.end());
  digest.resize(2 * c.digest.size());
  signature.resize(2 * c.signature.size());
  for (const auto* table :
       {key.table.get(), (const EcdsaTable<TypeParam>*)nullptr}) {
    for (const size_t digest_size :
         {size_t{0}, size_t{32}, c.digest.size() - 1, c.digest.size(),
          c.digest.size() + 1, digest.size()}) {
      for (const size_t signature_size :
           {size_t{0}, size_t{64}, c.signature.size() - 1, c.signature.size(),
            c.signature.size() + 1, signature.size()}) {
        const EcdsaTask<TypeParam> task = {
            table, key.key.get(),
            absl::MakeConstSpan(digest).subspan(0, digest_size),
            absl::MakeConstSpan(signature).subspan(0, signature_size)};
        const bool expected = digest_size == c.digest.size() &&
                              signature_size == c.signature.size();
        EXPECT_EQ(VerifyBatch(std::vector<EcdsaTask<TypeParam>>(3, task)),
                  std::vector<bool>(3, expected));
        if (table == nullptr) continue;
        EXPECT_EQ(VerifySingle(task), expected);
      }
    }
  }
}

TYPED_TEST(EcdsaVerifierTest, FindsTheOneBadAmongGood) {
  std::mt19937_64 random(2);
  const BigScalar<TypeParam> secrets[] = {BigScalar<TypeParam>::Random(random),
                                          BigScalar<TypeParam>::Random(random)};
  const EcdsaKey<TypeParam> keys[] = {EcdsaKey<TypeParam>(secrets[0]),
                                      EcdsaKey<TypeParam>(secrets[1])};
  std::vector<EcdsaCase<TypeParam>> good;
  for (size_t i = 0; i < 65; ++i) {
    good.push_back(this->Sign(keys[i % 2], secrets[i % 2], random));
  }
  for (const size_t size : kEcdsaBatchSizes) {
    std::vector<EcdsaCase<TypeParam>> cases(good.begin(), good.begin() + size);
    EXPECT_EQ(VerifyBatch<TypeParam>(cases), std::vector<bool>(size, true));
    for (size_t bad = 0; bad < size; ++bad) {
      const EcdsaCase<TypeParam> kept = cases[bad];
      cases[bad].signature[random() % kept.signature.size()] ^= 1
                                                                << random() % 8;
      std::vector<bool> expected(size, true);
      expected[bad] = false;
      EXPECT_EQ(VerifyBatch<TypeParam>(cases), expected)
          << bad << " of " << size;
      cases[bad] = kept;
    }
  }
}

TYPED_TEST(EcdsaVerifierTest, FindsTheOneGoodAmongBad) {
  std::mt19937_64 random(3);
  const EcdsaKey<TypeParam> key(11);
  for (const size_t size : kEcdsaBatchSizes) {
    if (size == 0) continue;
    // Out of range, bad, and exceptional ones.
    std::vector<EcdsaCase<TypeParam>> cases;
    for (size_t i = 0; i < size; ++i) {
      auto c = i % 3 == 2 ? ForgeEcdsa<TypeParam>(key, 11, 1, random)
                          : this->Sign(key, 11, random);
      if (i % 3 == 0) c.set_s({});
      c.digest[5] ^= 4;
      cases.push_back(c);
    }
    const size_t good = random() % size;
    cases[good] = this->Sign(key, 11, random);
    std::vector<bool> expected(size, false);
    expected[good] = true;
    EXPECT_EQ(VerifyBatch<TypeParam>(cases), expected)
        << good << " of " << size;
  }
}

// A task without a table is BoringSSL's: the fallback, forced.
TYPED_TEST(EcdsaVerifierTest, SaysWhatBoringSslSaysWithoutATable) {
  std::mt19937_64 random(4);
  const EcdsaKey<TypeParam> key(13);
  std::vector<EcdsaCase<TypeParam>> cases;
  for (size_t i = 0; i < 40; ++i) {
    cases.push_back(this->Sign(key, 13, random));
    if (i % 3 == 0) cases.back().signature[i] ^= 1;
    if (i % 7 == 0) cases.back().set_r({});
  }
  std::vector<EcdsaTask<TypeParam>> tasks;
  for (size_t i = 0; i < cases.size(); ++i) {
    tasks.push_back(cases[i].task());
    if (i % 2 == 0) tasks.back().table = nullptr;
  }
  const std::vector<bool> valid = VerifyBatch(tasks);
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(valid[i], AskBoringSsl(cases[i])) << i;
  }
}

// SignatureWithX is a valid signature whose R has a chosen x, and the key for
// it: (R - u G) / v.
template <typename Curve>
struct SignatureWithX {
  std::unique_ptr<EcdsaKey<Curve>> key;
  EcdsaCase<Curve> signature;
};

// Returns nothing if `x` is not below the prime, or of no point.
template <typename Curve>
std::optional<SignatureWithX<Curve>> MakeSignatureWithX(
    const BIGNUM& x, std::mt19937_64& random) {
  const ErrorQueueCleaner cleaner;
  const EC_GROUP* group = EcdsaGroup<Curve>();
  const bssl::UniquePtr<EC_POINT> r(EC_POINT_new(group));
  const bssl::UniquePtr<EC_POINT> q(EC_POINT_new(group));
  if (BN_cmp(&x, EcdsaPrime<Curve>().get()) >= 0 ||
      EC_POINT_set_compressed_coordinates_GFp(
          group, r.get(), &x, random() % 2 == 0 ? 0 : 1, nullptr) != 1) {
    return std::nullopt;
  }
  // s = r / v and digest = u s: any digest will do, with u = digest v / r.
  const BigScalar<Curve> v = BigScalar<Curve>::Random(random);
  const auto digest = RandomBytes<Curve::kDigestBytes>(random);
  const BigScalar<Curve> u =
      BigScalar<Curve>(digest) * v * BigScalar<Curve>(x).Inverse();
  EXPECT_EQ(EC_POINT_mul(group, q.get(), (-u * v.Inverse()).bignum().get(),
                         r.get(), v.Inverse().bignum().get(), nullptr),
            1);
  auto key = std::make_unique<EcdsaKey<Curve>>(*q);
  const EcdsaCase<Curve> signature = ForgeEcdsa(*key, u, v, random);
  return SignatureWithX<Curve>{std::move(key), signature};
}

// r is x(R) mod n, and x(R) may be from n to p - 1: then r + n < p.
TYPED_TEST(EcdsaVerifierTest, AcceptsAnXAboveTheOrder) {
  std::mt19937_64 random(5);
  const BIGNUM* order = EC_GROUP_get0_order(EcdsaGroup<TypeParam>());
  const bssl::UniquePtr<BIGNUM> gap(BN_new());
  ASSERT_EQ(BN_sub(gap.get(), EcdsaPrime<TypeParam>().get(), order), 1);
  std::vector<std::unique_ptr<EcdsaKey<TypeParam>>> keys;
  std::vector<EcdsaCase<TypeParam>> cases;
  size_t above = 0;
  // From 1 on, and from 20 below p - n to 20 above.
  for (int i = 1; i <= 80; ++i) {
    const auto r =
        i <= 40 ? BigScalar<TypeParam>(i).bignum()
                : (BigScalar<TypeParam>(*gap) + BigScalar<TypeParam>(60 - i))
                      .bignum();
    const auto r_plus_n = Sum(*r, *order);
    for (const BIGNUM* x : {r.get(), r_plus_n.get()}) {
      auto made = MakeSignatureWithX<TypeParam>(*x, random);
      if (!made) continue;
      ASSERT_EQ(made->signature.r(), ToEcdsaBytes<TypeParam>(*r));
      above += x == r_plus_n.get() ? 1 : 0;
      cases.insert(cases.end(), 3, made->signature);
      // The x of another point, and an r that is not below n.
      cases.end()[-2].digest[random() % made->signature.digest.size()] ^= 1;
      cases.end()[-1].set_r(ToEcdsaBytes<TypeParam>(*r_plus_n));
      keys.push_back(std::move(made->key));
    }
  }
  const size_t valid = ExpectIdenticalVerdicts<TypeParam>(cases, random);
  EXPECT_GT(above, 20U);
  EXPECT_EQ(valid, keys.size());
  std::cout << cases.size() << " cases, " << above
            << " of them with x(R) from n to p - 1; " << valid << " valid\n";
}

}  // namespace
}  // namespace signet
