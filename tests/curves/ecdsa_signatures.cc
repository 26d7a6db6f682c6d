#include "tests/curves/ecdsa_signatures.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "curves/error_queue.h"
#include "gtest/gtest.h"
#include "openssl/ec.h"
#include "openssl/ecdsa.h"

namespace signet {
namespace {

BN_CTX* Context() {
  thread_local const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  return context.get();
}

bssl::UniquePtr<BIGNUM> NewBignum() {
  return bssl::UniquePtr<BIGNUM>(BN_new());
}

template <size_t N>
bssl::UniquePtr<BIGNUM> ToBignum(const std::array<uint8_t, N>& bytes) {
  return bssl::UniquePtr<BIGNUM>(BN_bin2bn(bytes.data(), N, nullptr));
}

bssl::UniquePtr<BIGNUM> FromInt64(int64_t number) {
  auto bignum = NewBignum();
  EXPECT_EQ(BN_set_u64(bignum.get(), std::abs(number)), 1);
  BN_set_negative(bignum.get(), number < 0 ? 1 : 0);
  return bignum;
}

// Returns u G + v `point`.
template <typename Curve>
bssl::UniquePtr<EC_POINT> Combine(const BigScalar<Curve>& u,
                                  const EC_POINT& point,
                                  const BigScalar<Curve>& v) {
  const EC_GROUP* group = EcdsaGroup<Curve>();
  bssl::UniquePtr<EC_POINT> sum(EC_POINT_new(group));
  EXPECT_EQ(EC_POINT_mul(group, sum.get(), u.bignum().get(), &point,
                         v.bignum().get(), Context()),
            1);
  return sum;
}

// Returns x mod n of a point, or nothing if it is infinite.
template <typename Curve>
std::optional<BigScalar<Curve>> XModuloOrder(const EC_POINT& point) {
  const EC_GROUP* group = EcdsaGroup<Curve>();
  if (EC_POINT_is_at_infinity(group, &point) == 1) return std::nullopt;
  const auto x = NewBignum();
  EXPECT_EQ(EC_POINT_get_affine_coordinates_GFp(group, &point, x.get(), nullptr,
                                                Context()),
            1);
  return BigScalar<Curve>(*x);
}

template <typename Curve>
EcdsaCase<Curve> MakeCase(const EcdsaKey<Curve>& key,
                          const EcdsaDigest<Curve>& digest,
                          const BigScalar<Curve>& r,
                          const BigScalar<Curve>& s) {
  EcdsaCase<Curve> c = {&key, digest, {}};
  c.set_r(r.bytes());
  c.set_s(s.bytes());
  return c;
}

// Returns the digest that is this number, or nothing if it is too long.
template <typename Curve>
std::optional<EcdsaDigest<Curve>> ToDigest(const BigScalar<Curve>& number) {
  const auto& bytes = number.bytes();
  const auto begin = bytes.end() - Curve::kDigestBytes;
  if (std::any_of(bytes.begin(), begin, [](uint8_t byte) { return byte; })) {
    return std::nullopt;
  }
  EcdsaDigest<Curve> digest;
  std::copy(begin, bytes.end(), digest.begin());
  return digest;
}

}  // namespace

template <typename Curve>
BigScalar<Curve>::BigScalar(int64_t number) : BigScalar(*FromInt64(number)) {}

template <typename Curve>
BigScalar<Curve>::BigScalar(const EcdsaDigest<Curve>& big_endian)
    : BigScalar(*ToBignum(big_endian)) {}

template <typename Curve>
BigScalar<Curve>::BigScalar(const BIGNUM& number) {
  const auto reduced = NewBignum();
  EXPECT_EQ(BN_nnmod(reduced.get(), &number,
                     EC_GROUP_get0_order(EcdsaGroup<Curve>()), Context()),
            1);
  bytes_ = ToEcdsaBytes<Curve>(*reduced);
}

template <typename Curve>
BigScalar<Curve> BigScalar<Curve>::Random(std::mt19937_64& random) {
  return BigScalar(*ToBignum(RandomBytes<Curve::kBytes>(random)));
}

template <typename Curve>
bssl::UniquePtr<BIGNUM> BigScalar<Curve>::bignum() const {
  return ToBignum(bytes_);
}

template <typename Curve>
BigScalar<Curve> BigScalar<Curve>::Inverse() const {
  const bssl::UniquePtr<BIGNUM> inverse(
      BN_mod_inverse(nullptr, bignum().get(),
                     EC_GROUP_get0_order(EcdsaGroup<Curve>()), Context()));
  EXPECT_NE(inverse, nullptr);
  return BigScalar(*inverse);
}

template <typename Curve>
BigScalar<Curve> BigScalar<Curve>::Plus(const BigScalar& other) const {
  return BigScalar(*Sum(*bignum(), *other.bignum()));
}

template <typename Curve>
BigScalar<Curve> BigScalar<Curve>::Minus(const BigScalar& other) const {
  const auto difference = NewBignum();
  EXPECT_EQ(BN_sub(difference.get(), bignum().get(), other.bignum().get()), 1);
  return BigScalar(*difference);
}

template <typename Curve>
BigScalar<Curve> BigScalar<Curve>::Times(const BigScalar& other) const {
  const auto product = NewBignum();
  EXPECT_EQ(
      BN_mul(product.get(), bignum().get(), other.bignum().get(), Context()),
      1);
  return BigScalar(*product);
}

template <typename Curve>
const EC_GROUP* EcdsaGroup() {
  static const EC_GROUP* const group = EC_GROUP_new_by_curve_name(Curve::kNid);
  return group;
}

template <typename Curve>
bssl::UniquePtr<BIGNUM> EcdsaPrime() {
  auto prime = NewBignum();
  EXPECT_EQ(EC_GROUP_get_curve_GFp(EcdsaGroup<Curve>(), prime.get(), nullptr,
                                   nullptr, nullptr),
            1);
  return prime;
}

template <typename Curve>
EcdsaBytes<Curve> ToEcdsaBytes(const BIGNUM& number) {
  EcdsaBytes<Curve> bytes;
  if (BN_num_bytes(&number) > bytes.size()) {
    bytes.fill(0xff);
  } else {
    EXPECT_EQ(BN_bn2bin_padded(bytes.data(), bytes.size(), &number), 1);
  }
  return bytes;
}

bssl::UniquePtr<BIGNUM> Sum(const BIGNUM& a, const BIGNUM& b) {
  auto sum = NewBignum();
  EXPECT_EQ(BN_add(sum.get(), &a, &b), 1);
  return sum;
}

template <typename Curve>
EcdsaKey<Curve>::EcdsaKey(const BigScalar<Curve>& secret)
    : EcdsaKey(*Combine<Curve>(
          secret, *EC_GROUP_get0_generator(EcdsaGroup<Curve>()), 0)) {}

template <typename Curve>
EcdsaKey<Curve>::EcdsaKey(const EC_POINT& point)
    : key(EC_KEY_new_by_curve_name(Curve::kNid)) {
  EXPECT_EQ(EC_KEY_set_public_key(key.get(), &point), 1);
  table = EcdsaTable<Curve>::Build(*key);
}

template <typename Curve>
EcdsaBytes<Curve> EcdsaCase<Curve>::r() const {
  EcdsaBytes<Curve> half;
  std::copy_n(signature.begin(), half.size(), half.begin());
  return half;
}

template <typename Curve>
EcdsaBytes<Curve> EcdsaCase<Curve>::s() const {
  EcdsaBytes<Curve> half;
  std::copy_n(signature.begin() + half.size(), half.size(), half.begin());
  return half;
}

template <typename Curve>
void EcdsaCase<Curve>::set_r(const EcdsaBytes<Curve>& r) {
  std::copy_n(r.begin(), r.size(), signature.begin());
}

template <typename Curve>
void EcdsaCase<Curve>::set_s(const EcdsaBytes<Curve>& s) {
  std::copy_n(s.begin(), s.size(), signature.begin() + s.size());
}

template <typename Curve>
EcdsaCase<Curve> SignEcdsa(const EcdsaKey<Curve>& key,
                           const BigScalar<Curve>& secret,
                           const EcdsaDigest<Curve>& digest,
                           const BigScalar<Curve>& nonce) {
  const EC_POINT& generator = *EC_GROUP_get0_generator(EcdsaGroup<Curve>());
  const BigScalar<Curve> r =
      XModuloOrder<Curve>(*Combine<Curve>(nonce, generator, 0)).value();
  return MakeCase(key, digest, r,
                  (BigScalar<Curve>(digest) + r * secret) * nonce.Inverse());
}

template <typename Curve>
EcdsaCase<Curve> ForgeEcdsa(const EcdsaKey<Curve>& key,
                            const BigScalar<Curve>& u,
                            const BigScalar<Curve>& v,
                            std::mt19937_64& random) {
  const EC_POINT& q = *EC_KEY_get0_public_key(key.key.get());
  BigScalar<Curve> r =
      XModuloOrder<Curve>(*Combine(u, q, v)).value_or(BigScalar<Curve>(1));
  BigScalar<Curve> s = r * v.Inverse();
  auto digest = ToDigest<Curve>(u * s);
  while (!digest.has_value()) {
    s = BigScalar<Curve>::Random(random);
    r = v * s;
    digest = ToDigest<Curve>(u * s);
  }
  return MakeCase(key, *digest, r, s);
}

template <typename Curve>
bool AskBoringSsl(const EcdsaCase<Curve>& c) {
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
  EXPECT_EQ(ECDSA_SIG_set0(pair.get(), ToBignum(c.r()).release(),
                           ToBignum(c.s()).release()),
            1);
  return ECDSA_do_verify(c.digest.data(), c.digest.size(), pair.get(),
                         c.key->key.get()) == 1;
}

#define SIGNET_INSTANTIATE(Curve)                                \
  template class BigScalar<Curve>;                               \
  template struct EcdsaKey<Curve>;                               \
  template struct EcdsaCase<Curve>;                              \
  template const EC_GROUP* EcdsaGroup<Curve>();                  \
  template bssl::UniquePtr<BIGNUM> EcdsaPrime<Curve>();          \
  template EcdsaBytes<Curve> ToEcdsaBytes<Curve>(const BIGNUM&); \
  template EcdsaCase<Curve> SignEcdsa(                           \
      const EcdsaKey<Curve>&, const BigScalar<Curve>&,           \
      const EcdsaDigest<Curve>&, const BigScalar<Curve>&);       \
  template EcdsaCase<Curve> ForgeEcdsa(                          \
      const EcdsaKey<Curve>&, const BigScalar<Curve>&,           \
      const BigScalar<Curve>&, std::mt19937_64&);                \
  template bool AskBoringSsl(const EcdsaCase<Curve>&)

SIGNET_INSTANTIATE(P384);
SIGNET_INSTANTIATE(P521);

#undef SIGNET_INSTANTIATE

}  // namespace signet
