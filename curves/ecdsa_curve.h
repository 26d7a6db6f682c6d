#ifndef SIGNET_CURVES_ECDSA_CURVE_H_
#define SIGNET_CURVES_ECDSA_CURVE_H_

#include <cstddef>
#include <cstdint>

#include "curves/wide_integer.h"
#include "openssl/nid.h"

namespace signet {

// P384 and P521 are what the templates of this folder need to know about a
// curve y^2 = x^3 - 3 x + b (SEC 2 section 2.5.1 and 2.6.1), and about the
// algorithm of RFC 7518 section 3.4 that uses it:
//   kPrime, kOrder  the modulus of the field, and how many points there are
//   kBits, kBytes   the size of numbers modulo either
//   kDigestBytes    the size of the hash, which has no more bits than kOrder
//   kWindowBits     how many bits a digit of a scalar has
//   (curves/ecdsa_multiples.h)
struct P384 {
  static constexpr int kNid = NID_secp384r1;
  static constexpr size_t kBits = 384;
  static constexpr size_t kBytes = 48;
  static constexpr size_t kDigestBytes = 48;
  static constexpr size_t kWindowBits = 6;
  static constexpr Uint<6> kPrime = {0x00000000ffffffff, 0xffffffff00000000,
                                     0xfffffffffffffffe, 0xffffffffffffffff,
                                     0xffffffffffffffff, 0xffffffffffffffff};
  static constexpr Uint<6> kOrder = {0xecec196accc52973, 0x581a0db248b0a77a,
                                     0xc7634d81f4372ddf, 0xffffffffffffffff,
                                     0xffffffffffffffff, 0xffffffffffffffff};
};

struct P521 {
  static constexpr int kNid = NID_secp521r1;
  static constexpr size_t kBits = 521;
  static constexpr size_t kBytes = 66;
  static constexpr size_t kDigestBytes = 64;
  static constexpr size_t kWindowBits = 5;
  static constexpr Uint<9> kPrime = {
      0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
      0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
      0xffffffffffffffff, 0xffffffffffffffff, 0x00000000000001ff};
  static constexpr Uint<9> kOrder = {
      0xbb6fb71e91386409, 0x3bb5c9b8899c47ae, 0x7fcc0148f709a5d0,
      0x51868783bf2f966b, 0xfffffffffffffffa, 0xffffffffffffffff,
      0xffffffffffffffff, 0xffffffffffffffff, 0x00000000000001ff};
};

namespace ecdsa {

// Number is as wide as the curve's prime and order.
template <typename Curve>
using Number = Uint<Curve::kOrder.size()>;

}  // namespace ecdsa
}  // namespace signet

#endif  // SIGNET_CURVES_ECDSA_CURVE_H_
