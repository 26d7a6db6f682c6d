#ifndef SIGNET_CURVES_P256_FIELD_H_
#define SIGNET_CURVES_P256_FIELD_H_

// Arithmetic of P-256 on BoringSSL's assembly. Fast where the CPU can be, but
// some of it in variable time: FOR PUBLIC VALUES ONLY, never for a private key
// or a nonce.
//
// Everything here is inline and takes fully reduced numbers to fully reduced
// numbers, so that two are equal exactly when their limbs are.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "curves/modular_inverse.h"
#include "curves/wide_integer.h"
#include "openssl/base.h"

// SIGNET_NO_P256_ASSEMBLY (bazel --define=p256=portable) builds as for a CPU
// that BoringSSL has no suitable assembly for. Only x86-64 has been tested.
#if defined(OPENSSL_X86_64) && !defined(OPENSSL_SMALL) && \
    !defined(SIGNET_NO_P256_ASSEMBLY)
#define SIGNET_P256_ASSEMBLY
#include "crypto/fipsmodule/ec/p256-nistz.h"
#endif

namespace signet::p256 {

// The prime of the field, and the order of the group (SEC 2 section 2.4.2).
inline constexpr Uint256 kPrime = {0xffffffffffffffff, 0x00000000ffffffff, 0,
                                   0xffffffff00000001};
inline constexpr Uint256 kOrder = {0xf3b9cac2fc632551, 0xbce6faada7179e84,
                                   0xffffffffffffffff, 0xffffffff00000000};

// Element is a number x modulo the prime in Montgomery form: x 2^256.
struct Element {
  Uint256 limbs;

  friend bool operator==(const Element& a, const Element& b) {
    return ((a.limbs[0] ^ b.limbs[0]) | (a.limbs[1] ^ b.limbs[1]) |
            (a.limbs[2] ^ b.limbs[2]) | (a.limbs[3] ^ b.limbs[3])) == 0;
  }
};

inline constexpr Element kZero = {};
inline constexpr Element kOne = {PowerOfTwo(256, kPrime)};

// Scalar is a number modulo the order, in Montgomery form where it is said.
struct Scalar {
  Uint256 limbs;
};

// Point is a point of the curve in affine coordinates. It fills a cache line.
// (0, 0) is not on the curve, and stands for the point at infinity. No finite
// point has y = 0, because the order of the group is odd.
struct alignas(64) Point {
  Element x, y;

  bool IsInfinite() const { return IsZero(y.limbs); }
};

// JacobianPoint is the point (x / z^2, y / z^3), infinite where z = 0.
struct alignas(32) JacobianPoint {
  Element x, y, z;

  bool IsInfinite() const { return IsZero(z.limbs); }
};

#ifdef SIGNET_P256_ASSEMBLY

static_assert(sizeof(P256_POINT) == sizeof(JacobianPoint));
static_assert(sizeof(P256_POINT_AFFINE) == sizeof(Point));

// AssemblyIsUsable: BoringSSL chooses between its variants by itself, and even
// the plainest runs on every x86-64.
inline bool AssemblyIsUsable() { return true; }

// Multiply, Square, Subtract, and below Negate and Add compute in the field.
inline Element Multiply(const Element& a, const Element& b) {
  Element product;
  ecp_nistz256_mul_mont(product.limbs.data(), a.limbs.data(), b.limbs.data());
  return product;
}

inline Element Square(const Element& a) {
  Element square;
  ecp_nistz256_sqr_mont(square.limbs.data(), a.limbs.data());
  return square;
}

// Subtract is written out, because GCC 12 makes twice as many instructions of
// the carries: a sixth of the time of a batch.
inline Element Subtract(const Element& a, const Element& b) {
  uint64_t d0 = a.limbs[0];
  uint64_t d1 = a.limbs[1];
  uint64_t d2 = a.limbs[2];
  uint64_t d3 = a.limbs[3];
  // All ones after a borrow: then the prime, whose limbs are all ones, half of
  // them, none, and the constant, is added again.
  uint64_t borrow;
  uint64_t half;
  uint64_t top = kPrime[3];
  asm("sub %[b0], %[d0]\n\t"
      "sbb %[b1], %[d1]\n\t"
      "sbb %[b2], %[d2]\n\t"
      "sbb %[b3], %[d3]\n\t"
      "sbb %[borrow], %[borrow]\n\t"
      "mov %k[borrow], %k[half]\n\t"
      "and %[borrow], %[top]\n\t"
      "add %[borrow], %[d0]\n\t"
      "adc %[half], %[d1]\n\t"
      "adc $0, %[d2]\n\t"
      "adc %[top], %[d3]"
      : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3),
        [borrow] "=&r"(borrow), [half] "=&r"(half), [top] "+&r"(top)
      : [b0] "rm"(b.limbs[0]), [b1] "rm"(b.limbs[1]), [b2] "rm"(b.limbs[2]),
        [b3] "rm"(b.limbs[3])
      : "cc");
  return {{d0, d1, d2, d3}};
}

// MultiplyScalars returns a b 2^-256: a b for one factor in Montgomery form.
inline Scalar MultiplyScalars(const Scalar& a, const Scalar& b) {
  Scalar product;
  ecp_nistz256_ord_mul_mont(product.limbs.data(), a.limbs.data(),
                            b.limbs.data());
  return product;
}

// Double and Add take any points.
inline JacobianPoint Double(const JacobianPoint& a) {
  JacobianPoint twice;
  ecp_nistz256_point_double(reinterpret_cast<P256_POINT*>(&twice),
                            reinterpret_cast<const P256_POINT*>(&a));
  return twice;
}

inline JacobianPoint Add(const JacobianPoint& a, const JacobianPoint& b) {
  JacobianPoint sum;
  ecp_nistz256_point_add(reinterpret_cast<P256_POINT*>(&sum),
                         reinterpret_cast<const P256_POINT*>(&a),
                         reinterpret_cast<const P256_POINT*>(&b));
  return sum;
}

// AddAffine adds a finite point to a finite point. The result has z = 0 exactly
// when the two have the same x: it is then wrong if they are equal.
inline JacobianPoint AddAffine(const JacobianPoint& a, const Point& b) {
  JacobianPoint sum;
  ecp_nistz256_point_add_affine(reinterpret_cast<P256_POINT*>(&sum),
                                reinterpret_cast<const P256_POINT*>(&a),
                                reinterpret_cast<const P256_POINT_AFFINE*>(&b));
  return sum;
}

#else  // Never called: there is no P256Table without AssemblyIsUsable.

inline bool AssemblyIsUsable() { return false; }
inline Element Multiply(const Element&, const Element&) { std::abort(); }
inline Element Square(const Element&) { std::abort(); }
inline Element Subtract(const Element&, const Element&) { std::abort(); }
inline Scalar MultiplyScalars(const Scalar&, const Scalar&) { std::abort(); }
inline JacobianPoint Double(const JacobianPoint&) { std::abort(); }
inline JacobianPoint Add(const JacobianPoint&, const JacobianPoint&) {
  std::abort();
}
inline JacobianPoint AddAffine(const JacobianPoint&, const Point&) {
  std::abort();
}

#endif  // SIGNET_P256_ASSEMBLY

inline Element Negate(const Element& a) { return Subtract(kZero, a); }

inline Element Add(const Element& a, const Element& b) {
  return Subtract(a, Negate(b));
}

// ToElement brings a number below the prime into Montgomery form.
inline Element ToElement(const Uint256& number) {
  constexpr Element kMontgomerySquared = {PowerOfTwo(512, kPrime)};
  return Multiply({number}, kMontgomerySquared);
}

// Invert returns 1 / a, or nothing if a is 0. The result is multiplied back, so
// that nothing depends on the inversion being right.
inline std::optional<Element> Invert(const Element& a) {
  const std::optional<Uint256> inverse = InvertModulo(a.limbs, kPrime);
  if (!inverse.has_value()) return std::nullopt;
  // The limbs were a 2^256: their inverse lacks 2^512 to be in Montgomery form,
  // and the multiplication takes another 2^256.
  constexpr Element kCorrection = {PowerOfTwo(768, kPrime)};
  const Element result = Multiply({*inverse}, kCorrection);
  if (!(Multiply(result, a) == kOne)) return std::nullopt;
  return result;
}

// InvertScalar returns 1 / a in Montgomery form, of an a that is not; or
// nothing if a is 0. It is multiplied back too.
inline std::optional<Scalar> InvertScalar(const Scalar& a) {
  const std::optional<Uint256> inverse = InvertModulo(a.limbs, kOrder);
  if (!inverse.has_value()) return std::nullopt;
  constexpr Scalar kCorrection = {PowerOfTwo(512, kOrder)};
  const Scalar result = MultiplyScalars({*inverse}, kCorrection);
  if (MultiplyScalars(result, a).limbs != Uint256{1}) return std::nullopt;
  return result;
}

// LoadBigEndian reads 32 bytes.
inline Uint256 LoadBigEndian(const uint8_t* bytes) {
  const auto limb = [bytes](size_t i) {
    const auto byte = [bytes, i](size_t j) {
      return uint64_t{bytes[8 * i + j]} << (56 - 8 * j);
    };
    return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) |
           byte(7);
  };
  return {limb(3), limb(2), limb(1), limb(0)};
}

}  // namespace signet::p256

#endif  // SIGNET_CURVES_P256_FIELD_H_
