// A million signatures, valid, mutated and garbage, each judged three times: by
// the P-256 tables one by one, in batches, and by BoringSSL's ECDSA_do_verify.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "tests/curves/p256_signatures.h"
#include "tests/curves/p256_verdicts.h"
#include "tests/differential/case_count.h"

namespace signet {
namespace {

Bytes32 Plus(const Bytes32& bytes, const BIGNUM& number) {
  const auto sum = Sum(*ToBignum(bytes), number);
  if (BN_num_bits(sum.get()) <= 256) return ToBytes(*sum);
  Bytes32 all_ones;
  all_ones.fill(0xff);
  return all_ones;
}

// Mutations of a signature, many of which leave it valid.
struct Mutation {
  const char* name;
  void (*apply)(P256Case& c, std::mt19937_64& random);
};

constexpr Mutation kMutations[] = {
    {"none", [](P256Case&, std::mt19937_64&) {}},
    {"-s",
     [](P256Case& c, std::mt19937_64&) { c.set_s((-Residue(c.s())).bytes()); }},
    {"digest + n",
     [](P256Case& c, std::mt19937_64&) {
       c.digest = Plus(c.digest, *P256Order());
     }},
    {"bit of digest",
     [](P256Case& c, std::mt19937_64& random) {
       c.digest[random() % 32] ^= 1 << random() % 8;
     }},
    {"bit of r",
     [](P256Case& c, std::mt19937_64& random) {
       c.signature[random() % 32] ^= 1 << random() % 8;
     }},
    {"bit of s",
     [](P256Case& c, std::mt19937_64& random) {
       c.signature[32 + random() % 32] ^= 1 << random() % 8;
     }},
    {"r = 0", [](P256Case& c, std::mt19937_64&) { c.set_r({}); }},
    {"s = 0", [](P256Case& c, std::mt19937_64&) { c.set_s({}); }},
    {"r = s = 0", [](P256Case& c, std::mt19937_64&) { c.signature = {}; }},
    {"r = 1",
     [](P256Case& c, std::mt19937_64&) { c.set_r(Residue(1).bytes()); }},
    {"s = 1",
     [](P256Case& c, std::mt19937_64&) { c.set_s(Residue(1).bytes()); }},
    {"r = n",
     [](P256Case& c, std::mt19937_64&) { c.set_r(ToBytes(*P256Order())); }},
    {"s = n",
     [](P256Case& c, std::mt19937_64&) { c.set_s(ToBytes(*P256Order())); }},
    {"r = n - 1",
     [](P256Case& c, std::mt19937_64&) { c.set_r(Residue(-1).bytes()); }},
    {"s = n - 1",
     [](P256Case& c, std::mt19937_64&) { c.set_s(Residue(-1).bytes()); }},
    {"r + n",
     [](P256Case& c, std::mt19937_64&) { c.set_r(Plus(c.r(), *P256Order())); }},
    {"s + n",
     [](P256Case& c, std::mt19937_64&) { c.set_s(Plus(c.s(), *P256Order())); }},
    {"r = p",
     [](P256Case& c, std::mt19937_64&) { c.set_r(ToBytes(*P256Prime())); }},
    {"swapped",
     [](P256Case& c, std::mt19937_64&) {
       const Bytes32 r = c.r();
       c.set_r(c.s());
       c.set_s(r);
     }},
    {"digest = 0", [](P256Case& c, std::mt19937_64&) { c.digest = {}; }},
    {"digest all ones",
     [](P256Case& c, std::mt19937_64&) { c.digest.fill(0xff); }},
    {"all ones", [](P256Case& c, std::mt19937_64&) { c.signature.fill(0xff); }},
    {"garbage",
     [](P256Case& c, std::mt19937_64& random) {
       c.digest = RandomBytes(random);
       c.set_r(RandomBytes(random));
       c.set_s(RandomBytes(random));
     }},
};

// A scalar: mostly any, sometimes with few digits other than 0.
Residue RandomScalar(std::mt19937_64& random) {
  if (random() % 4 != 0) return Residue::Random(random);
  Residue scalar;
  for (uint64_t terms = random() % 4; terms-- > 0;) {
    Bytes32 power = {};
    const size_t bit = random() % 256;
    power[31 - bit / 8] = 1 << bit % 8;
    scalar = scalar + Residue(power) * Residue(int64_t(random() % 257) - 128);
  }
  return scalar;
}

struct SecretKey {
  Residue secret;
  P256Key key;

  explicit SecretKey(const Residue& s) : secret(s), key(s) {}
};

// Keys: any, and small multiples of G, whose sums with multiples of G meet
// points with the same x.
Residue RandomSecret(std::mt19937_64& random) {
  switch (random() % 4) {
    case 0:
      return Residue(1 + int64_t(random() % 4));
    case 1:
      return Residue(-1 - int64_t(random() % 4));
    case 2: {
      const Residue secret = RandomScalar(random);
      return secret.IsZero() ? Residue(128) : secret;
    }
    default:
      return Residue::Random(random);
  }
}

// A valid signature, more often than not of an ordinary kind.
P256Case RandomSignature(const SecretKey& key, std::mt19937_64& random) {
  const Residue u = RandomScalar(random);
  Residue v = RandomScalar(random);
  if (v.IsZero()) v = Residue(1);
  switch (random() % 8) {
    case 0:
      return Forge(key.key, v, v);
    case 1:
      return Forge(key.key, -v, v);
    case 2:  // Infinity.
      return Forge(key.key, -(key.secret * v), v);
    case 3:  // A sum of equal points.
      return Forge(key.key, key.secret * v, v);
    case 4: {
      Bytes32 digest = {};
      const uint64_t kind = random() % 4;
      if (kind == 1) digest.fill(0xff);
      if (kind == 2) digest = ToBytes(*P256Order());
      if (kind == 3) {
        digest = Plus(Residue(int64_t(random() % 99)).bytes(), *P256Order());
      }
      return Sign(key.key, key.secret, digest, v);
    }
    default:
      return Forge(key.key, u, v);
  }
}

constexpr size_t kRounds = 16;

class P256Differential : public P256VerifierTest,
                         public ::testing::WithParamInterface<size_t> {};

TEST_P(P256Differential, EveryVerdictIsBoringSsls) {
  std::mt19937_64 random(1000 + GetParam());
  constexpr size_t kKeys = 32;
  constexpr size_t kMutants = 64;
  std::vector<SecretKey> keys;
  keys.reserve(kKeys);
  for (size_t i = 0; i < kKeys; ++i) keys.emplace_back(RandomSecret(random));
  const size_t wanted = CaseCount(1'000'000) / kRounds;
  size_t valid = 0;
  size_t cases_checked = 0;
  while (cases_checked < wanted) {
    std::vector<P256Case> cases;
    for (size_t i = 0; i < 16; ++i) {
      const P256Case original = RandomSignature(keys[random() % kKeys], random);
      for (size_t j = 0; j < kMutants; ++j) {
        P256Case c = original;
        // A quarter of them as they are, and one of them by another's key.
        const size_t kind =
            random() % 4 == 0 ? 0 : random() % std::size(kMutations);
        kMutations[kind].apply(c, random);
        if (j == 0) c.key = &keys[random() % kKeys].key;
        cases.push_back(c);
      }
    }
    std::shuffle(cases.begin(), cases.end(), random);
    valid += ExpectIdenticalVerdicts(cases, random);
    cases_checked += cases.size();
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(valid, cases_checked / 8);
  std::cout << "ES256: " << cases_checked << " cases, " << valid << " valid\n";
}

INSTANTIATE_TEST_SUITE_P(Rounds, P256Differential,
                         ::testing::Range(size_t{0}, kRounds));

}  // namespace
}  // namespace signet
