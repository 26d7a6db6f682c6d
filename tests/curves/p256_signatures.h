#ifndef SIGNET_TESTS_CURVES_P256_SIGNATURES_H_
#define SIGNET_TESTS_CURVES_P256_SIGNATURES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <random>

#include "curves/p256_equation.h"
#include "curves/p256_table.h"
#include "openssl/base.h"
#include "openssl/bn.h"
#include "openssl/ec_key.h"

namespace signet {

using Bytes32 = std::array<uint8_t, 32>;
using Bytes64 = std::array<uint8_t, 64>;

// Residue is a number modulo the order n of P-256. Everything is computed with
// BoringSSL's BIGNUM, slowly: this is what the fast path is measured against.
class Residue {
 public:
  Residue() : Residue(0) {}
  // A number stands for itself in arithmetic.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Residue(int64_t number);
  // Any 256 bits, modulo n.
  explicit Residue(const Bytes32& big_endian);
  static Residue Random(std::mt19937_64& random);

  // bytes is the number from 0 to n - 1, big endian.
  const Bytes32& bytes() const { return bytes_; }
  bool IsZero() const { return bytes_ == Bytes32{}; }

  // Inverse is of a number other than 0.
  Residue Inverse() const;
  Residue operator-() const { return Residue(0) - *this; }
  friend Residue operator+(const Residue& a, const Residue& b);
  friend Residue operator-(const Residue& a, const Residue& b);
  friend Residue operator*(const Residue& a, const Residue& b);
  friend bool operator==(const Residue&, const Residue&) = default;

 private:
  struct Unset {};
  explicit Residue(Unset) {}
  static Residue FromBignum(const BIGNUM& number);

  Bytes32 bytes_;
};

// P256Order and P256Prime are n and p.
bssl::UniquePtr<BIGNUM> P256Order();
bssl::UniquePtr<BIGNUM> P256Prime();

// ToBignum reads, ToBytes writes 32 bytes, big endian. ToBytes fails the test
// if the number does not fit.
bssl::UniquePtr<BIGNUM> ToBignum(const Bytes32& bytes);
Bytes32 ToBytes(const BIGNUM& number);

// Sum returns a + b.
bssl::UniquePtr<BIGNUM> Sum(const BIGNUM& a, const BIGNUM& b);

// RandomBytes are as random as the seed of `random`.
Bytes32 RandomBytes(std::mt19937_64& random);

// P256Key is a public key with its table, which is null where Build returns it.
struct P256Key {
  explicit P256Key(const Residue& secret);
  explicit P256Key(const EC_POINT& point);

  bssl::UniquePtr<EC_KEY> key;
  std::unique_ptr<const P256Table> table;
};

// P256Case is a signature to be checked.
struct P256Case {
  const P256Key* key;
  Bytes32 digest;
  Bytes64 signature;

  P256Task task() const {
    return {key->table.get(), key->key.get(), digest, signature};
  }
  // The halves of the signature.
  Bytes32 r() const;
  Bytes32 s() const;
  void set_r(const Bytes32& r);
  void set_s(const Bytes32& s);
};

// Sign signs `digest`. No part of it may be 0.
P256Case Sign(const P256Key& key, const Residue& secret, const Bytes32& digest,
              const Residue& nonce);

// Forge makes a digest and a signature whose verification computes u G + v Q,
// where v is not 0: r = x(u G + v Q), s = r / v, digest = u s. The signature is
// valid, unless the sum is infinity: r is then 1.
P256Case Forge(const P256Key& key, const Residue& u, const Residue& v);

// AskBoringSsl returns ECDSA_do_verify's verdict.
bool AskBoringSsl(const P256Case& c);

}  // namespace signet

#endif  // SIGNET_TESTS_CURVES_P256_SIGNATURES_H_
