#ifndef SIGNET_TESTS_CURVES_ECDSA_SIGNATURES_H_
#define SIGNET_TESTS_CURVES_ECDSA_SIGNATURES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>

#include "curves/ecdsa_curve.h"
#include "curves/ecdsa_equation.h"
#include "curves/ecdsa_table.h"
#include "openssl/base.h"
#include "openssl/bn.h"
#include "openssl/ec_key.h"

namespace signet {

template <typename Curve>
using EcdsaBytes = std::array<uint8_t, Curve::kBytes>;
template <typename Curve>
using EcdsaDigest = std::array<uint8_t, Curve::kDigestBytes>;

// BigScalar is a number modulo the order n of a curve. Everything is computed
// with BoringSSL's BIGNUM, slowly: this is what the tables are measured
// against.
template <typename Curve>
class BigScalar {
 public:
  BigScalar() : BigScalar(0) {}
  // A number stands for itself in arithmetic.
  // NOLINTNEXTLINE(google-explicit-constructor)
  BigScalar(int64_t number);
  // Any number, modulo n.
  explicit BigScalar(const BIGNUM& number);
  explicit BigScalar(const EcdsaDigest<Curve>& big_endian);
  static BigScalar Random(std::mt19937_64& random);

  // bytes is the number from 0 to n - 1, big endian.
  const EcdsaBytes<Curve>& bytes() const { return bytes_; }
  bssl::UniquePtr<BIGNUM> bignum() const;
  bool IsZero() const { return bytes_ == EcdsaBytes<Curve>{}; }

  // Inverse is of a number other than 0.
  BigScalar Inverse() const;
  BigScalar operator-() const { return BigScalar(0) - *this; }
  friend BigScalar operator+(const BigScalar& a, const BigScalar& b) {
    return a.Plus(b);
  }
  friend BigScalar operator-(const BigScalar& a, const BigScalar& b) {
    return a.Minus(b);
  }
  friend BigScalar operator*(const BigScalar& a, const BigScalar& b) {
    return a.Times(b);
  }
  friend bool operator==(const BigScalar&, const BigScalar&) = default;

 private:
  BigScalar Plus(const BigScalar& other) const;
  BigScalar Minus(const BigScalar& other) const;
  BigScalar Times(const BigScalar& other) const;

  EcdsaBytes<Curve> bytes_;
};

// EcdsaGroup is the curve, for BoringSSL, and EcdsaPrime its p.
template <typename Curve>
const EC_GROUP* EcdsaGroup();
template <typename Curve>
bssl::UniquePtr<BIGNUM> EcdsaPrime();

// ToEcdsaBytes writes a number big endian, or the largest one if it is too big.
template <typename Curve>
EcdsaBytes<Curve> ToEcdsaBytes(const BIGNUM& number);

// Sum returns a + b.
bssl::UniquePtr<BIGNUM> Sum(const BIGNUM& a, const BIGNUM& b);

template <size_t N>
std::array<uint8_t, N> RandomBytes(std::mt19937_64& random) {
  std::array<uint8_t, N> bytes;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// EcdsaKey is a public key with its table.
template <typename Curve>
struct EcdsaKey {
  explicit EcdsaKey(const BigScalar<Curve>& secret);
  explicit EcdsaKey(const EC_POINT& point);

  bssl::UniquePtr<EC_KEY> key;
  std::unique_ptr<const EcdsaTable<Curve>> table;
};

// EcdsaCase is a signature to be checked.
template <typename Curve>
struct EcdsaCase {
  const EcdsaKey<Curve>* key;
  EcdsaDigest<Curve> digest;
  std::array<uint8_t, 2 * Curve::kBytes> signature;

  EcdsaTask<Curve> task() const {
    return {key->table.get(), key->key.get(), digest, signature};
  }
  // The halves of the signature.
  EcdsaBytes<Curve> r() const;
  EcdsaBytes<Curve> s() const;
  void set_r(const EcdsaBytes<Curve>& r);
  void set_s(const EcdsaBytes<Curve>& s);
};

// SignEcdsa signs `digest`. No part of it may be 0.
template <typename Curve>
EcdsaCase<Curve> SignEcdsa(const EcdsaKey<Curve>& key,
                           const BigScalar<Curve>& secret,
                           const EcdsaDigest<Curve>& digest,
                           const BigScalar<Curve>& nonce);

// ForgeEcdsa makes a digest and a signature whose verification computes u G +
// v Q, where v is not 0: r = x(u G + v Q), s = r / v, digest = u s. The
// signature is valid, unless the sum is infinity: r is then 1; or unless the
// digest is longer than its hash, as with P-521: r = v s then for an s that
// makes it short enough, and the signature is invalid.
template <typename Curve>
EcdsaCase<Curve> ForgeEcdsa(const EcdsaKey<Curve>& key,
                            const BigScalar<Curve>& u,
                            const BigScalar<Curve>& v, std::mt19937_64& random);

// AskBoringSsl returns ECDSA_do_verify's verdict.
template <typename Curve>
bool AskBoringSsl(const EcdsaCase<Curve>& c);

}  // namespace signet

#endif  // SIGNET_TESTS_CURVES_ECDSA_SIGNATURES_H_
