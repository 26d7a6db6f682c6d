#include "curves/p256_table.h"

#include <random>

#include "curves/p256_field.h"
#include "curves/p256_multiples.h"
#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "openssl/ec_key.h"
#include "openssl/nid.h"
#include "tests/curves/p256_signatures.h"

namespace signet {
namespace {

// Expects (j + 1) 128^i P in every place, as BoringSSL computes it.
void ExpectMultiplesOf(const EC_POINT& point,
                       const p256::Multiples& multiples) {
  const bssl::UniquePtr<EC_GROUP> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const bssl::UniquePtr<EC_POINT> expected(EC_POINT_new(group.get()));
  const bssl::UniquePtr<BIGNUM> x(BN_new());
  const bssl::UniquePtr<BIGNUM> y(BN_new());
  Residue power(1);
  for (const p256::Multiples::Row& row : multiples.rows) {
    Residue factor;
    for (const p256::Point& multiple : row) {
      factor = factor + power;
      ASSERT_EQ(EC_POINT_mul(group.get(), expected.get(), nullptr, &point,
                             ToBignum(factor.bytes()).get(), nullptr),
                1);
      ASSERT_EQ(EC_POINT_get_affine_coordinates_GFp(group.get(), expected.get(),
                                                    x.get(), y.get(), nullptr),
                1);
      const auto to_element = [](const BIGNUM& number) {
        return p256::ToElement(p256::LoadBigEndian(ToBytes(number).data()));
      };
      ASSERT_EQ(multiple.x, to_element(*x));
      ASSERT_EQ(multiple.y, to_element(*y));
    }
    power = power * Residue(128);
  }
}

TEST(P256Table, HoldsTheMultiplesOfTheGeneratorAndTheKey) {
  std::mt19937_64 random(1);
  for (const Residue& secret :
       {Residue(1), Residue(-1), Residue(2), Residue::Random(random)}) {
    const P256Key key(secret);
    if (key.table == nullptr) GTEST_SKIP() << "no tables for P-256 here";
    const EC_GROUP* group = EC_KEY_get0_group(key.key.get());
    ExpectMultiplesOf(*EC_GROUP_get0_generator(group),
                      key.table->of_generator());
    ExpectMultiplesOf(*EC_KEY_get0_public_key(key.key.get()),
                      key.table->of_key());
  }
}

TEST(P256Table, SharesTheGenerator) {
  const P256Key a(Residue(5));
  const P256Key b(Residue(6));
  if (a.table == nullptr) GTEST_SKIP() << "no tables for P-256 here";
  EXPECT_EQ(&a.table->of_generator(), &b.table->of_generator());
  EXPECT_GE(a.table->bytes(), sizeof(p256::Multiples));
  EXPECT_LT(a.table->bytes(), sizeof(p256::Multiples) + 128);
}

TEST(P256Table, IsNotBuiltForOtherCurvesOrWithoutAPoint) {
  for (const int curve : {NID_secp384r1, NID_secp521r1, NID_secp224r1}) {
    const bssl::UniquePtr<EC_KEY> key(EC_KEY_new_by_curve_name(curve));
    ASSERT_EQ(EC_KEY_generate_key(key.get()), 1);
    EXPECT_EQ(P256Table::Build(*key), nullptr);
  }
  const bssl::UniquePtr<EC_KEY> empty(
      EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  EXPECT_EQ(P256Table::Build(*empty), nullptr);
  EXPECT_EQ(P256Table::Build(*bssl::UniquePtr<EC_KEY>(EC_KEY_new())), nullptr);
}

}  // namespace
}  // namespace signet
