#include "curves/ecdsa_table.h"

#include <cstddef>
#include <random>

#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_multiples.h"
#include "curves/ecdsa_point.h"
#include "curves/ecdsa_signature.h"
#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "openssl/ec_key.h"
#include "openssl/nid.h"
#include "tests/curves/ecdsa_signatures.h"

namespace signet {
namespace {

template <typename Curve>
class EcdsaTableTest : public ::testing::Test {
 protected:
  static ecdsa::Number<Curve> ToNumber(const BIGNUM& number) {
    return ecdsa::LoadBigEndian<Curve>(ToEcdsaBytes<Curve>(number));
  }

  static void ExpectPoint(const EC_POINT& expected,
                          const ecdsa::Point<Curve>& point) {
    using Element = ecdsa::Element<Curve>;
    const bssl::UniquePtr<BIGNUM> x(BN_new());
    const bssl::UniquePtr<BIGNUM> y(BN_new());
    ASSERT_EQ(EC_POINT_get_affine_coordinates_GFp(
                  EcdsaGroup<Curve>(), &expected, x.get(), y.get(), nullptr),
              1);
    ASSERT_EQ(point.x, Element::FromNumber(ToNumber(*x)));
    ASSERT_EQ(point.y, Element::FromNumber(ToNumber(*y)));
  }

  // Expects (j + 1) 2^(w i) P in every place, as BoringSSL computes it.
  static void ExpectMultiplesOf(const EC_POINT& point,
                                const ecdsa::Multiples<Curve>& multiples) {
    const EC_GROUP* group = EcdsaGroup<Curve>();
    const bssl::UniquePtr<EC_POINT> base(EC_POINT_dup(&point, group));
    const bssl::UniquePtr<EC_POINT> multiple(EC_POINT_new(group));
    for (const auto& row : multiples.rows) {
      ASSERT_EQ(EC_POINT_set_to_infinity(group, multiple.get()), 1);
      for (const ecdsa::Point<Curve>& entry : row) {
        ASSERT_EQ(EC_POINT_add(group, multiple.get(), multiple.get(),
                               base.get(), nullptr),
                  1);
        ExpectPoint(*multiple, entry);
      }
      ASSERT_EQ(EC_POINT_dbl(group, base.get(), multiple.get(), nullptr), 1);
    }
  }
};

using Curves = ::testing::Types<P384, P521>;
TYPED_TEST_SUITE(EcdsaTableTest, Curves);

TYPED_TEST(EcdsaTableTest, IsOfTheCurveThatBoringSslHas) {
  const EC_GROUP* group = EcdsaGroup<TypeParam>();
  EXPECT_EQ(this->ToNumber(*EC_GROUP_get0_order(group)), TypeParam::kOrder);
  EXPECT_EQ(this->ToNumber(*EcdsaPrime<TypeParam>()), TypeParam::kPrime);
  EXPECT_EQ(BN_num_bits(EC_GROUP_get0_order(group)), TypeParam::kBits);
}

TYPED_TEST(EcdsaTableTest, HoldsTheMultiplesOfTheGeneratorAndTheKey) {
  std::mt19937_64 random(1);
  using Scalar = BigScalar<TypeParam>;
  for (const Scalar& secret : {Scalar(-2), Scalar::Random(random)}) {
    const EcdsaKey<TypeParam> key(secret);
    ASSERT_NE(key.table, nullptr);
    this->ExpectMultiplesOf(*EC_KEY_get0_public_key(key.key.get()),
                            key.table->of_key());
  }
  const EcdsaKey<TypeParam> generator(Scalar(1));
  ASSERT_NE(generator.table, nullptr);
  this->ExpectMultiplesOf(*EC_GROUP_get0_generator(EcdsaGroup<TypeParam>()),
                          generator.table->of_generator());
}

TYPED_TEST(EcdsaTableTest, SharesTheGenerator) {
  const EcdsaKey<TypeParam> a(5);
  const EcdsaKey<TypeParam> b(6);
  EXPECT_EQ(&a.table->of_generator(), &b.table->of_generator());
  EXPECT_GE(a.table->bytes(), sizeof(ecdsa::Multiples<TypeParam>));
  EXPECT_LT(a.table->bytes(), 256U << 10);
}

TYPED_TEST(EcdsaTableTest, IsNotBuiltForOtherCurvesOrWithoutAPoint) {
  for (const int curve :
       {NID_secp224r1, NID_X9_62_prime256v1, NID_secp384r1, NID_secp521r1}) {
    if (curve == TypeParam::kNid) continue;
    const bssl::UniquePtr<EC_KEY> key(EC_KEY_new_by_curve_name(curve));
    ASSERT_EQ(EC_KEY_generate_key(key.get()), 1);
    EXPECT_EQ(EcdsaTable<TypeParam>::Build(*key), nullptr);
  }
  const bssl::UniquePtr<EC_KEY> empty(
      EC_KEY_new_by_curve_name(TypeParam::kNid));
  EXPECT_EQ(EcdsaTable<TypeParam>::Build(*empty), nullptr);
  EXPECT_EQ(
      EcdsaTable<TypeParam>::Build(*bssl::UniquePtr<EC_KEY>(EC_KEY_new())),
      nullptr);
}

}  // namespace
}  // namespace signet
