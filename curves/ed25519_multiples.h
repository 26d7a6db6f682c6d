#ifndef SIGNET_CURVES_ED25519_MULTIPLES_H_
#define SIGNET_CURVES_ED25519_MULTIPLES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "openssl/base.h"

// Tables need BoringSSL's 64-bit field code. Elsewhere, or if a build asks for
// it with SIGNET_NO_ED25519_TABLES, no table is ever made.
#if defined(__SIZEOF_INT128__) && defined(OPENSSL_64_BIT) &&                \
    defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && \
    !defined(SIGNET_NO_ED25519_TABLES)
#define SIGNET_HAS_ED25519_TABLES 1
#endif

// The parts that Ed25519Table and VerifyEd25519 are made of.
namespace signet::ed25519 {

// PackedPoint is an affine curve point (x, y) in the form that makes adding it
// cheapest: (y + x) / 2, (y - x) / 2 and d x y, each reduced modulo
// p = 2^255 - 19, least significant word first.
struct alignas(32) PackedPoint {
  uint64_t half_sum[4];
  uint64_t half_difference[4];
  uint64_t dxy[4];
};

// Term is a point to add, or to subtract if `negative` is 1 rather than 0.
struct Term {
  const PackedPoint* point;
  uint64_t negative;
};

// WindowCount returns how many terms a scalar below 2^252 + 2^125 has when it
// is read `window_bits` at a time.
constexpr size_t WindowCount(size_t window_bits) {
  return (252 + window_bits - 1) / window_bits;
}

// Multiples holds multiples of one point P, so that a multiple of P is a sum of
// table entries, and takes no doubling: m P = sum of m_i 2^(w i) P, with
// -2^(w-1) < m_i <= 2^(w-1) for each window of w bits but the last, which is
// not negative. Immutable.
class Multiples {
 public:
  // Build computes the table of the point that `encoded` stands for, with
  // BoringSSL's group operations. It checks every entry with our own, and some
  // multiples, made as a verification makes them, against BoringSSL's scalar
  // multiplication. Null if `encoded` is no point, if a check fails, or where
  // tables are not supported.
  static std::unique_ptr<const Multiples> Build(
      const std::array<uint8_t, 32>& encoded, size_t window_bits);

  size_t bytes() const { return points_.size() * sizeof(PackedPoint); }

  // A term that changes no sum.
  const PackedPoint* infinity() const { return points_.data(); }

  // WriteTerms writes the WindowCount(window_bits) terms of `scalar` P to
  // `terms[0]`, `terms[stride]`, and so on. `scalar` is little-endian and below
  // the group order L = 2^252 + 27742317777372353535851937790883648493.
  void WriteTerms(const uint8_t scalar[32], size_t stride, Term* terms) const;

 private:
  Multiples(size_t window_bits, std::vector<PackedPoint> points)
      : window_bits_(window_bits), points_(std::move(points)) {}

  // Compares the table with P and with itself.
  bool EntriesAreRight(const std::array<uint8_t, 32>& encoded) const;
  // Compares sums of entries with multiples that BoringSSL computes.
  bool SumsAreRight(const std::array<uint8_t, 32>& encoded) const;

  size_t window_bits_;
  // The point at infinity, followed by the multiples 1, 2, ... of 2^(w i) P for
  // each window i.
  std::vector<PackedPoint> points_;
};

}  // namespace signet::ed25519

#endif  // SIGNET_CURVES_ED25519_MULTIPLES_H_
