// ECDSA signatures of P-384 and P-521, valid, mutated and garbage, each judged
// three times: by the tables alone, in batches, and by BoringSSL's
// ECDSA_do_verify.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <vector>

#include "curves/ecdsa_curve.h"
#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "tests/curves/ecdsa_signatures.h"
#include "tests/curves/ecdsa_verdicts.h"
#include "tests/differential/case_count.h"

namespace signet {
namespace {

// Mutation changes a signature. Less than half of them leave it to be rejected
// before any arithmetic, which makes a third of all cases so at most.
template <typename Curve>
struct Mutation {
  const char* name;
  void (*apply)(EcdsaCase<Curve>& c, std::mt19937_64& random);
};

template <typename Curve>
const BIGNUM& Order() {
  return *EC_GROUP_get0_order(EcdsaGroup<Curve>());
}

template <typename Curve>
EcdsaBytes<Curve> PlusOrder(const EcdsaBytes<Curve>& bytes) {
  const bssl::UniquePtr<BIGNUM> number(
      BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return ToEcdsaBytes<Curve>(*Sum(*number, Order<Curve>()));
}

template <typename Curve>
BigScalar<Curve> ToScalar(const EcdsaBytes<Curve>& bytes) {
  return BigScalar<Curve>(
      *bssl::UniquePtr<BIGNUM>(BN_bin2bn(bytes.data(), bytes.size(), nullptr)));
}

template <typename Bytes>
void FlipBit(Bytes& bytes, size_t begin, size_t end, std::mt19937_64& random) {
  bytes[begin + random() % (end - begin)] ^= 1 << random() % 8;
}

template <typename C>
constexpr Mutation<C> kMutations[] = {
    {"none", [](EcdsaCase<C>&, std::mt19937_64&) {}},
    {"-s", [](EcdsaCase<C>& c,
              std::mt19937_64&) { c.set_s((-ToScalar<C>(c.s())).bytes()); }},
    {"bit of digest",
     [](EcdsaCase<C>& c, std::mt19937_64& random) {
       FlipBit(c.digest, 0, c.digest.size(), random);
     }},
    {"bit of r",
     [](EcdsaCase<C>& c, std::mt19937_64& random) {
       FlipBit(c.signature, 0, C::kBytes, random);
     }},
    {"bit of s",
     [](EcdsaCase<C>& c, std::mt19937_64& random) {
       FlipBit(c.signature, C::kBytes, 2 * C::kBytes, random);
     }},
    {"r = 0", [](EcdsaCase<C>& c, std::mt19937_64&) { c.set_r({}); }},
    {"s = 0", [](EcdsaCase<C>& c, std::mt19937_64&) { c.set_s({}); }},
    {"r = s = 0", [](EcdsaCase<C>& c, std::mt19937_64&) { c.signature = {}; }},
    {"r = 1", [](EcdsaCase<C>& c,
                 std::mt19937_64&) { c.set_r(BigScalar<C>(1).bytes()); }},
    {"s = 1", [](EcdsaCase<C>& c,
                 std::mt19937_64&) { c.set_s(BigScalar<C>(1).bytes()); }},
    {"r = n", [](EcdsaCase<C>& c,
                 std::mt19937_64&) { c.set_r(ToEcdsaBytes<C>(Order<C>())); }},
    {"s = n", [](EcdsaCase<C>& c,
                 std::mt19937_64&) { c.set_s(ToEcdsaBytes<C>(Order<C>())); }},
    {"r = n - 1", [](EcdsaCase<C>& c,
                     std::mt19937_64&) { c.set_r(BigScalar<C>(-1).bytes()); }},
    {"s = n - 1", [](EcdsaCase<C>& c,
                     std::mt19937_64&) { c.set_s(BigScalar<C>(-1).bytes()); }},
    {"r + n",
     [](EcdsaCase<C>& c, std::mt19937_64&) { c.set_r(PlusOrder<C>(c.r())); }},
    {"s + n",
     [](EcdsaCase<C>& c, std::mt19937_64&) { c.set_s(PlusOrder<C>(c.s())); }},
    {"r = p",
     [](EcdsaCase<C>& c, std::mt19937_64&) {
       c.set_r(ToEcdsaBytes<C>(*EcdsaPrime<C>()));
     }},
    {"swapped",
     [](EcdsaCase<C>& c, std::mt19937_64&) {
       const EcdsaBytes<C> r = c.r();
       c.set_r(c.s());
       c.set_s(r);
     }},
    {"digest = 0", [](EcdsaCase<C>& c, std::mt19937_64&) { c.digest = {}; }},
    {"digest all ones",
     [](EcdsaCase<C>& c, std::mt19937_64&) { c.digest.fill(0xff); }},
    {"all ones",
     [](EcdsaCase<C>& c, std::mt19937_64&) { c.signature.fill(0xff); }},
    {"garbage",
     [](EcdsaCase<C>& c, std::mt19937_64& random) {
       c.digest = RandomBytes<C::kDigestBytes>(random);
       c.set_r(BigScalar<C>::Random(random).bytes());
       c.set_s(BigScalar<C>::Random(random).bytes());
     }},
};

template <typename Curve>
struct SecretKey {
  explicit SecretKey(const BigScalar<Curve>& s) : secret(s), key(s) {}

  BigScalar<Curve> secret;
  EcdsaKey<Curve> key;
};

// A scalar with few digits other than 0.
template <typename Curve>
BigScalar<Curve> SparseScalar(std::mt19937_64& random) {
  BigScalar<Curve> scalar(1 + int64_t(random() % 99));
  for (uint64_t doublings = random() % Curve::kBits; doublings-- > 0;) {
    scalar = scalar + scalar;
  }
  return scalar;
}

// Keys: G, -G, 2 G and the like, whose sums with multiples of G meet points
// with the same x, and any.
template <typename Curve>
std::unique_ptr<SecretKey<Curve>> MakeKey(size_t i, std::mt19937_64& random) {
  const BigScalar<Curve> secrets[] = {
      1, -1, 2, -2, 3, -4, SparseScalar<Curve>(random)};
  return std::make_unique<SecretKey<Curve>>(
      i < std::size(secrets) ? secrets[i] : BigScalar<Curve>::Random(random));
}

template <typename Curve>
EcdsaDigest<Curve> MakeDigest(std::mt19937_64& random) {
  EcdsaDigest<Curve> digest = RandomBytes<Curve::kDigestBytes>(random);
  switch (random() % 8) {
    case 0:
      return {};
    case 1:
      digest.fill(0xff);
      return digest;
    default:
      return digest;
  }
}

// A signature, more often than not valid and of an ordinary kind.
template <typename Curve>
EcdsaCase<Curve> MakeSignature(const SecretKey<Curve>& key,
                               std::mt19937_64& random) {
  BigScalar<Curve> v = random() % 2 == 0 ? SparseScalar<Curve>(random)
                                         : BigScalar<Curve>::Random(random);
  switch (random() % 8) {
    case 0:
      return ForgeEcdsa(key.key, v, v, random);
    case 1:
      return ForgeEcdsa(key.key, -v, v, random);
    case 2:  // Infinity.
      return ForgeEcdsa(key.key, -(key.secret * v), v, random);
    case 3:  // A sum of equal points.
      return ForgeEcdsa(key.key, key.secret * v, v, random);
    case 4:
      return SignEcdsa(key.key, key.secret, MakeDigest<Curve>(random), v);
    default:
      return SignEcdsa(key.key, key.secret, MakeDigest<Curve>(random),
                       BigScalar<Curve>::Random(random));
  }
}

constexpr size_t kRounds = 8;

template <typename Curve>
void ExpectBoringSslsVerdicts(const char* algorithm, size_t round) {
  std::mt19937_64 random(1000 + round);
  constexpr size_t kMutants = 32;
  std::vector<std::unique_ptr<SecretKey<Curve>>> keys;
  while (keys.size() < 12) keys.push_back(MakeKey<Curve>(keys.size(), random));
  const size_t wanted = (CaseCount(16384) + kRounds - 1) / kRounds;
  size_t checked = 0;
  size_t valid = 0;
  while (checked < wanted) {
    std::vector<EcdsaCase<Curve>> cases;
    for (size_t i = 0; i < 4; ++i) {
      const auto original =
          MakeSignature(*keys[random() % keys.size()], random);
      for (size_t j = 0; j < kMutants; ++j) {
        EcdsaCase<Curve> c = original;
        // A quarter of them as they are, and one of them by another's key.
        const size_t kind =
            random() % 4 == 0 ? 0 : random() % std::size(kMutations<Curve>);
        kMutations<Curve>[kind].apply(c, random);
        if (j == 0) c.key = &keys[random() % keys.size()]->key;
        cases.push_back(c);
      }
    }
    std::shuffle(cases.begin(), cases.end(), random);
    valid += ExpectIdenticalVerdicts<Curve>(cases, random);
    checked += cases.size();
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
  EXPECT_GT(valid, checked / 16);
  std::cout << algorithm << ": " << checked << " cases, " << valid
            << " valid\n";
}

class EcdsaDifferential : public ::testing::TestWithParam<size_t> {};

TEST_P(EcdsaDifferential, EveryVerdictOnES384IsBoringSsls) {
  ExpectBoringSslsVerdicts<P384>("ES384", GetParam());
}

TEST_P(EcdsaDifferential, EveryVerdictOnES512IsBoringSsls) {
  ExpectBoringSslsVerdicts<P521>("ES512", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Rounds, EcdsaDifferential,
                         ::testing::Range(size_t{0}, kRounds));

}  // namespace
}  // namespace signet
