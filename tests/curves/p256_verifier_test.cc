// The verdicts of the P-256 tables, one by one and in batches, on signatures
// chosen with care.

#include "curves/p256_verifier.h"

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
#include "curves/error_queue.h"
#include "gtest/gtest.h"
#include "keys/digest.h"
#include "openssl/ec.h"
#include "openssl/nid.h"
#include "openssl/sha.h"
#include "tests/conformance/test_vectors.h"
#include "tests/conformance/wycheproof.h"
#include "tests/curves/p256_signatures.h"
#include "tests/curves/p256_verdicts.h"

namespace signet {
namespace {

TEST_F(P256VerifierTest, SaysWhatWycheproofSays) {
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
    std::unique_ptr<P256Key> key;
    Bytes32 digest;
    std::string signature;
    bool expected;
    std::string where;
  };
  std::vector<Case> cases;
  constexpr char kFile[] = "ecdsa_secp256r1_sha256_p1363_test.json";
  RunWycheproof(kFile, format, [&](const WycheproofCase& c) {
    const std::string encoded =
        HexMember(ObjectMember(c.group, "publicKey"), "uncompressed");
    const bssl::UniquePtr<EC_KEY> key(
        EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
    ASSERT_EQ(EC_KEY_oct2key(key.get(), AsBytes(encoded).data(), encoded.size(),
                             nullptr),
              1)
        << c.where;
    const std::string message = HexMember(c.test, "msg");
    Bytes32 digest;
    SHA256(AsBytes(message).data(), message.size(), digest.data());
    cases.push_back(
        {std::make_unique<P256Key>(*EC_KEY_get0_public_key(key.get())), digest,
         HexMember(c.test, "sig"), c.expected == ExpectedResult::kValid,
         c.where});
  });
  std::vector<P256Task> tasks;
  tasks.reserve(cases.size());
  for (const Case& c : cases) {
    tasks.push_back(
        {c.key->table.get(), c.key->key.get(), c.digest, AsBytes(c.signature)});
  }
  std::array<bool, 512> valid = {};
  ASSERT_EQ(cases.size(), 262U);
  VerifyP256Batch(tasks, absl::MakeSpan(valid.data(), tasks.size()));
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(VerifyP256(*tasks[i].table, *tasks[i].key, tasks[i].digest,
                         tasks[i].signature),
              cases[i].expected)
        << cases[i].where;
    EXPECT_EQ(valid[i], cases[i].expected) << cases[i].where;
  }
  ReportCases(kFile, cases.size(), "one by one and as a batch");
}

TEST_F(P256VerifierTest, RefusesOtherLengths) {
  std::mt19937_64 random(1);
  const P256Key key(Residue::Random(random));
  const P256Case c =
      Forge(key, Residue::Random(random), Residue::Random(random));
  std::vector<uint8_t> digest(c.digest.begin(), c.digest.end());
  std::vector<uint8_t> signature(c.signature.begin(), c.signature.end());
  digest.resize(64);
  signature.resize(128);
  for (const P256Table* table : {key.table.get(), (const P256Table*)nullptr}) {
    for (const size_t digest_size : {0, 20, 31, 32, 33, 48, 64}) {
      for (const size_t signature_size : {0, 32, 63, 64, 65, 128}) {
        const P256Task task = {
            table, key.key.get(),
            absl::MakeConstSpan(digest).subspan(0, digest_size),
            absl::MakeConstSpan(signature).subspan(0, signature_size)};
        const bool expected = digest_size == 32 && signature_size == 64;
        std::array<bool, 4> valid;
        VerifyP256Batch(std::vector<P256Task>(4, task), absl::MakeSpan(valid));
        EXPECT_EQ(valid, (std::array<bool, 4>{expected, expected, expected,
                                              expected}));
        if (table == nullptr) continue;
        EXPECT_EQ(VerifyP256(*table, *task.key, task.digest, task.signature),
                  expected);
      }
    }
  }
}

TEST_F(P256VerifierTest, FindsTheOneBadAmongGood) {
  std::mt19937_64 random(2);
  const P256Key keys[] = {P256Key(Residue::Random(random)),
                          P256Key(Residue::Random(random)),
                          P256Key(Residue::Random(random))};
  std::vector<P256Case> good;
  for (size_t i = 0; i < 130; ++i) {
    good.push_back(
        Forge(keys[i % 3], Residue::Random(random), Residue::Random(random)));
  }
  for (const size_t size : kP256BatchSizes) {
    std::vector<P256Case> cases(
        good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(VerifyBatch(cases), std::vector<bool>(size, true));
    for (size_t bad = 0; bad < size; ++bad) {
      const P256Case kept = cases[bad];
      cases[bad].signature[random() % 64] ^= 1 << random() % 8;
      std::vector<bool> expected(size, true);
      expected[bad] = false;
      EXPECT_EQ(VerifyBatch(cases), expected) << bad << " of " << size;
      cases[bad] = kept;
    }
  }
}

TEST_F(P256VerifierTest, FindsTheOneGoodAmongBad) {
  std::mt19937_64 random(3);
  const P256Key key(Residue::Random(random));
  for (const size_t size : kP256BatchSizes) {
    if (size == 0) continue;
    // Out of range, bad, and exceptional ones.
    std::vector<P256Case> cases;
    for (size_t i = 0; i < size; ++i) {
      P256Case c = Forge(key, Residue::Random(random), Residue::Random(random));
      if (i % 3 == 0) c.set_s({});
      if (i % 3 == 1) c.digest[5] ^= 4;
      if (i % 3 == 2) {
        c = Forge(key, Residue(0), Residue(3));
        c.digest[5] ^= 4;
      }
      cases.push_back(c);
    }
    const size_t good = random() % size;
    cases[good] = Forge(key, Residue::Random(random), Residue::Random(random));
    std::vector<bool> expected(size, false);
    expected[good] = true;
    EXPECT_EQ(VerifyBatch(cases), expected) << good << " of " << size;
  }
}

// A task without a table is BoringSSL's: the fallback, forced.
TEST(P256WithoutTable, SaysWhatBoringSslSays) {
  std::mt19937_64 random(4);
  const P256Key key(Residue::Random(random));
  std::vector<P256Case> cases;
  std::vector<P256Task> tasks;
  for (size_t i = 0; i < 100; ++i) {
    cases.push_back(
        Forge(key, Residue::Random(random), Residue::Random(random)));
    if (i % 3 == 0) cases.back().signature[i % 64] ^= 1;
    if (i % 7 == 0) cases.back().set_r({});
  }
  for (size_t i = 0; i < cases.size(); ++i) {
    tasks.push_back(cases[i].task());
    if (i % 2 == 0) tasks.back().table = nullptr;
  }
  std::array<bool, 100> valid;
  VerifyP256Batch(tasks, absl::MakeSpan(valid));
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(valid[i], AskBoringSsl(cases[i])) << i;
  }
}

// SignatureWithX is a valid signature whose R has a chosen x, and the key for
// it: (R - u G) / v.
struct SignatureWithX {
  std::unique_ptr<P256Key> key;
  P256Case signature;
};

// Returns nothing if `x` is not below the prime, or of no point.
std::optional<SignatureWithX> MakeSignatureWithX(const BIGNUM& x,
                                                 std::mt19937_64& random) {
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<EC_GROUP> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const bssl::UniquePtr<EC_POINT> r(EC_POINT_new(group.get()));
  const bssl::UniquePtr<EC_POINT> q(EC_POINT_new(group.get()));
  if (BN_cmp(&x, P256Prime().get()) >= 0 ||
      EC_POINT_set_compressed_coordinates_GFp(
          group.get(), r.get(), &x, random() % 2 == 0 ? 0 : 1, nullptr) != 1) {
    return std::nullopt;
  }
  const Residue u = Residue::Random(random);
  const Residue v = Residue::Random(random);
  EXPECT_EQ(EC_POINT_mul(group.get(), q.get(),
                         ToBignum((-u * v.Inverse()).bytes()).get(), r.get(),
                         ToBignum(v.Inverse().bytes()).get(), nullptr),
            1);
  auto key = std::make_unique<P256Key>(*q);
  const P256Case signature = Forge(*key, u, v);
  return SignatureWithX{std::move(key), signature};
}

// Values of r around the limits: from 1 on, from p - n - 1 down, from p - n on,
// and any below p - n.
std::vector<bssl::UniquePtr<BIGNUM>> SmallValuesOfR(std::mt19937_64& random) {
  const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  const bssl::UniquePtr<BIGNUM> gap(BN_new());
  EXPECT_EQ(BN_sub(gap.get(), P256Prime().get(), P256Order().get()), 1);
  std::vector<bssl::UniquePtr<BIGNUM>> values;
  for (int i = 1; i <= 200; ++i) {
    const auto number = ToBignum(Residue(i).bytes());
    values.emplace_back(BN_dup(number.get()));
    values.push_back(Sum(*gap, *number));
    values.emplace_back(BN_new());
    EXPECT_EQ(BN_sub(values.back().get(), gap.get(), number.get()), 1);
    values.emplace_back(BN_new());
    EXPECT_EQ(BN_nnmod(values.back().get(), ToBignum(RandomBytes(random)).get(),
                       gap.get(), context.get()),
              1);
  }
  values.emplace_back(BN_dup(gap.get()));
  return values;
}

// r is x(R) mod n, and x(R) may be from n to p - 1: then r + n < p.
TEST_F(P256VerifierTest, AcceptsAnXAboveTheOrder) {
  std::mt19937_64 random(5);
  std::vector<std::unique_ptr<P256Key>> keys;
  std::vector<P256Case> cases;
  size_t above = 0;
  for (const auto& r : SmallValuesOfR(random)) {
    const auto r_plus_n = Sum(*r, *P256Order());
    for (const BIGNUM* x : {r.get(), r_plus_n.get()}) {
      auto made = MakeSignatureWithX(*x, random);
      if (!made) continue;
      ASSERT_EQ(made->signature.r(), ToBytes(*r));
      keys.push_back(std::move(made->key));
      above += x == r_plus_n.get() ? 1 : 0;
      cases.push_back(made->signature);
      // The x of another point, and an r that is not below n.
      cases.push_back(made->signature);
      cases.back().digest[random() % 32] ^= 1;
      cases.push_back(made->signature);
      cases.back().set_r(ToBytes(*r_plus_n));
    }
  }
  const size_t valid = ExpectIdenticalVerdicts(cases, random);
  EXPECT_GT(above, 200U);
  EXPECT_EQ(valid, keys.size());
  std::cout << cases.size() << " cases, " << above
            << " of them with x(R) from n to p - 1; " << valid << " valid\n";
}

}  // namespace
}  // namespace signet
