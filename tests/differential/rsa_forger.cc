#include "tests/differential/rsa_forger.h"

#include "gtest/gtest.h"
#include "keys/digest.h"
#include "tests/differential/rsa_encodings.h"

namespace signet {
namespace {

bssl::UniquePtr<BIGNUM> NewBignum() {
  return bssl::UniquePtr<BIGNUM>(BN_new());
}

bssl::UniquePtr<BIGNUM> ToBignum(const std::string& bytes) {
  return bssl::UniquePtr<BIGNUM>(
      BN_bin2bn(AsBytes(bytes).data(), bytes.size(), nullptr));
}

// A prime whose two upper bits are set, so that products are of full size.
bssl::UniquePtr<BIGNUM> MakePrime(size_t bits, unsigned exponent,
                                  BN_CTX* context, std::mt19937_64& random) {
  const int top = static_cast<int>(bits) - 1;
  for (;;) {
    auto prime = ToBignum(RandomText(bits / 8 + 1, random));
    BN_mask_bits(prime.get(), top + 1);
    for (const int bit : {0, top - 1, top}) BN_set_bit(prime.get(), bit);
    if (BN_mod_word(prime.get(), exponent) != 1 &&
        BN_is_prime_fasttest_ex(prime.get(), BN_prime_checks_for_generation,
                                context, /*do_trial_division=*/1,
                                nullptr) == 1) {
      return prime;
    }
  }
}

}  // namespace

RsaForger::RsaForger(size_t bits, unsigned exponent, std::mt19937_64& random)
    : context_(BN_CTX_new()),
      n_(NewBignum()),
      e_(NewBignum()),
      d_(NewBignum()) {
  BN_set_word(e_.get(), exponent);
  const auto p = MakePrime(bits - bits / 2, exponent, context_.get(), random);
  const auto q = MakePrime(bits / 2, exponent, context_.get(), random);
  BN_mul(n_.get(), p.get(), q.get(), context_.get());
  BN_sub_word(p.get(), 1);
  BN_sub_word(q.get(), 1);
  const auto order = NewBignum();
  BN_mul(order.get(), p.get(), q.get(), context_.get());
  EXPECT_NE(BN_mod_inverse(d_.get(), e_.get(), order.get(), context_.get()),
            nullptr);
  EXPECT_EQ(this->bits(), bits);
}

bssl::UniquePtr<RSA> RsaForger::PublicKey() const {
  bssl::UniquePtr<RSA> rsa(RSA_new());
  EXPECT_EQ(
      RSA_set0_key(rsa.get(), BN_dup(n_.get()), BN_dup(e_.get()), nullptr), 1);
  return rsa;
}

std::string RsaForger::Sign(const std::string& encoding) const {
  const auto number = ToBignum(encoding);
  EXPECT_EQ(BN_nnmod(number.get(), number.get(), n_.get(), context_.get()), 1);
  EXPECT_EQ(BN_mod_exp_mont(number.get(), number.get(), d_.get(), n_.get(),
                            context_.get(), nullptr),
            1);
  return InFull(*number);
}

std::string RsaForger::Opposite(const std::string& signature) const {
  const auto number = NewBignum();
  EXPECT_EQ(BN_sub(number.get(), n_.get(), ToBignum(signature).get()), 1);
  return InFull(*number);
}

std::string RsaForger::PlusModulus(const std::string& signature) const {
  const auto number = NewBignum();
  EXPECT_EQ(BN_add(number.get(), n_.get(), ToBignum(signature).get()), 1);
  return InFull(*number);
}

std::string RsaForger::InFull(const BIGNUM& number) const {
  std::string bytes(BN_num_bytes(n_.get()), '\xff');
  if (BN_num_bytes(&number) <= bytes.size()) {
    EXPECT_EQ(BN_bn2bin_padded(reinterpret_cast<uint8_t*>(bytes.data()),
                               bytes.size(), &number),
              1);
  }
  return bytes;
}

}  // namespace signet
