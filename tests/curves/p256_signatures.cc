#include "tests/curves/p256_signatures.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "curves/error_queue.h"
#include "gtest/gtest.h"
#include "openssl/ec.h"
#include "openssl/ecdsa.h"
#include "openssl/nid.h"

namespace signet {
namespace {

const EC_GROUP* Group() {
  static const EC_GROUP* const group =
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  return group;
}

BN_CTX* Context() {
  thread_local const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  return context.get();
}

const BIGNUM* Order() { return EC_GROUP_get0_order(Group()); }

bssl::UniquePtr<BIGNUM> NewBignum() {
  return bssl::UniquePtr<BIGNUM>(BN_new());
}

// Returns u G + v `point`.
bssl::UniquePtr<EC_POINT> Combine(const Residue& u, const EC_POINT& point,
                                  const Residue& v) {
  bssl::UniquePtr<EC_POINT> sum(EC_POINT_new(Group()));
  EXPECT_EQ(EC_POINT_mul(Group(), sum.get(), ToBignum(u.bytes()).get(), &point,
                         ToBignum(v.bytes()).get(), Context()),
            1);
  return sum;
}

// Returns x mod n of a point, or nothing if it is infinite.
std::optional<Residue> XModuloOrder(const EC_POINT& point) {
  if (EC_POINT_is_at_infinity(Group(), &point) == 1) return std::nullopt;
  const auto x = NewBignum();
  EXPECT_EQ(EC_POINT_get_affine_coordinates_GFp(Group(), &point, x.get(),
                                                nullptr, Context()),
            1);
  return Residue(ToBytes(*x));
}

P256Case MakeCase(const P256Key& key, const Bytes32& digest, const Residue& r,
                  const Residue& s) {
  P256Case c = {&key, digest, {}};
  c.set_r(r.bytes());
  c.set_s(s.bytes());
  return c;
}

}  // namespace

Residue::Residue(int64_t number) {
  const auto magnitude = NewBignum();
  EXPECT_EQ(BN_set_u64(magnitude.get(), std::abs(number)), 1);
  BN_set_negative(magnitude.get(), number < 0 ? 1 : 0);
  *this = FromBignum(*magnitude);
}

Residue::Residue(const Bytes32& big_endian) {
  *this = FromBignum(*ToBignum(big_endian));
}

Residue Residue::Random(std::mt19937_64& random) {
  return Residue(RandomBytes(random));
}

Residue Residue::FromBignum(const BIGNUM& number) {
  const auto reduced = NewBignum();
  EXPECT_EQ(BN_nnmod(reduced.get(), &number, Order(), Context()), 1);
  Residue residue(Unset{});
  residue.bytes_ = ToBytes(*reduced);
  return residue;
}

Residue Residue::Inverse() const {
  const bssl::UniquePtr<BIGNUM> inverse(
      BN_mod_inverse(nullptr, ToBignum(bytes_).get(), Order(), Context()));
  EXPECT_NE(inverse, nullptr);
  return FromBignum(*inverse);
}

Residue operator+(const Residue& a, const Residue& b) {
  const auto sum = NewBignum();
  EXPECT_EQ(
      BN_add(sum.get(), ToBignum(a.bytes_).get(), ToBignum(b.bytes_).get()), 1);
  return Residue::FromBignum(*sum);
}

Residue operator-(const Residue& a, const Residue& b) {
  const auto difference = NewBignum();
  EXPECT_EQ(BN_sub(difference.get(), ToBignum(a.bytes_).get(),
                   ToBignum(b.bytes_).get()),
            1);
  return Residue::FromBignum(*difference);
}

Residue operator*(const Residue& a, const Residue& b) {
  const auto product = NewBignum();
  EXPECT_EQ(BN_mul(product.get(), ToBignum(a.bytes_).get(),
                   ToBignum(b.bytes_).get(), Context()),
            1);
  return Residue::FromBignum(*product);
}

bssl::UniquePtr<BIGNUM> P256Order() {
  return bssl::UniquePtr<BIGNUM>(BN_dup(Order()));
}

bssl::UniquePtr<BIGNUM> P256Prime() {
  auto prime = NewBignum();
  EXPECT_EQ(
      EC_GROUP_get_curve_GFp(Group(), prime.get(), nullptr, nullptr, nullptr),
      1);
  return prime;
}

bssl::UniquePtr<BIGNUM> ToBignum(const Bytes32& bytes) {
  return bssl::UniquePtr<BIGNUM>(
      BN_bin2bn(bytes.data(), bytes.size(), nullptr));
}

Bytes32 ToBytes(const BIGNUM& number) {
  Bytes32 bytes = {};
  EXPECT_EQ(BN_bn2bin_padded(bytes.data(), bytes.size(), &number), 1);
  return bytes;
}

bssl::UniquePtr<BIGNUM> Sum(const BIGNUM& a, const BIGNUM& b) {
  auto sum = NewBignum();
  EXPECT_EQ(BN_add(sum.get(), &a, &b), 1);
  return sum;
}

Bytes32 RandomBytes(std::mt19937_64& random) {
  Bytes32 bytes;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

P256Key::P256Key(const Residue& secret)
    : P256Key(*Combine(secret, *EC_GROUP_get0_generator(Group()), 0)) {}

P256Key::P256Key(const EC_POINT& point)
    : key(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1)) {
  EXPECT_EQ(EC_KEY_set_public_key(key.get(), &point), 1);
  table = P256Table::Build(*key);
}

Bytes32 P256Case::r() const {
  Bytes32 half;
  std::copy_n(signature.begin(), half.size(), half.begin());
  return half;
}

Bytes32 P256Case::s() const {
  Bytes32 half;
  std::copy_n(signature.begin() + half.size(), half.size(), half.begin());
  return half;
}

void P256Case::set_r(const Bytes32& r) {
  std::copy_n(r.begin(), r.size(), signature.begin());
}

void P256Case::set_s(const Bytes32& s) {
  std::copy_n(s.begin(), s.size(), signature.begin() + s.size());
}

P256Case Sign(const P256Key& key, const Residue& secret, const Bytes32& digest,
              const Residue& nonce) {
  const EC_POINT& generator = *EC_GROUP_get0_generator(Group());
  const Residue r = XModuloOrder(*Combine(nonce, generator, 0)).value();
  return MakeCase(key, digest, r,
                  (Residue(digest) + r * secret) * nonce.Inverse());
}

P256Case Forge(const P256Key& key, const Residue& u, const Residue& v) {
  const Residue r =
      XModuloOrder(*Combine(u, *EC_KEY_get0_public_key(key.key.get()), v))
          .value_or(1);
  const Residue s = r * v.Inverse();
  return MakeCase(key, (u * s).bytes(), r, s);
}

bool AskBoringSsl(const P256Case& c) {
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
  EXPECT_EQ(ECDSA_SIG_set0(pair.get(), ToBignum(c.r()).release(),
                           ToBignum(c.s()).release()),
            1);
  return ECDSA_do_verify(c.digest.data(), c.digest.size(), pair.get(),
                         c.key->key.get()) == 1;
}

}  // namespace signet
