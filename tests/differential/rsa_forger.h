#ifndef SIGNET_TESTS_DIFFERENTIAL_RSA_FORGER_H_
#define SIGNET_TESTS_DIFFERENTIAL_RSA_FORGER_H_

#include <cstddef>
#include <random>
#include <string>

#include "openssl/base.h"
#include "openssl/bn.h"
#include "openssl/rsa.h"

namespace signet {

// RsaForger holds a private RSA key, and signs with it what no signer would.
class RsaForger {
 public:
  // The modulus n has `bits` bits, which need not fill bytes. The key is as
  // random as the seed of `random`.
  RsaForger(size_t bits, unsigned exponent, std::mt19937_64& random);

  bssl::UniquePtr<RSA> PublicKey() const;
  size_t bits() const { return BN_num_bits(n_.get()); }

  // Sign returns encoding^d mod n. Opposite returns n - `signature`, and
  // PlusModulus n + `signature`, or all ones if that does not fit. All are as
  // long as n.
  std::string Sign(const std::string& encoding) const;
  std::string Opposite(const std::string& signature) const;
  std::string PlusModulus(const std::string& signature) const;

 private:
  std::string InFull(const BIGNUM& number) const;

  bssl::UniquePtr<BN_CTX> context_;
  bssl::UniquePtr<BIGNUM> n_, e_, d_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_DIFFERENTIAL_RSA_FORGER_H_
