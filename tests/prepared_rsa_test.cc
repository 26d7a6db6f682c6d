// PreparedRsa against BoringSSL's own calls, on encodings of which every part
// is wrong in turn, and on moduli whose bits fill neither bytes nor words.

#include "keys/prepared_rsa.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "openssl/bn.h"
#include "openssl/mem.h"
#include "openssl/rsa.h"

namespace signet {
namespace {

constexpr Algorithm kAlgorithms[] = {Algorithm::kRs256, Algorithm::kRs384,
                                     Algorithm::kRs512, Algorithm::kPs256,
                                     Algorithm::kPs384, Algorithm::kPs512};

using Bytes = std::vector<uint8_t>;

bool IsPss(Algorithm algorithm) {
  return FamilyOf(algorithm) == AlgorithmFamily::kRsaPss;
}

// Modulus is an RSA key of any size, whose bits need not fill a byte.
class Modulus {
 public:
  Modulus(int bits, unsigned exponent)
      : context_(BN_CTX_new()), n_(BN_new()), e_(BN_new()), d_(BN_new()) {
    BN_set_word(e_.get(), exponent);
    const auto p = Prime(bits - bits / 2, exponent);
    const auto q = Prime(bits / 2, exponent);
    BN_mul(n_.get(), p.get(), q.get(), context_.get());
    BN_sub_word(p.get(), 1);
    BN_sub_word(q.get(), 1);
    const bssl::UniquePtr<BIGNUM> order(BN_new());
    BN_mul(order.get(), p.get(), q.get(), context_.get());
    BN_mod_inverse(d_.get(), e_.get(), order.get(), context_.get());
    rsa_.reset(RSA_new());
    RSA_set0_key(rsa_.get(), BN_dup(n_.get()), BN_dup(e_.get()), nullptr);
  }

  RSA& rsa() const { return *rsa_; }
  size_t bytes() const { return RSA_size(rsa_.get()); }

  Bytes Sign(const Bytes& encoding) const {
    const bssl::UniquePtr<BIGNUM> number(
        BN_bin2bn(encoding.data(), encoding.size(), nullptr));
    BN_nnmod(number.get(), number.get(), n_.get(), context_.get());
    BN_mod_exp_mont(number.get(), number.get(), d_.get(), n_.get(),
                    context_.get(), nullptr);
    return InFull(*number);
  }

  // The modulus plus a signature may still be as long as the modulus.
  Bytes AddModulus(const Bytes& signature) const {
    const bssl::UniquePtr<BIGNUM> number(
        BN_bin2bn(signature.data(), signature.size(), nullptr));
    BN_add(number.get(), number.get(), n_.get());
    return InFull(*number);
  }

 private:
  // A prime whose two upper bits are set, so that products are of full size.
  static bssl::UniquePtr<BIGNUM> Prime(int bits, unsigned exponent) {
    bssl::UniquePtr<BIGNUM> prime(BN_new());
    do {
      BN_generate_prime_ex(prime.get(), bits, /*safe=*/0, nullptr, nullptr,
                           nullptr);
    } while (BN_mod_word(prime.get(), exponent) == 1);
    return prime;
  }

  // Nothing, where it takes more.
  Bytes InFull(const BIGNUM& number) const {
    Bytes bytes(this->bytes());
    if (BN_bn2bin_padded(bytes.data(), bytes.size(), &number) != 1) return {};
    return bytes;
  }

  bssl::UniquePtr<BN_CTX> context_;
  bssl::UniquePtr<BIGNUM> n_, e_, d_;
  bssl::UniquePtr<RSA> rsa_;
};

Bytes EncodePkcs1(const Modulus& modulus, const EVP_MD* hash,
                  const Digest& digest) {
  uint8_t* named = nullptr;
  size_t size = 0;
  int is_allocated = 0;
  RSA_add_pkcs1_prefix(&named, &size, &is_allocated, EVP_MD_type(hash),
                       digest.bytes().data(), digest.bytes().size());
  Bytes encoding(modulus.bytes() - size, 0xff);
  encoding.front() = 0;
  encoding[1] = 1;
  encoding.back() = 0;
  encoding.insert(encoding.end(), named, named + size);
  OPENSSL_free(named);
  return encoding;
}

Bytes EncodePss(const Modulus& modulus, const EVP_MD* hash,
                const Digest& digest, int salt_size) {
  Bytes encoding(modulus.bytes());
  EXPECT_EQ(RSA_padding_add_PKCS1_PSS_mgf1(&modulus.rsa(), encoding.data(),
                                           digest.bytes().data(), hash, hash,
                                           salt_size),
            1);
  return encoding;
}

// A key, what is signed with it, and both ways to verify.
class Comparison {
 public:
  Comparison(const Modulus& modulus, Algorithm algorithm)
      : modulus_(modulus),
        algorithm_(algorithm),
        hash_(HashOf(algorithm)),
        digest_(hash_, "input"),
        prepared_(PreparedRsa::Create(algorithm, modulus.rsa())) {}

  bool CanRun() const { return prepared_ != nullptr; }

  Bytes Encoding() const {
    return IsPss(algorithm_) ? EncodePss(modulus_, hash_, digest_, -1)
                             : EncodePkcs1(modulus_, hash_, digest_);
  }
  Bytes EncodingWithSalt(int size) const {
    return EncodePss(modulus_, hash_, digest_, size);
  }

  // The verdict that both have on the signature of an encoding.
  bool Accepts(const Bytes& encoding) const {
    return AcceptsSignature(modulus_.Sign(encoding));
  }
  bool AcceptsSignature(const Bytes& signature) const {
    const bool verdict = VerifyWithBoringSsl(signature);
    EXPECT_EQ(prepared_->Verify(digest_, signature), verdict)
        << AlgorithmName(algorithm_) << ", " << RSA_bits(&modulus_.rsa())
        << " bits";
    return verdict;
  }

 private:
  bool VerifyWithBoringSsl(const Bytes& signature) const {
    const auto bytes = digest_.bytes();
    return IsPss(algorithm_)
               ? RSA_verify_pss_mgf1(&modulus_.rsa(), bytes.data(),
                                     bytes.size(), hash_, hash_, -1,
                                     signature.data(), signature.size()) == 1
               : RSA_verify(EVP_MD_type(hash_), bytes.data(), bytes.size(),
                            signature.data(), signature.size(),
                            &modulus_.rsa()) == 1;
  }

  const Modulus& modulus_;
  Algorithm algorithm_;
  const EVP_MD* hash_;
  Digest digest_;
  std::unique_ptr<const PreparedRsa> prepared_;
};

class PreparedRsaTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (!Comparison(modulus(), Algorithm::kRs256).CanRun()) {
      GTEST_SKIP() << "BoringSSL has no assembly for this machine";
    }
  }

  // Made once for all tests.
  static const Modulus& ModulusOf(int bits) {
    static std::map<int, Modulus>& made = *new std::map<int, Modulus>;
    return made.try_emplace(bits, bits, bits % 2 == 0 ? 65537U : 3U)
        .first->second;
  }

  static const Modulus& modulus() { return ModulusOf(GetParam()); }
};

TEST_P(PreparedRsaTest, AgreesWithBoringSslOnEveryByteOfAnEncoding) {
  for (const Algorithm algorithm : kAlgorithms) {
    const Comparison comparison(modulus(), algorithm);
    const Bytes encoding = comparison.Encoding();
    EXPECT_TRUE(comparison.Accepts(encoding)) << AlgorithmName(algorithm);
    for (size_t i = 0; i < encoding.size(); i += i < 4 ? 1 : 17) {
      Bytes changed = encoding;
      changed[i] ^= 1U << (i % 8);
      EXPECT_FALSE(comparison.Accepts(changed))
          << AlgorithmName(algorithm) << ", byte " << i;
    }
  }
}

TEST_P(PreparedRsaTest, RefusesPssSaltsOfAnotherLengthThanTheHash) {
  for (const Algorithm algorithm :
       {Algorithm::kPs256, Algorithm::kPs384, Algorithm::kPs512}) {
    const Comparison comparison(modulus(), algorithm);
    const int right = static_cast<int>(EVP_MD_size(HashOf(algorithm)));
    for (const int size : {0, 1, 20, right - 1, right, right + 1}) {
      EXPECT_EQ(comparison.Accepts(comparison.EncodingWithSalt(size)),
                size == right)
          << AlgorithmName(algorithm) << ", " << size;
    }
  }
}

TEST_P(PreparedRsaTest, RefusesSignaturesOfOtherLengthsOrAboveTheModulus) {
  for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kPs384}) {
    const Comparison comparison(modulus(), algorithm);
    const Bytes signature = modulus().Sign(comparison.Encoding());
    EXPECT_TRUE(comparison.AcceptsSignature(signature));
    Bytes longer = signature;
    Bytes shorter = signature;
    longer.insert(longer.begin(), 0);
    shorter.pop_back();
    EXPECT_FALSE(comparison.AcceptsSignature(longer));
    EXPECT_FALSE(comparison.AcceptsSignature(shorter));
    EXPECT_FALSE(comparison.AcceptsSignature({}));
    EXPECT_FALSE(comparison.AcceptsSignature(modulus().AddModulus(signature)));
    EXPECT_FALSE(
        comparison.AcceptsSignature(modulus().AddModulus(Bytes(1, 0))));
    EXPECT_FALSE(comparison.AcceptsSignature(Bytes(modulus().bytes(), 0xff)));
    EXPECT_FALSE(comparison.AcceptsSignature(Bytes(modulus().bytes(), 0)));
  }
}

INSTANTIATE_TEST_SUITE_P(Bits, PreparedRsaTest,
                         ::testing::Values(2048, 2049, 2055, 2111),
                         ::testing::PrintToStringParamName());

TEST(PreparedRsaExponentTest, MayHaveAnyBitsThatKeysMayHave) {
  for (const unsigned exponent : {3U, 5U, 17U, 65539U, 0xfffffffbU}) {
    const Modulus modulus(2048, exponent);
    const Comparison comparison(modulus, Algorithm::kRs256);
    if (!comparison.CanRun()) GTEST_SKIP();
    EXPECT_TRUE(comparison.Accepts(comparison.Encoding())) << exponent;
  }
}

}  // namespace
}  // namespace signet
