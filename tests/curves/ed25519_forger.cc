#include "tests/curves/ed25519_forger.h"

#include <algorithm>
#include <cstring>

#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/sha.h"

// After openssl/curve25519.h, whose enumeration it names.
#include "crypto/curve25519/internal.h"

namespace signet {
namespace {

// L, least significant byte first.
constexpr Ed25519Bytes kGroupOrder = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
    0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

// A point of order 8.
constexpr Ed25519Bytes kOrderEight = {
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
    0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
    0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05};

bssl::UniquePtr<BIGNUM> ToNumber(const Ed25519Bytes& bytes) {
  return bssl::UniquePtr<BIGNUM>(BN_le2bn(bytes.data(), bytes.size(), nullptr));
}

Ed25519Bytes ToBytes(const BIGNUM* number) {
  Ed25519Bytes bytes;
  BN_bn2le_padded(bytes.data(), bytes.size(), number);
  return bytes;
}

// r + k a modulo L.
Ed25519Bytes MultiplyAdd(const Ed25519Bytes& k, const Ed25519Bytes& a,
                         const Ed25519Bytes& r) {
  static const bssl::UniquePtr<BIGNUM> order = ToNumber(kGroupOrder);
  static const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  const bssl::UniquePtr<BIGNUM> result(BN_new());
  BN_mod_mul(result.get(), ToNumber(k).get(), ToNumber(a).get(), order.get(),
             context.get());
  BN_mod_add(result.get(), result.get(), ToNumber(r).get(), order.get(),
             context.get());
  return ToBytes(result.get());
}

// bytes + L, which must fit.
Ed25519Bytes PlusOrder(const Ed25519Bytes& bytes) {
  const bssl::UniquePtr<BIGNUM> sum(BN_new());
  BN_add(sum.get(), ToNumber(bytes).get(), ToNumber(kGroupOrder).get());
  return ToBytes(sum.get());
}

Ed25519Bytes Small(uint8_t value) {
  Ed25519Bytes bytes = {};
  bytes[0] = value;
  return bytes;
}

// L - value, for a value below L's lowest byte.
Ed25519Bytes MinusSmall(uint8_t value) {
  Ed25519Bytes bytes = kGroupOrder;
  bytes[0] = static_cast<uint8_t>(bytes[0] - value);
  return bytes;
}

// Scalar times B, plus the eight multiples of the point of order 8.
std::array<Ed25519Bytes, 8> EncodeWithTorsion(const Ed25519Bytes& scalar) {
  ge_p3 point;
  ge_p3 eighth;
  ge_cached step;
  x25519_ge_frombytes_vartime(&eighth, kOrderEight.data());
  x25519_ge_p3_to_cached(&step, &eighth);
  x25519_ge_scalarmult_base(&point, scalar.data());
  std::array<Ed25519Bytes, 8> encoded;
  for (Ed25519Bytes& bytes : encoded) {
    const ge_p2 projective = {point.X, point.Y, point.Z};
    x25519_ge_tobytes(bytes.data(), &projective);
    ge_p1p1 sum;
    x25519_ge_add(&sum, &point, &step);
    x25519_ge_p1p1_to_p3(&point, &sum);
  }
  return encoded;
}

Ed25519Bytes Challenge(const Ed25519Bytes& r, const Ed25519Bytes& a,
                       const std::string& message) {
  SHA512_CTX context;
  uint8_t k[SHA512_DIGEST_LENGTH];
  SHA512_Init(&context);
  SHA512_Update(&context, r.data(), r.size());
  SHA512_Update(&context, a.data(), a.size());
  SHA512_Update(&context, message.data(), message.size());
  SHA512_Final(k, &context);
  x25519_sc_reduce(k);
  Ed25519Bytes bytes;
  std::copy_n(k, bytes.size(), bytes.begin());
  return bytes;
}

std::string Join(const Ed25519Bytes& r, const Ed25519Bytes& s) {
  std::string signature(r.begin(), r.end());
  signature.append(s.begin(), s.end());
  return signature;
}

void FlipBit(std::string* text, uint64_t bit) {
  char& byte = (*text)[bit / 8 % text->size()];
  byte = static_cast<char>(byte ^ (1 << bit % 8));
}

std::vector<Ed25519Bytes> NonCanonicalEncodings() {
  std::vector<Ed25519Bytes> result;
  for (const uint8_t sign : {0x00, 0x80}) {
    for (uint8_t lowest = 0xed; lowest != 0; ++lowest) {  // p to 2^255 - 1
      Ed25519Bytes bytes;
      bytes.fill(0xff);
      bytes[0] = lowest;
      bytes[31] = static_cast<uint8_t>(0x7f | sign);
      result.push_back(bytes);
    }
  }
  Ed25519Bytes one = Small(1);
  one[31] = 0x80;
  result.push_back(one);
  Ed25519Bytes minus_one;
  minus_one.fill(0xff);
  minus_one[0] = 0xec;
  result.push_back(minus_one);
  return result;
}

}  // namespace

Ed25519Forger::Ed25519Forger(uint64_t seed)
    : random_(seed),
      low_order_(EncodeWithTorsion(Small(0))),
      non_canonical_(NonCanonicalEncodings()) {
  for (int i = 0; i < 256; ++i) {
    const Ed25519Bytes r = RandomScalar();
    nonces_.push_back({r, EncodeWithTorsion(r)});
  }
}

std::string Ed25519Forger::RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random_());
  return bytes;
}

Ed25519Bytes Ed25519Forger::RandomScalar() {
  const std::string wide = RandomBytes(SHA512_DIGEST_LENGTH);
  uint8_t scalar[SHA512_DIGEST_LENGTH];
  std::memcpy(scalar, wide.data(), sizeof(scalar));
  x25519_sc_reduce(scalar);
  Ed25519Bytes bytes;
  std::copy_n(scalar, bytes.size(), bytes.begin());
  return bytes;
}

Ed25519Forger::Key Ed25519Forger::MakeKey(size_t i) {
  const Ed25519Bytes special[] = {Small(1), MinusSmall(1), Small(2),
                                  MinusSmall(2), Small(8)};
  Key key = {};
  if (i < 5) {
    key.a = special[i];
  } else if (i < 12) {
    key.torsion = i - 4;
  } else {
    key.a = RandomScalar();
    key.torsion = i % 2 == 0 ? 0 : 1 + Below(7);
  }
  key.encoded = EncodeWithTorsion(key.a)[key.torsion];
  return key;
}

std::string Ed25519Forger::Message() {
  switch (Below(16)) {
    case 0:
      return "";
    case 1:
      return RandomBytes(Below(2000));
    default:
      return RandomBytes(Below(100));
  }
}

Ed25519Bytes Ed25519Forger::ChooseR(Ed25519Bytes* r) {
  const Nonce& nonce = nonces_[Below(nonces_.size())];
  *r = nonce.r;
  switch (Below(8)) {
    case 0:
    case 1:
      return nonce.encoded[Below(8)];
    case 2:
      *r = Small(0);
      return low_order_[Below(8)];
    case 3:
      *r = Small(0);
      return non_canonical_[Below(non_canonical_.size())];
    default:
      return nonce.encoded[0];
  }
}

Ed25519Bytes Ed25519Forger::ChooseS(const Ed25519Bytes& right) {
  Ed25519Bytes s = right;
  switch (Below(24)) {
    case 0:
      return PlusOrder(right);
    case 1:
      s[31] = static_cast<uint8_t>(s[31] | 0x20 << Below(3));
      return s;
    case 2:
      return kGroupOrder;
    case 3:
      return Below(2) == 0 ? Small(static_cast<uint8_t>(Below(3)))
                           : MinusSmall(static_cast<uint8_t>(1 + Below(3)));
    case 4:
      return PlusOrder(Small(static_cast<uint8_t>(Below(256))));
    case 5:
      return RandomScalar();
    case 6: {
      const std::string bytes = RandomBytes(s.size());
      std::copy(bytes.begin(), bytes.end(), s.begin());
      return s;
    }
    case 7:
      return PlusOrder(PlusOrder(right));
    default:
      return right;
  }
}

Ed25519Forger::Signed Ed25519Forger::Sign(const Key& key) {
  Signed result;
  if (Below(4) == 0) {
    result = SignValidly(key, Below(100));
  } else {
    result.message = Message();
    Ed25519Bytes r;
    const Ed25519Bytes encoded_r = ChooseR(&r);
    const Ed25519Bytes k = Challenge(encoded_r, key.encoded, result.message);
    result.signature = Join(encoded_r, ChooseS(MultiplyAdd(k, key.a, r)));
  }
  switch (Below(32)) {
    case 0:
    case 1:
    case 2:
      FlipBit(&result.signature, Below(512));
      break;
    case 3:
      if (!result.message.empty()) {
        FlipBit(&result.message, Below(8 * result.message.size()));
      }
      break;
    case 4:
      result.signature = RandomBytes(64);
      break;
    default:
      break;
  }
  return result;
}

Ed25519Forger::Signed Ed25519Forger::SignValidly(const Key& key,
                                                 size_t message_size) {
  for (;;) {
    const Nonce& nonce = nonces_[Below(nonces_.size())];
    const size_t torsion = key.torsion == 0 ? 0 : Below(8);
    const Ed25519Bytes& encoded_r = nonce.encoded[torsion];
    const std::string message = RandomBytes(message_size);
    const Ed25519Bytes k = Challenge(encoded_r, key.encoded, message);
    // R = s B - k A only if the torsion of R + k A vanishes, whose order
    // divides 8.
    if ((torsion + k[0] * key.torsion) % 8 == 0) {
      return {message, Join(encoded_r, MultiplyAdd(k, key.a, nonce.r))};
    }
  }
}

Ed25519Bytes SolveWithBoringSsl(const uint8_t s[32], const uint8_t k[32],
                                const Ed25519Bytes& a) {
  ge_p3 point;
  ge_p3 s_b;
  ge_p2 k_a;
  x25519_ge_frombytes_vartime(&point, a.data());
  x25519_ge_scalarmult(&k_a, k, &point);
  // Through its encoding, for want of a conversion.
  Ed25519Bytes encoded;
  x25519_ge_tobytes(encoded.data(), &k_a);
  x25519_ge_frombytes_vartime(&point, encoded.data());
  x25519_ge_scalarmult_base(&s_b, s);
  ge_cached cached;
  ge_p1p1 difference;
  ge_p2 result;
  x25519_ge_p3_to_cached(&cached, &point);
  x25519_ge_sub(&difference, &s_b, &cached);
  x25519_ge_p1p1_to_p2(&result, &difference);
  x25519_ge_tobytes(encoded.data(), &result);
  return encoded;
}

}  // namespace signet
